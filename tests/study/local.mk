# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_answer %D%/test_bayes
check_PROGRAMS += %D%/test_claim
check_PROGRAMS += %D%/test_claim_judge
check_PROGRAMS += %D%/test_claim_still
check_PROGRAMS += %D%/test_claim_study
check_PROGRAMS += %D%/test_custody
check_PROGRAMS += %D%/test_extrapolate
check_PROGRAMS += %D%/test_fair
check_PROGRAMS += %D%/test_family %D%/test_family_study \
	%D%/test_forecast_study
check_PROGRAMS += %D%/test_mix_agent %D%/test_mixture
check_PROGRAMS += %D%/test_offline
check_PROGRAMS += %D%/test_operators
check_PROGRAMS += %D%/test_pacman_study %D%/test_snapshot %D%/test_tabula
check_PROGRAMS += %D%/test_own_outputs %D%/test_horizon %D%/test_bootstrap %D%/test_tax %D%/test_updates
check_PROGRAMS += %D%/test_serial
check_PROGRAMS += %D%/test_study
endif
%C%_test_answer_SOURCES = %D%/test_answer.c
%C%_test_answer_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_bayes_SOURCES = %D%/test_bayes.c %D%/judged.h
%C%_test_bayes_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_claim_judge_SOURCES = %D%/test_claim_judge.c
%C%_test_claim_judge_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_claim_still_SOURCES = %D%/test_claim_still.c
%C%_test_claim_still_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_claim_study_SOURCES = %D%/test_claim_study.c
%C%_test_claim_study_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_claim_SOURCES = %D%/test_claim.c \
	%D%/simulated.c %D%/simulated.h
%C%_test_claim_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_custody_SOURCES = %D%/test_custody.c
%C%_test_custody_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_extrapolate_SOURCES = %D%/test_extrapolate.c
%C%_test_extrapolate_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_fair_SOURCES = %D%/test_fair.c
%C%_test_fair_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_family_SOURCES = %D%/test_family.c
%C%_test_family_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_family_study_SOURCES = %D%/test_family_study.c %D%/near.h %D%/judged.h
%C%_test_family_study_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_forecast_study_SOURCES = %D%/test_forecast_study.c %D%/judged.h
%C%_test_forecast_study_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_mix_agent_SOURCES = %D%/test_mix_agent.c
%C%_test_mix_agent_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_mixture_SOURCES = %D%/test_mixture.c %D%/near.h
%C%_test_mixture_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_offline_SOURCES = %D%/test_offline.c
%C%_test_offline_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_updates_SOURCES = %D%/test_updates.c %D%/planted.h %D%/judged.h
%C%_test_updates_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_tax_SOURCES = %D%/test_tax.c %D%/planted.h %D%/judged.h
%C%_test_tax_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_bootstrap_SOURCES = %D%/test_bootstrap.c %D%/planted.h %D%/judged.h
%C%_test_bootstrap_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_horizon_SOURCES = %D%/test_horizon.c %D%/planted.h %D%/judged.h
%C%_test_horizon_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_own_outputs_SOURCES = %D%/test_own_outputs.c %D%/planted.h %D%/judged.h
%C%_test_own_outputs_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_operators_SOURCES = %D%/test_operators.c
%C%_test_operators_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_pacman_study_SOURCES = %D%/test_pacman_study.c
%C%_test_pacman_study_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_serial_SOURCES = %D%/test_serial.c %D%/judged.h
%C%_test_serial_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_tabula_SOURCES = %D%/test_tabula.c %D%/judged.h
%C%_test_tabula_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_snapshot_SOURCES = %D%/test_snapshot.c
%C%_test_snapshot_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_study_SOURCES = %D%/test_study.c
%C%_test_study_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
# Worlds, learners and the ladder.
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_env %D%/test_source %D%/test_histories %D%/test_rollout %D%/test_ladder
endif
%C%_test_env_SOURCES = %D%/test_env.c %D%/near.h
%C%_test_env_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_source_SOURCES = %D%/test_source.c %D%/near.h
%C%_test_source_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_histories_SOURCES = %D%/test_histories.c %D%/near.h
%C%_test_histories_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_rollout_SOURCES = %D%/test_rollout.c %D%/near.h
%C%_test_rollout_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_ladder_SOURCES = %D%/test_ladder.c %D%/near.h
%C%_test_ladder_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
# Networks that watch lives.
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_claim_watch %D%/test_dream
endif
%C%_test_claim_watch_SOURCES = %D%/test_claim_watch.c
%C%_test_claim_watch_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_dream_SOURCES = %D%/test_dream.c
%C%_test_dream_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
# Models of a learner's stages.
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_claim_views %D%/test_drift %D%/test_staged %D%/test_traj
endif
%C%_test_claim_views_SOURCES = %D%/test_claim_views.c
%C%_test_claim_views_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_drift_SOURCES = %D%/test_drift.c
%C%_test_drift_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_staged_SOURCES = %D%/test_staged.c
%C%_test_staged_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_traj_SOURCES = %D%/test_traj.c
%C%_test_traj_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_tuition
endif
%C%_test_tuition_SOURCES = %D%/test_tuition.c
%C%_test_tuition_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
