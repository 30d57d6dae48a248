# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_conv %D%/test_net
endif
%C%_test_conv_SOURCES = %D%/test_conv.c
%C%_test_conv_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_net_SOURCES = %D%/test_net.c
%C%_test_net_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
