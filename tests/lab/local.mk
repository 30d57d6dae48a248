# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_again %D%/test_claim %D%/test_evidence %D%/test_game_filter %D%/test_lab \
	%D%/test_root_moves %D%/test_taught %D%/test_studies \
	%D%/test_study_file %D%/test_trust
endif
%C%_test_again_SOURCES = %D%/test_again.c
%C%_test_again_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_claim_SOURCES = %D%/test_claim.c
%C%_test_claim_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_evidence_SOURCES = %D%/test_evidence.c
%C%_test_evidence_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_game_filter_SOURCES = %D%/test_game_filter.c
%C%_test_game_filter_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_root_moves_SOURCES = %D%/test_root_moves.c
%C%_test_root_moves_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_study_file_SOURCES = %D%/test_study_file.c
%C%_test_study_file_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_taught_SOURCES = %D%/test_taught.c
%C%_test_taught_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_studies_SOURCES = %D%/test_studies.c
%C%_test_studies_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_trust_SOURCES = %D%/test_trust.c
%C%_test_trust_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_lab_SOURCES = %D%/test_lab.c
%C%_test_lab_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
# The promises, on the real program: killed, filled up, given the wrong thing.
promises = \
	%D%/test_full.sh \
	%D%/test_refusals.sh \
	%D%/test_shell.sh \
	%D%/test_resume.sh \
	%D%/test_watch.sh \
	%D%/test_study.sh \
	%D%/test_foreign.sh \
	%D%/test_hidden.sh \
	%D%/test_history.sh \
	%D%/test_serial.sh \
	%D%/test_imitate.sh
dist_check_SCRIPTS += $(promises)
TESTS += $(promises)
EXTRA_DIST += %D%/lab.sh
