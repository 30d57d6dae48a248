# SPDX-License-Identifier: MIT
core_libcore_a_SOURCES += \
	%D%/answer.c %D%/answer.h \
	%D%/bandit.c \
	%D%/bayes.c %D%/bayes_int.h %D%/bayes_family.c %D%/bayes_judge.c \
	%D%/bayes_offline.c \
	%D%/bench.c %D%/bench.h \
	%D%/chooser.c %D%/chooser.h \
	%D%/claim.c %D%/claim.h %D%/claim_int.h \
	%D%/claim_control.c \
	%D%/claim_extrapolate.c \
	%D%/claim_family.c \
	%D%/claim_filter.c %D%/claim_filter.h \
	%D%/claim_hindcast.c \
	%D%/claim_gates.c \
	%D%/claim_judge.c \
	%D%/claim_table.c %D%/claim_table.h \
	%D%/claim_asked.c \
	%D%/claim_lives.c \
	%D%/claim_offline.c \
	%D%/claim_parts.c \
	%D%/claim_pictures.c \
	%D%/claim_positions.c \
	%D%/claim_probe.c \
	%D%/claim_doubled.c %D%/claim_doubled.h \
	%D%/claim_pooled.c \
	%D%/claim_rules.c \
	%D%/claim_match.c \
	%D%/claim_score.c %D%/claim_score.h \
	%D%/claim_stage.c \
	%D%/claim_strict.c \
	%D%/claim_study.c \
	%D%/claim_teachers.c \
	%D%/claim_tune.c \
	%D%/claim_watch.c \
	%D%/claim_traj.c \
	%D%/claim_views.c %D%/claim_views.h \
	%D%/claim_weights.c \
	%D%/custody.c %D%/custody.h \
	%D%/drift.c %D%/drift.h \
	%D%/extrapolate.c %D%/extrapolate.h \
	%D%/dream.c %D%/dream.h \
	%D%/fair.c \
	%D%/fidelity.c %D%/fidelity.h \
	%D%/family_int.h %D%/family_judge.c %D%/family_study.c \
	%D%/family.c %D%/family.h %D%/family_space.c %D%/family_space.h \
	%D%/figure.c \
	%D%/gained.c %D%/gained.h \
	%D%/bootstrap.c %D%/bootstrap_int.h %D%/bootstrap_judge.c \
	%D%/horizon.c %D%/horizon_int.h %D%/horizon_judge.c \
	%D%/forecast.c %D%/forecast_int.h %D%/forecast_judge.c \
	%D%/kept_net.c %D%/kept_net.h \
	%D%/ledger_tell.c %D%/ledger_tell.h \
	%D%/many_lives.c %D%/many_lives.h \
	%D%/mixture.c %D%/mixture.h \
	%D%/life_study.c %D%/life_study.h \
	%D%/mix_agent.c %D%/mix_agent.h \
	%D%/nowcast.c %D%/nowcast.h \
	%D%/offline.c %D%/offline.h \
	%D%/own_games.c %D%/own_games.h \
	%D%/own_outputs.c %D%/own_outputs_int.h %D%/own_outputs_judge.c \
	%D%/picture.h \
	%D%/plan.c %D%/plan.h %D%/plan_text.c %D%/plan_text.h \
	%D%/result.h \
	%D%/said.c %D%/said.h \
	%D%/serial_judge.c %D%/serial_int.h \
	%D%/serial_study.c \
	%D%/snapshot.c %D%/snapshot_int.h %D%/snapshot_judge.c \
	%D%/snapshot_net.c %D%/snapshot_student.c \
	%D%/staged.c %D%/staged.h \
	%D%/study.h \
	%D%/table.c \
	%D%/operators.c %D%/operators_int.h %D%/operators_judge.c \
	%D%/pacman.c %D%/pacman_int.h %D%/pacman_judge.c %D%/pacman_pictures.c \
	%D%/pacman_orchestra.c %D%/pacman_orchestra.h \
	%D%/pacman_watch.c %D%/pacman_watch.h \
	%D%/tabular.c %D%/tabular.h %D%/tabular_world.c \
	%D%/tabula.c %D%/tabula_int.h %D%/tabula_judge.c \
	%D%/trial.c \
	%D%/traj.c %D%/traj.h %D%/traj_kind.c \
	%D%/tax.c %D%/tax_int.h %D%/tax_judge.c \
	%D%/tuition.c %D%/tuition.h \
	%D%/tuning.c %D%/tuning.h \
	%D%/updates.c %D%/updates_int.h %D%/updates_judge.c \
	%D%/verdict.c %D%/verdict.h \
	%D%/views.c %D%/views.h %D%/views_agent.c %D%/views_agent.h
# Worlds with hidden tasks, and those who learn in them.
core_libcore_a_SOURCES += \
	%D%/env.c %D%/env.h \
	%D%/env_bandit.c %D%/env_bandit.h \
	%D%/env_code.c %D%/env_code.h \
	%D%/env_grid.h \
	%D%/env_keydoor.c \
	%D%/env_regression.c %D%/env_regression.h \
	%D%/env_room.c %D%/env_room.h \
	%D%/env_rules.c %D%/env_rules.h \
	%D%/histories.c %D%/histories.h \
	%D%/ladder.c %D%/ladder.h \
	%D%/ladder_arms.c \
	%D%/ladder_judge.c \
	%D%/ladder_lives.c \
	%D%/ladder_pictures.c \
	%D%/ladder_score.c %D%/ladder_score.h \
	%D%/ladder_train.c \
	%D%/rollout.c %D%/rollout.h \
	%D%/source.c %D%/source.h \
	%D%/source_bandit.c \
	%D%/source_credit.c \
	%D%/source_latch.c \
	%D%/source_q.c \
	%D%/source_room.c \
	%D%/source_sgd.c
# Read from files too.
checked_sources += %D%/record.c
