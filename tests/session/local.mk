# SPDX-License-Identifier: MIT
# What a person does, driven without a terminal: nothing of tui/ is linked.
SESSION_LIBS = core/libcore.a store/libstore.a $(SQLITE_LIBS) $(CORE_LIBS)
if HAVE_CMOCKA
check_PROGRAMS += \
	%D%/test_accord \
	%D%/test_analysis \
	%D%/test_compare \
	%D%/test_game_pages \
	%D%/test_inspector \
	%D%/test_line \
	%D%/test_match_score \
	%D%/test_opinion \
	%D%/test_overlay \
	%D%/test_play_args \
	%D%/test_review \
	%D%/test_round \
	%D%/test_series \
	%D%/test_sitting \
	%D%/test_smooth \
	%D%/test_standings \
	%D%/test_study_view \
	%D%/test_blame \
	%D%/test_sweep \
	%D%/test_thinker \
	%D%/test_tree
endif
%C%_test_line_SOURCES = %D%/test_line.c
%C%_test_line_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
BELL = %D%/bell.c %D%/bell.h
MADE_TRACE = %D%/made_trace.c %D%/made_trace.h
MADE_LAB = %D%/made_lab.c %D%/made_lab.h
MADE_PAGES = %D%/made_pages.c %D%/made_pages.h
%C%_test_study_view_SOURCES = %D%/test_study_view.c %D%/made_study.c \
	%D%/made_study.h %D%/made_claim.c %D%/made_claim.h $(MADE_LAB)
%C%_test_study_view_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_game_pages_SOURCES = %D%/test_game_pages.c $(MADE_LAB)
%C%_test_game_pages_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_match_score_SOURCES = %D%/test_match_score.c $(MADE_LAB)
%C%_test_match_score_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_opinion_SOURCES = %D%/test_opinion.c $(BELL)
%C%_test_opinion_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_overlay_SOURCES = %D%/test_overlay.c $(MADE_LAB)
%C%_test_overlay_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_accord_SOURCES = %D%/test_accord.c $(MADE_LAB)
%C%_test_accord_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_review_SOURCES = %D%/test_review.c $(BELL) $(MADE_LAB)
%C%_test_review_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_round_SOURCES = %D%/test_round.c $(MADE_LAB)
%C%_test_round_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_series_SOURCES = %D%/test_series.c $(MADE_LAB)
%C%_test_series_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_sitting_SOURCES = %D%/test_sitting.c $(BELL) $(MADE_LAB)
%C%_test_sitting_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_smooth_SOURCES = %D%/test_smooth.c
%C%_test_smooth_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_standings_SOURCES = %D%/test_standings.c $(MADE_LAB)
%C%_test_standings_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_blame_SOURCES = %D%/test_blame.c %D%/liked.h $(MADE_LAB)
%C%_test_blame_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_sweep_SOURCES = %D%/test_sweep.c %D%/liked.h $(MADE_LAB)
%C%_test_sweep_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_thinker_SOURCES = %D%/test_thinker.c $(BELL)
%C%_test_thinker_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_tree_SOURCES = %D%/test_tree.c $(MADE_TRACE)
%C%_test_tree_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_compare_SOURCES = %D%/test_compare.c
%C%_test_compare_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_analysis_SOURCES = %D%/test_analysis.c $(BELL) $(MADE_LAB)
%C%_test_analysis_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_inspector_SOURCES = %D%/test_inspector.c $(MADE_TRACE)
%C%_test_inspector_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
%C%_test_play_args_SOURCES = %D%/test_play_args.c
%C%_test_play_args_LDADD = $(SESSION_LIBS) $(CMOCKA_LIBS)
