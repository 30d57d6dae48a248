# SPDX-License-Identifier: MIT
tui_libtui_a_SOURCES += \
	%D%/game.c \
	%D%/job.c \
	%D%/kinds.h \
	%D%/life.c \
	%D%/match.c \
	%D%/rating.c \
	%D%/row.c %D%/row.h \
	%D%/run.c \
	%D%/score.c \
	%D%/study.c \
	%D%/words.c %D%/words.h \
	%D%/write.c %D%/write.h
