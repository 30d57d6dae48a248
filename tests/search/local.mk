# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_mcts
endif
%C%_test_mcts_SOURCES = %D%/test_mcts.c %D%/fake.c %D%/fake.h
%C%_test_mcts_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
