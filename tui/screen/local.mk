# SPDX-License-Identifier: MIT
# One screen a line, as in table.c.
tui_libtui_a_SOURCES += \
	%D%/help.c \
	%D%/home.c %D%/home.h %D%/home_draw.c \
	%D%/labelled.c %D%/labelled.h \
	%D%/pages.c \
	%D%/said.c \
	%D%/scorecard.c \
	%D%/screens.h \
	%D%/studies.c \
	%D%/study.c %D%/study.h %D%/study_draw.c \
	%D%/study_chart.c %D%/study_picture.c %D%/study_text.c \
	%D%/sweep.c \
	%D%/table.c \
	%D%/trust.c
tui_libtui_a_SOURCES += \
	%D%/live.c %D%/live.h %D%/live_draw.c \
	%D%/moments.c \
	%D%/movers.c \
	%D%/newgame.c %D%/newgame.h %D%/newgame_agents.c \
	%D%/newgame_fields.c \
	%D%/panes.c %D%/panes.h \
	%D%/play.c %D%/play.h %D%/play_draw.c %D%/play_keys.c \
	%D%/play_move.c %D%/play_text.c \
	%D%/watch.c %D%/watch.h %D%/watch_draw.c
include tui/screen/charts.mk
tui_libtui_a_SOURCES += \
	%D%/compare.c \
	%D%/export.c %D%/export.h \
	%D%/game.c %D%/game.h %D%/game_draw.c %D%/game_load.c \
	%D%/game_notes.c \
	%D%/game_whole.c \
	%D%/games.c \
	%D%/position.c %D%/position.h %D%/position_setup.c \
	%D%/search.c %D%/search.h %D%/search_open.c
