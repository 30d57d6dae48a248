# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_lab
endif
%C%_test_lab_SOURCES = %D%/test_lab.c
%C%_test_lab_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
