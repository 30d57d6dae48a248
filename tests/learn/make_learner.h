/* SPDX-License-Identifier: MIT */
#ifndef TESTS_LEARN_MAKE_LEARNER_H
#define TESTS_LEARN_MAKE_LEARNER_H

#include <stdint.h>

#include "core/game/game.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/net/net.h"

/* A learner of the network that a recipe makes for a game. */
static inline struct learner *
make_learner(const struct game *g, const struct recipe *r, uint64_t seed)
{
	struct net_config net;

	recipe_net(r, g, &net);
	return learner_new(&net, r, seed);
}

#endif
