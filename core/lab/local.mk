# SPDX-License-Identifier: MIT
core_libcore_a_SOURCES += \
	%D%/job.c %D%/job.h \
	%D%/lab.c %D%/lab.h \
	%D%/rate_run.c %D%/rate_run.h \
	%D%/run_begin.c %D%/run_begin.h \
	%D%/train.c %D%/train.h
