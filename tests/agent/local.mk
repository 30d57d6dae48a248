# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_agent
endif
%C%_test_agent_SOURCES = %D%/test_agent.c
%C%_test_agent_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
