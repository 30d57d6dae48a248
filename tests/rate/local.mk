# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_fit
endif
%C%_test_fit_SOURCES = %D%/test_fit.c
%C%_test_fit_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
