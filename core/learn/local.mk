# SPDX-License-Identifier: MIT
checked_sources += \
	%D%/adapt.c %D%/adapt.h \
	%D%/course.c %D%/course.h \
	%D%/course_figures.c %D%/course_int.h \
	%D%/dataset.c %D%/dataset.h \
	%D%/history.c %D%/history.h \
	%D%/lanes.c %D%/lanes.h %D%/lanes_data.c %D%/lanes_draw.c \
	%D%/lanes_int.h \
	%D%/learner.c %D%/learner.h \
	%D%/ledger.c %D%/ledger.h \
	%D%/lessons.c %D%/lessons.h \
	%D%/life.c %D%/life.h \
	%D%/life_read.c %D%/life_write.c %D%/life_int.h \
	%D%/lives_data.c %D%/lives_data.h \
	%D%/memory.c %D%/memory.h \
	%D%/method.c %D%/method.h \
	%D%/pg.c %D%/pg.h \
	%D%/recipe.c %D%/recipe.h \
	%D%/replay.c %D%/replay.h \
	%D%/self_play.c %D%/self_play.h \
	%D%/serial.c %D%/serial.h \
	%D%/serial_aim.c %D%/serial_int.h \
	%D%/serial_conf.c \
	%D%/targets.c %D%/targets.h \
	%D%/td.c \
	%D%/teach.c %D%/teach.h
