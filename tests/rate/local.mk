# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_duel %D%/test_estimate %D%/test_fit \
	%D%/test_forecast %D%/test_grade %D%/test_judge %D%/test_life %D%/test_pool %D%/test_regret %D%/test_sprt \
	%D%/test_tally
endif
%C%_test_duel_SOURCES = %D%/test_duel.c \
	tests/agent/one_network.c tests/agent/one_network.h
%C%_test_duel_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_estimate_SOURCES = %D%/test_estimate.c
%C%_test_estimate_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_fit_SOURCES = %D%/test_fit.c
%C%_test_fit_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_forecast_SOURCES = %D%/test_forecast.c
%C%_test_forecast_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_life_SOURCES = %D%/test_life.c \
	tests/agent/one_network.c tests/agent/one_network.h
%C%_test_life_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_pool_SOURCES = %D%/test_pool.c
%C%_test_pool_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_regret_SOURCES = %D%/test_regret.c
%C%_test_regret_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_sprt_SOURCES = %D%/test_sprt.c
%C%_test_sprt_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_tally_SOURCES = %D%/test_tally.c
%C%_test_tally_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_grade_SOURCES = %D%/test_grade.c \
	tests/agent/one_network.c tests/agent/one_network.h
%C%_test_grade_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_judge_SOURCES = %D%/test_judge.c
%C%_test_judge_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
dist_check_SCRIPTS += %D%/test_grading.sh
TESTS += %D%/test_grading.sh
dist_check_SCRIPTS += %D%/test_rate.sh
TESTS += %D%/test_rate.sh
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_outlook %D%/test_ridge
endif
%C%_test_outlook_SOURCES = %D%/test_outlook.c
%C%_test_outlook_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_ridge_SOURCES = %D%/test_ridge.c
%C%_test_ridge_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
