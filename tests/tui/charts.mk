# SPDX-License-Identifier: MIT
# Curves and the screens of training history.
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_axis %D%/test_plot %D%/test_spawn \
	%D%/test_history %D%/test_dialogs %D%/test_leaderboard %D%/test_studies %D%/test_pages \
	%D%/test_scorecard
endif
%C%_test_axis_SOURCES = %D%/test_axis.c
%C%_test_axis_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_plot_SOURCES = %D%/test_plot.c $(GOLDEN)
%C%_test_plot_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_spawn_SOURCES = %D%/test_spawn.c
%C%_test_spawn_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
LAB_FIXTURE = %D%/lab_fixture.c %D%/lab_fixture.h $(MADE_LAB)
%C%_test_history_SOURCES = %D%/test_history.c $(GOLDEN) $(LAB_FIXTURE)
%C%_test_history_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_dialogs_SOURCES = %D%/test_dialogs.c $(GOLDEN) $(LAB_FIXTURE)
%C%_test_dialogs_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_leaderboard_SOURCES = %D%/test_leaderboard.c $(GOLDEN) $(LAB_FIXTURE)
%C%_test_leaderboard_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_scorecard_SOURCES = %D%/test_scorecard.c $(GOLDEN) $(LAB_FIXTURE)
%C%_test_scorecard_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_pages_SOURCES = %D%/test_pages.c $(GOLDEN) $(LAB_FIXTURE) \
	$(MADE_PAGES)
%C%_test_pages_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_studies_SOURCES = %D%/test_studies.c $(GOLDEN) $(LAB_FIXTURE) \
	tests/session/made_claim.c tests/session/made_claim.h \
	tests/session/made_study.c tests/session/made_study.h
%C%_test_studies_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)

# Every screen drawn, and its memory watched.
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_draw
endif
%C%_test_draw_SOURCES = %D%/test_draw.c $(MADE_LAB) \
	$(MADE_PAGES) \
	tests/session/made_claim.c tests/session/made_claim.h \
	tests/session/made_study.c tests/session/made_study.h
%C%_test_draw_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_draw_LDFLAGS = -Wl,--wrap=mem_alloc,--wrap=mem_zalloc \
	-Wl,--wrap=mem_realloc,--wrap=mem_strdup,--wrap=mem_floats,--wrap=free
