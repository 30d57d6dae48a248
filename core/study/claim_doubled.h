/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_CLAIM_DOUBLED_H
#define CORE_STUDY_CLAIM_DOUBLED_H

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/study/kept_net.h"

struct claim_run;
struct life;

/*
 * The stages of a learner that learns offline: networks of D_c's kind, each
 * from the first games of a life's self-play, twice as many as the one before,
 * the last from all before the cut.  Their last stage is where the scale
 * begins, and not the snapshot, which is far below.
 */
enum { CLAIM_MOST_DOUBLED = 8 };

/* out[x->c->doubled], zeroed; released by the caller, also after an error. */
ATTR_NODISCARD enum err_code claim_doubled_learn(const struct claim_run *x,
						 const struct life *l,
						 struct kept_net *out,
						 struct err *e);

#endif
