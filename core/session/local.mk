# SPDX-License-Identifier: MIT
core_libcore_a_SOURCES += \
	%D%/line.c %D%/line.h \
	%D%/refit.c %D%/refit.h \
	%D%/smooth.c %D%/smooth.h \
	%D%/thinker.c %D%/thinker.h \
	%D%/worker.c %D%/worker.h
