/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_STAGED_H
#define CORE_STUDY_STAGED_H

#include "core/agent/kind.h"
#include "core/base/err.h"
#include "core/learn/dataset.h"
#include "core/net/net.h"
#include "core/study/views.h"

struct lessons;

/*
 * A model that is told the stage: what is said of a position at stage s, for
 * every s that it was shown, and asked for others, as models that are told a
 * return are asked for more of it (Chen et al. 2021, arXiv:2106.01345).  The
 * stage is one more plane, all s / (stages - 1): 0 .. 1 in what is shown.
 */
ATTR_NODISCARD enum err_code staged_net(const struct game *g,
					const char *network,
					struct net_config *out, struct err *e);
bool staged_fits(const struct net_config *c, const struct game *g);

/* Searched games of learners, each at a stage of its own. */
struct staged_game {
	struct lessons *lessons; /* owned */
	float stage;             /* 0 .. 1 */
};

/* A position and a stage by chance.  What is taught there is what was said, or,
 * in `searched` of the rows, what a learner's search said when it played the
 * position, and how the game ended. */
struct staged_data {
	const struct views *views; /* borrowed */
	int stages;                /* 0 .. stages - 1 are shown, 2 at least */
	float searched;            /* share of rows; 0: none */
	const struct staged_game *games; /* [game_count]; borrowed */
	int game_count;
};
/* Borrows d.  Its items are views alone. */
struct dataset staged_dataset(const struct staged_data *d);

/*
 * "stage:m/0,stage=2,steer=0": the argmax at a stage, in units of the last that
 * was shown.  With `steer` what is said moves on from there, in logits, by so
 * many times what changed since the first stage: along the model's own
 * direction of learning (in the manner of arXiv:2403.15498, which adds such a
 * direction inside a model of games).
 */
extern const struct agent_kind staged_kind;

#endif
