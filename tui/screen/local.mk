# SPDX-License-Identifier: MIT
# One screen a line, as in table.c.
tui_libtui_a_SOURCES += \
	%D%/help.c \
	%D%/home.c %D%/home.h %D%/home_draw.c \
	%D%/screens.h \
	%D%/table.c
tui_libtui_a_SOURCES += \
	%D%/newgame.c \
	%D%/play.c %D%/play.h %D%/play_draw.c \
	%D%/play_args.c %D%/play_args.h \
	%D%/watch.c %D%/watch.h %D%/watch_draw.c
include tui/screen/charts.mk
