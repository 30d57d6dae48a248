/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_STUDY_KEEP_H
#define CORE_LAB_STUDY_KEEP_H

#include "core/base/err.h"
#include "core/study/result.h"
#include "store/store.h"
#include "store/study.h"
#include "store/trial.h"

/* What the lab keeps of every trial beside what the trial does: by which
 * program it was done (core/lab/program.h). */
#define STUDY_PROGRAM "program"

/* All that a trial made becomes rows, and the trial is done: within the
 * caller's transaction.  A network and games go into the run of their arm
 * (arm->run_id is set), which is made if they are the first. */
ATTR_NODISCARD enum err_code study_lab_keep(struct store *s, const char *study,
					    struct store_arm *arm,
					    struct store_trial *t,
					    const struct study_result *made,
					    struct err *e);

#endif
