# SPDX-License-Identifier: MIT
# Measurements: built on request, never judged.
EXTRA_PROGRAMS += %D%/screen_times
%C%_screen_times_SOURCES = %D%/screen_times.c
%C%_screen_times_LDADD = -lutil
# A script that runs PyTorch beside us.
EXTRA_DIST += %D%/torch_ratio
# A script that says what weights fixed trainings end in.
EXTRA_DIST += %D%/weights
# A script that compares what two builds print.
EXTRA_DIST += %D%/same_output
# How long a fit of ratings takes.
EXTRA_PROGRAMS += %D%/fit_times
%C%_fit_times_SOURCES = %D%/fit_times.c
%C%_fit_times_LDADD = $(CORE_LIBS)
# A lab of two million games, and how long its screens and their keys take.
EXTRA_DIST += %D%/big_lab
EXTRA_PROGRAMS += %D%/lab_times
%C%_lab_times_SOURCES = %D%/lab_times.c
%C%_lab_times_LDADD = $(TUI_LIBS)
# How often simulated studies end in a wrong verdict.
EXTRA_PROGRAMS += %D%/study_errors
%C%_study_errors_SOURCES = %D%/study_errors.c \
	tests/study/simulated.c tests/study/simulated.h
%C%_study_errors_LDADD = $(CORE_LIBS)
