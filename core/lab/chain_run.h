/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_CHAIN_RUN_H
#define CORE_LAB_CHAIN_RUN_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "core/lab/lab.h"

/*
 * Rating a run's checkpoints so that neighbours can be told apart: each plays
 * the one before it until the 95% interval of their difference, by the fit of
 * all games of the lab, is narrow enough; and each plays a few games against a
 * fixed panel (random, tactical, rollouts with 30, 100 and 300 simulations),
 * so that runs can be compared.  They play as in training (rate_agent_name()).
 *
 * Matches are kept as any others.  What was played counts when it is asked for
 * again, so it can be stopped at any time.
 */
struct chain_options {
	const char *run;
	double within;   /* Elo to either side; 0: play nothing */
	int panel_games; /* of a checkpoint against each of the panel */
	int most_games;  /* against a neighbour, all in all */
	uint64_t seed;
	int threads;
	const char *command; /* for the job rows */
	const atomic_bool *interrupt;
	/* (optional) Before each match. */
	void (*report)(void *ctx, const char *first, const char *second,
		       int games);
	void *ctx;
};

/* A checkpoint against the one before it. */
struct chain_link {
	int64_t step, before;
	const char *agent, *neighbour; /* specs, in the bag */
	double difference, low, high;  /* NANs: no chain of games links them */
	int64_t games;                 /* against each other, of all time */
};

struct chain {
	struct chain_link *links; /* [count], by step, in the bag */
	size_t count;
	const char *game; /* in the bag */
	int played;       /* games, now */
	struct store_bag bag;
};

/* *out is to be released whatever is returned.  ERR_CANCELLED: stopped; *out
 * says how far it came.  ERR_USAGE: a one-player game, or a run with fewer than
 * two checkpoints. */
ATTR_NODISCARD enum err_code chain_run(struct lab *lab,
				       const struct chain_options *options,
				       struct chain *out, struct err *e);
void chain_release(struct chain *c);

#endif
