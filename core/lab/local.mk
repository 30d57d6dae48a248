# SPDX-License-Identifier: MIT
core_libcore_a_SOURCES += \
	%D%/imitate.c %D%/imitate.h \
	%D%/export.c %D%/export.h \
	%D%/import.c %D%/import.h \
	%D%/teach.c %D%/teach.h \
	%D%/game_filter.c %D%/game_filter.h \
	%D%/grade_run.c %D%/grade_run.h \
	%D%/job.c %D%/job.h \
	%D%/keep.c %D%/keep.h \
	%D%/lab.c %D%/lab.h \
	%D%/match_run.c %D%/match_run.h \
	%D%/rate_lab.c %D%/rate_lab.h \
	%D%/rate_run.c %D%/rate_run.h \
	%D%/root_moves.c %D%/root_moves.h \
	%D%/source.c %D%/source.h \
	%D%/run_begin.c %D%/run_begin.h \
	%D%/train.c %D%/train.h
