# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += \
	%D%/test_import \
	%D%/test_pgn \
	%D%/test_records \
	%D%/test_sgf
endif
# Random games as PGN: what test_import reads; also by hand, for measurements.
noinst_PROGRAMS += %D%/make_pgn
%C%_make_pgn_SOURCES = %D%/make_pgn.c
%C%_make_pgn_LDADD = $(CORE_LIBS)
%C%_test_import_SOURCES = %D%/test_import.c tests/store/lab.c tests/store/lab.h
%C%_test_import_LDADD = $(STORE_LIBS) $(CMOCKA_LIBS) -lm
%C%_test_pgn_SOURCES = %D%/test_pgn.c %D%/records.c %D%/records.h
%C%_test_pgn_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_records_SOURCES = %D%/test_records.c %D%/records.c %D%/records.h
%C%_test_records_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_sgf_SOURCES = %D%/test_sgf.c %D%/records.c %D%/records.h
%C%_test_sgf_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
