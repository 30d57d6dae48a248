/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/adapt.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/learn/learner.h"
#include "core/net/head.h"

/* The step from which the sample of a probe is drawn: no step's own. */
static const uint64_t APART = 1 << 30;

struct objective {
	struct ledger *ledger; /* owned */
	int64_t steps;
};

struct adapt {
	struct learner *learner; /* owned */
	struct objective of[ADAPT_OBJECTIVES];
	int count;
	int shard; /* rows of a probe */
	int last;  /* whose step was the last */
};

/* A part that is named as a head is one. */
static bool is_body(const void *ctx, const char *part)
{
	size_t n = strcspn(part, " ");

	(void)ctx;
	for (int h = 0; h < NET_HEADS; h++)
		if (!strncmp(net_heads[h]->name, part, n) &&
		    !net_heads[h]->name[n])
			return false;
	return true;
}

struct adapt *adapt_new(const struct adapt_config *c)
{
	struct adapt *a = mem_zalloc(1, sizeof(*a));

	assert(c->objectives >= 1 && c->objectives <= ADAPT_OBJECTIVES);
	a->learner = learner_new(c->net, c->recipe, c->seed);
	learner_begin_with(a->learner, c->from);
	if (c->heads_alone)
		learner_freeze(a->learner, is_body, NULL);
	a->count = c->objectives;
	a->shard = c->recipe->shard;
	for (int i = 0; i < a->count; i++)
		a->of[i].ledger = ledger_new(c->net, c->from);
	return a;
}

void adapt_free(struct adapt *a)
{
	if (!a)
		return;
	for (int i = 0; i < a->count; i++)
		ledger_free(a->of[i].ledger);
	learner_free(a->learner);
	free(a);
}

const struct net_config *adapt_net(const struct adapt *a)
{
	return learner_net(a->learner);
}

const float *adapt_weights(const struct adapt *a)
{
	return learner_average(a->learner);
}

int64_t adapt_steps(const struct adapt *a, int objective)
{
	assert(objective >= 0 && objective < a->count);
	return a->of[objective].steps;
}

const struct ledger *adapt_ledger(const struct adapt *a, int objective)
{
	assert(objective >= 0 && objective < a->count);
	return a->of[objective].ledger;
}

void adapt_probe(struct adapt *a, int objective, const struct dataset *data)
{
	struct dataset_chance chance = {1, learner_step_number(a->learner),
					APART};
	struct dataset_room room;

	assert(objective >= 0 && objective < a->count);
	dataset_room_init(&room, learner_net(a->learner), a->shard);
	data->draw(data->self, dataset_held(data), &chance, &room);
	ledger_probe(a->of[objective].ledger, adapt_weights(a), &room.batch,
		     NULL);
	dataset_room_release(&room);
}

/* A step is a move of its objective's ledger, and of no other. */
static void step(struct adapt *a, int objective, const struct dataset *data,
		 float rate, struct pool *pool)
{
	if (a->last != objective)
		ledger_look(a->of[objective].ledger, adapt_weights(a));
	learner_step(a->learner, data, dataset_held(data), rate, pool);
	a->of[objective].steps++;
	a->last = objective;
	ledger_moved(a->of[objective].ledger, adapt_weights(a));
}

void adapt_learn(struct adapt *a, int objective, const struct dataset *data,
		 int steps, float rate, struct pool *pool)
{
	for (int i = 0; i < steps; i++)
		step(a, objective, data, rate, pool);
}

/* Who is furthest behind its share takes the next step; of several the first.
 */
static int next_of(const struct adapt_part *parts, int count, const int *taken,
		   int step)
{
	double all = 0, most = -1;
	int next = 0;

	for (int i = 0; i < count; i++)
		all += parts[i].share;
	assert(all > 0);
	for (int i = 0; i < count; i++) {
		double behind =
			(step + 1) * parts[i].share / all - (double)taken[i];

		if (parts[i].share > 0 && behind > most) {
			most = behind;
			next = i;
		}
	}
	return next;
}

void adapt_intersperse(struct adapt *a, const struct adapt_part *parts,
		       int steps, float rate, struct pool *pool)
{
	int taken[ADAPT_OBJECTIVES] = {0};

	for (int i = 0; i < steps; i++) {
		int next = next_of(parts, a->count, taken, i);

		taken[next]++;
		step(a, next, parts[next].data, rate, pool);
	}
}

void adapt_save(const struct adapt *a, struct buf *out)
{
	buf_u8(out, (uint8_t)a->count);
	buf_u8(out, (uint8_t)a->last);
	learner_save(a->learner, out);
	for (int i = 0; i < a->count; i++) {
		buf_u64(out, (uint64_t)a->of[i].steps);
		ledger_save(a->of[i].ledger, out);
	}
}

enum err_code adapt_load(struct adapt *a, struct reader *r, struct err *e)
{
	enum err_code rc;

	if (reader_u8(r) != a->count)
		return err_set(e, ERR_FORMAT,
			       "what adapted has other objectives");
	a->last = reader_u8(r);
	rc = learner_load(a->learner, r, e);
	for (int i = 0; i < a->count && !rc; i++) {
		a->of[i].steps = (int64_t)reader_u64(r);
		rc = ledger_load(a->of[i].ledger, r, e);
	}
	return rc;
}
