# SPDX-License-Identifier: MIT
# The program at a terminal of the test's own.
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_rescue
if HAVE_VTERM
check_PROGRAMS += %D%/test_terminal
endif
endif
%C%_test_rescue_SOURCES = %D%/test_rescue.c
%C%_test_rescue_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_terminal_SOURCES = %D%/test_terminal.c %D%/vt.c %D%/vt.h
%C%_test_terminal_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
%C%_test_terminal_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS) $(VTERM_LIBS)
dist_check_SCRIPTS += %D%/test_script.sh %D%/test_tmux.sh
TESTS += %D%/test_script.sh %D%/test_tmux.sh
