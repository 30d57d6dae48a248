# SPDX-License-Identifier: MIT
core_libcore_a_SOURCES += \
	%D%/bandit.c \
	%D%/bench.c %D%/bench.h \
	%D%/claim.c %D%/claim.h \
	%D%/figure.c \
	%D%/plan.c %D%/plan.h \
	%D%/result.h \
	%D%/study.h \
	%D%/table.c \
	%D%/trial.c \
	%D%/verdict.c %D%/verdict.h
