# SPDX-License-Identifier: MIT
core_libcore_a_SOURCES += \
	%D%/agent_step.c %D%/agent_step.h \
	%D%/line.c %D%/line.h \
	%D%/metric.c %D%/metric.h \
	%D%/refit.c %D%/refit.h \
	%D%/round.c %D%/round.h \
	%D%/series.c %D%/series.h \
	%D%/smooth.c %D%/smooth.h \
	%D%/standings.c %D%/standings.h %D%/standings_int.h \
	%D%/standings_curves.c \
	%D%/thinker.c %D%/thinker.h \
	%D%/worker.c %D%/worker.h
