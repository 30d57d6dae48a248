/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_FIDELITY_H
#define CORE_STUDY_FIDELITY_H

#include "core/base/err.h"
#include "core/study/kept_net.h"
#include "core/study/tuning.h"

/*
 * How far a network is from the teacher after as many games: in the positions
 * of games that it plays with itself, KL of the teacher's policy and its own in
 * nats a position, and the share of them in which both have the same likeliest
 * move; as measures "kl" and "agree" at x.  The teacher is its last stage with
 * no more games since the cut than `games`, the first past it at least.
 */
struct fidelity {
	int games; /* of the teacher, since the cut */
	int asked; /* games that the network plays */
	double x;
};
ATTR_NODISCARD enum err_code fidelity_measure(const struct life_study *s,
					      const struct tuning_conf *c,
					      const struct kept_net *net,
					      const struct fidelity *f,
					      struct err *e);

#endif
