# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += \
	%D%/test_chance \
	%D%/test_eval_cache \
	%D%/test_exact \
	%D%/test_fleet \
	%D%/test_gumbel \
	%D%/test_leads \
	%D%/test_mcts \
	%D%/test_solver \
	%D%/test_trace
endif
%C%_test_chance_SOURCES = %D%/test_chance.c %D%/fake.c %D%/fake.h \
	%D%/dice.c %D%/dice.h
%C%_test_chance_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_eval_cache_SOURCES = %D%/test_eval_cache.c
%C%_test_eval_cache_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_exact_SOURCES = %D%/test_exact.c
%C%_test_exact_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_fleet_SOURCES = %D%/test_fleet.c %D%/fake.c %D%/fake.h
%C%_test_fleet_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_leads_SOURCES = %D%/test_leads.c %D%/fake.c %D%/fake.h
%C%_test_leads_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_gumbel_SOURCES = %D%/test_gumbel.c %D%/fake.c %D%/fake.h
%C%_test_gumbel_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_mcts_SOURCES = %D%/test_mcts.c %D%/fake.c %D%/fake.h
%C%_test_mcts_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_solver_SOURCES = %D%/test_solver.c %D%/fake.c %D%/fake.h
%C%_test_solver_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_trace_SOURCES = %D%/test_trace.c %D%/fake.c %D%/fake.h \
	%D%/dice.c %D%/dice.h
%C%_test_trace_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
