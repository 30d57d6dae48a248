/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_RECIPE_H
#define CORE_LEARN_RECIPE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/conf.h"
#include "core/game/game.h"
#include "core/net/net.h"
#include "core/net/optim.h"
#include "core/search/mcts.h"

enum { RECIPE_NETWORK = 256, RECIPE_METHOD = 256 };

/*
 * Everything that decides how a run learns, as `key = value`: kept with the
 * run, so that anyone can make it again.  Two runs with equal recipes, games
 * and seeds end in the same weights.
 */
struct recipe {
	/* network: a tower, or as `network` says */
	int filters, blocks, pool_blocks;
	/* self-play */
	int groups; /* of slots; a thread takes a group */
	int slots;  /* games at once in a group: the batch */
	int plies;  /* played by each slot in one iteration */
	int cache;  /* MB for what the network said in an iteration; 0: none */
	int simulations;
	int gumbel_moves;
	float gumbel_visit, gumbel_scale;
	int explore_plies;   /* moves are drawn with Gumbel noise until this ply
			      */
	float opening_share; /* of games that begin with random moves */
	int opening_plies;   /* at most, for those */
	/* targets and replay */
	float cap_lead; /* what the lead is worth where the cap of plies ends a
			   game, [0, 1]; 0: it is a draw */
	float search_share; /* of the search's value in the value target */
	int window_min;     /* positions */
	int window_max;
	float window_share;  /* of all positions so far, between the two */
	int start_positions; /* no training before this many */
	float reuse;         /* times that a position is trained on */
	/* optimiser */
	int optimiser;        /* enum optim_kind */
	int batch, shard;     /* samples a step; samples a shard */
	float rate, rate_end; /* learning rate: first and last */
	int rate_games;       /* games over which it falls, by a cosine */
	int warmup;           /* steps from 0 to `rate` */
	float momentum, beta2, weight_decay, clip;
	float value_weight;
	/* Leave illegal moves out of the policy's loss; else it learns to tell
	 * them from legal ones, too. */
	bool mask_illegal;
	int mask_after; /* steps of self-play that teach it all the same */
	/* of the extra heads, for games that have such targets; 0: no head */
	float ownership_weight, lead_weight;
	float average; /* share of each step in the averaged weights */
	/* checkpoints and rating */
	int checkpoint_first;    /* games at the first checkpoint after 0 */
	float checkpoint_growth; /* each next one at this times the games */
	int checkpoint_bits;     /* of fraction kept of its weights, 4 .. 23 */
	int rate_match_games; /* per opponent and checkpoint; 0 = no rating */
	int rate_simulations; /* in rating games; 0 = raw policy */
	int grade_positions;  /* a checkpoint is graded on; 0 = no grade */
	/* imitation: what a teacher labels */
	int teacher_games;     /* played and labelled by a teacher */
	int teacher_positions; /* that end them sooner; 0: none */
	int teacher_lanes;     /* games at once, on each thread */
	int target;            /* enum teach_target */
	float target_temperature;
	/* Rounds in which the student plays and the teacher labels, each of so
	 * many games as a share of the teacher's; before each of them the
	 * student trains for so many epochs. */
	int dagger_rounds;
	float dagger_share, dagger_epochs;
	/* and how it is learned */
	float epochs;    /* times that each position is trained on, at most */
	int least_steps; /* of the last round, however few positions there are
			  */
	float patience;  /* epochs without a better loss on the games held out,
			    which end it; 0: it never ends early */
	float held_out;  /* share of games kept for measuring */
	/* How it learns from its own play, as method_read() reads it. */
	char method[RECIPE_METHOD];
	/* The network as net_config_parse() reads it, instead of the tower by
	 * the first keys and its heads; "": the tower. */
	char network[RECIPE_NETWORK];
};

extern const struct conf_spec recipe_spec[];

/* The network that a recipe, which has been checked for it, makes for a game.
 */
void recipe_net(const struct recipe *r, const struct game *g,
		struct net_config *out);
/* How often each head's loss counts. */
void recipe_head_weights(const struct recipe *r, float weight[NET_HEADS]);
void recipe_optim(const struct recipe *r, struct optim_config *out);
void recipe_search(const struct recipe *r, uint64_t seed,
		   struct mcts_config *out);

/* Learning rate at a step, after `games` finished games. */
float recipe_rate(const struct recipe *r, uint64_t step, int64_t games);

/* Positions to sample from, after `total` have been played. */
int64_t recipe_window(const struct recipe *r, int64_t total);

/* ERR_USAGE for settings that do not go together, and for a network that is
 * none. */
ATTR_NODISCARD enum err_code recipe_check(const struct recipe *r,
					  struct err *e);
/* ERR_USAGE where its network cannot play `g`. */
ATTR_NODISCARD enum err_code
recipe_check_game(const struct recipe *r, const struct game *g, struct err *e);

#endif
