/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/drop_rules.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/study/claim_int.h"
#include "core/study/study.h"

/*
 * "A too-restricted data set": learners at many games instead of one.  The
 * games are drop games on the study's board with other lines that win, told by
 * nothing that a network sees; so that of what is common to all of them, how a
 * learner learns is more and the game itself less.
 */

enum err_code claim_rules_of(const struct claim_run *x, struct claim_rule **out,
			     struct err *e)
{
	int n = x->c->rules;
	struct drop_rules_ask ask = DROP_RULES_ASK_DEFAULT;
	struct game *games = mem_zalloc((size_t)n, sizeof(*games));
	struct claim_rule *rules = mem_zalloc((size_t)n, sizeof(*rules));
	enum err_code rc;

	ask.seed = CLAIM_OTHER;
	rc = drop_rules_sample(x->g, &ask, n, games, e);
	for (int i = 0; i < n && !rc; i++) {
		struct claim_rule *r = &rules[i];

		r->game = games[i];
		r->conf = *x->c;
		/* A set has one game. */
		snprintf(r->conf.lives, sizeof(r->conf.lives), "%.48s-rule%d",
			 x->c->lives, i + 1);
		r->run = *x;
		r->run.c = &r->conf;
		r->run.g = &r->game;
	}
	free(games);
	*out = rules;
	return rc;
}

/* As they are wanted by claim_make_lives(). */
static enum err_code make(const struct claim_run *x, struct claim_rule *rules,
			  struct err *e)
{
	int n = x->c->rules;
	struct claim_run *runs = mem_zalloc((size_t)n, sizeof(*runs));
	uint64_t *seeds = mem_zalloc((size_t)n, sizeof(*seeds));
	enum err_code rc;

	for (int i = 0; i < n; i++) {
		runs[i] = rules[i].run;
		seeds[i] = CLAIM_RULES + (uint64_t)i;
	}
	rc = claim_make_lives(runs, 1, seeds, n, LIFE_BEFORE, e);
	if (!rc)
		rc = claim_make_lives(runs, 1, seeds, n, LIFE_AFTER, e);
	free(runs);
	free(seeds);
	return rc;
}

enum err_code claim_rules(const struct claim_run *x, struct err *e)
{
	struct claim_rule *rules;
	enum err_code rc = claim_rules_of(x, &rules, e);

	if (!rc)
		rc = make(x, rules, e);
	for (int i = 0; i < x->c->rules && !rc; i++) {
		struct life *l;

		rc = claim_life(&rules[i].run, CLAIM_RULES + (uint64_t)i, true,
				&l, e);
		if (rc)
			break;
		study_chain(x->r, "life of %s: %s, past its cut %s",
			    rules[i].game.name, life_hash(l, LIFE_BEFORE),
			    life_hash(l, LIFE_AFTER));
		life_free(l);
	}
	if (!rc)
		study_measure(x->r, "lives", 0, x->c->rules, (double)NAN,
			      (double)NAN, 0);
	free(rules);
	return rc;
}
