# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_study
endif
%C%_test_study_SOURCES = %D%/test_study.c
%C%_test_study_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
