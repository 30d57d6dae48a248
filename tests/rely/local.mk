# SPDX-License-Identifier: MIT
# Attacks on lab files: a few of them in `make check`, hours of them by
# tests/rely/run.
EXTRA_DIST += %D%/run %D%/faults.c %D%/test_rely.sh %D%/test_backup.sh
check_DATA = %D%/faults.so
CLEANFILES += %D%/faults.so
TESTS += %D%/test_rely.sh %D%/test_backup.sh
%D%/faults.so: %D%/faults.c
	$(AM_V_CCLD)$(MKDIR_P) %D% && \
	$(CC) -I. -D_GNU_SOURCE -O2 -g -shared -fPIC -o $@ $(srcdir)/%D%/faults.c -ldl
