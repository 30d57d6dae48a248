/* SPDX-License-Identifier: MIT */
/* What lanes played last, as a data set. */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/learn/dataset.h"
#include "core/learn/lanes_int.h"
#include "core/learn/method.h"
#include "core/net/batch.h"
#include "core/net/head.h"

static int64_t held(const void *self)
{
	const struct lanes *l = self;

	return l->played ? (int64_t)l->recipe.groups * l->recipe.slots *
				   l->recipe.plies
			 : 0;
}

static int one_row(const void *self, int64_t item)
{
	(void)self;
	(void)item;
	return 1;
}

/* The move that was chosen, or a whole policy, over the legal moves. */
static void fill_policy(const struct lanes *l, int64_t item, const void *state,
			float *out)
{
	const struct game *g = l->game;
	size_t moves = (size_t)g->move_count;
	const float *policy = l->policy + (size_t)item * moves;
	game_move *legal = mem_alloc(moves * sizeof(*legal));
	int n = g->rules->legal(g, state, legal);

	for (size_t i = 0; i < moves; i++)
		out[i] = NET_LEFT_OUT;
	for (int i = 0; i < n; i++)
		out[legal[i]] =
			l->method.kind == METHOD_TD ? policy[legal[i]] : 0;
	if (l->method.kind != METHOD_TD)
		out[l->steps[item].chosen.move] = 1;
	free(legal);
}

static void read_item(const struct lanes *l, int64_t item,
		      struct dataset_room *out)
{
	const void *state = l->states + (size_t)item * l->game->state_size;
	int s = out->batch.sequences;
	struct net_row row =
		net_rows_at(&out->rows, dataset_room_add(out, 1, -1));

	if (out->item)
		out->item[s] = item;
	l->game->rules->encode(l->game, state, row.x);
	for (int h = 0; h < NET_HEADS; h++)
		if (row.weight[h])
			*row.weight[h] = h == NET_POLICY || h == NET_VALUE;
	fill_policy(l, item, state, row.target[NET_POLICY]);
	memcpy(row.target[NET_VALUE], l->steps[item].target,
	       sizeof(l->steps[item].target));
}

/* The first rows of the room are demonstrations: what they say of values is
 * not what is learned here. */
static void draw_demonstrations(const struct lanes *l,
				const struct dataset_chance *chance,
				struct dataset_room *out)
{
	struct dataset_room part = *out;
	float share = l->method.replay;

	if (!l->has_demonstrations || share <= 0)
		return;
	part.rows.max_rows = (int)((float)out->rows.max_rows * share);
	if (part.rows.max_rows < 1)
		return;
	l->demonstrations.draw(l->demonstrations.self,
			       dataset_held(&l->demonstrations), chance, &part);
	out->batch.sequences = part.batch.sequences;
	for (int s = 0; s < out->batch.sequences; s++)
		out->item[s] = -1;
	for (int i = 0; i < net_batch_rows(&out->batch); i++)
		*net_rows_at(&out->rows, i).weight[NET_VALUE] = 0;
}

static void draw(const void *self, int64_t window,
		 const struct dataset_chance *chance, struct dataset_room *out)
{
	const struct lanes *l = self;
	int64_t n = held(l);

	assert(window > 0 && n > 0);
	(void)window;
	draw_demonstrations(l, chance, out);
	for (uint64_t i = 0; dataset_room_left(out); i++) {
		struct rng rng;

		rng_init(&rng, chance->seed, RNG_BATCH, chance->step,
			 chance->first + i);
		read_item(l, (int64_t)rng_below(&rng, (uint32_t)n), out);
	}
}

static void get(const void *self, int64_t item, struct dataset_room *out)
{
	read_item(self, item, out);
}

static void policy_loss(const void *self, int64_t item,
			const struct net_head_row *r)
{
	const struct lanes *l = self;
	const float *anchor =
		l->anchor
			? l->policy + (size_t)item * (size_t)l->game->move_count
			: NULL;

	if (item < 0)
		net_heads[NET_POLICY]->loss(r);
	else
		pg_loss(&l->method, &l->steps[item].chosen, anchor, r);
}

struct dataset lanes_dataset(const struct lanes *l)
{
	bool actor = l->method.kind == METHOD_ACTOR;

	return (struct dataset){
		.held = held,
		.rows = one_row,
		.draw = draw,
		.get = get,
		.policy_loss = actor ? policy_loss : NULL,
		.steady = actor && l->method.steady,
		.self = l,
	};
}
