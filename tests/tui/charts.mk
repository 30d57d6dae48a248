# SPDX-License-Identifier: MIT
# Curves and the screens of training history.
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_smooth
endif
%C%_test_smooth_SOURCES = %D%/test_smooth.c
%C%_test_smooth_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
