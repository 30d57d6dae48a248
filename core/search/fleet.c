/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/fleet.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/search/eval_cache.h"

/* A search that waits for the answer in a row of the batch. */
struct waiting {
	int search, row;
};

struct fleet {
	const struct game *g; /* borrowed */
	size_t inputs;        /* of one position */
	int max_rows;
	float *x, *policy, *wdl;  /* owned; [max_rows] rows */
	struct eval_cache *cache; /* owned; NULL: nothing is kept */
	bool full;                /* an answer found no room in it */
	int64_t *asked; /* owned; [max_rows]: each row's number in the cache or
			 * -1 */
	float *logits;  /* owned; [move_count]: of an answer in the cache */
	struct waiting *waiting; /* owned; [search_cap] */
	bool *over;              /* owned; [search_cap] */
	int search_cap;
	int rows, waiting_count; /* of the batch at hand */
	struct fleet_figures figures;
};

/* The call at hand. */
struct run {
	struct fleet *f;
	const struct evaluator *ev;
	struct mcts *const *searches;
	int max_rows;
	const struct fleet_calls *calls;
};

struct fleet *fleet_new(const struct game *g, int max_rows, size_t cache_bytes)
{
	struct fleet *f = mem_zalloc(1, sizeof(*f));
	size_t rows = (size_t)max_rows, moves = (size_t)g->move_count;

	assert(max_rows >= 1);
	f->g = g;
	f->inputs = (size_t)g->planes * (size_t)g->rows * (size_t)g->cols;
	f->max_rows = max_rows;
	f->x = mem_floats(rows * f->inputs);
	f->policy = mem_floats(rows * moves);
	f->wdl = mem_floats(rows * 3);
	f->cache = cache_bytes ? eval_cache_new(cache_bytes) : NULL;
	f->asked = mem_zalloc(rows, sizeof(*f->asked));
	f->logits = mem_floats(moves);
	return f;
}

void fleet_free(struct fleet *f)
{
	if (!f)
		return;
	free(f->x);
	free(f->policy);
	free(f->wdl);
	eval_cache_free(f->cache);
	free(f->asked);
	free(f->logits);
	free(f->waiting);
	free(f->over);
	free(f);
}

void fleet_forget(struct fleet *f)
{
	if (f->cache)
		eval_cache_clear(f->cache);
	f->full = false;
}

/* A row for the position that stands encoded there; `number` in the cache, -1:
 * it is not kept. */
static int add_row(struct fleet *f, int64_t number)
{
	f->full |= number < 0;
	f->asked[f->rows] = number;
	return f->rows++;
}

/* The row of the batch at hand that will answer `leaf`; -1: *known is the
 * answer. */
static int ask(struct fleet *f, struct mcts *search, const void *leaf,
	       struct eval_answer *known)
{
	float *x = f->x + (size_t)f->rows * f->inputs;
	const game_move *legal;
	struct eval_key key;
	int count;

	f->g->rules->encode(f->g, leaf, x);
	f->figures.leaves++;
	if (!f->cache)
		return add_row(f, -1);
	legal = mcts_leaf_moves(search, &count);
	key = eval_cache_key(x, f->inputs, legal, count);
	if (eval_cache_find(f->cache, key, known))
		return known->row;
	return add_row(f, eval_cache_add(f->cache, key, f->rows, legal, count));
}

/* Search `i` comes to a leaf; returns false where it has to wait for the
 * batch. */
static bool answer(struct fleet *f, struct mcts *search, int i,
		   const void *leaf)
{
	struct eval_answer known;
	int row = ask(f, search, leaf, &known);

	if (row >= 0) {
		f->waiting[f->waiting_count++] = (struct waiting){i, row};
		return false;
	}
	for (int k = 0; k < known.count; k++)
		f->logits[known.move[k]] = known.logit[k];
	mcts_scatter(search, 1, f->logits, known.wdl);
	return true;
}

/* Search until the evaluator is needed or the search is over for good. */
static void advance(struct run *r, int i)
{
	struct fleet *f = r->f;

	while (!f->over[i]) {
		const void *leaf;
		enum mcts_stop stop;

		if (!mcts_gather(r->searches[i], 1, &leaf, &stop))
			f->over[i] = !r->calls->ended(r->calls->ctx, i, stop);
		else if (!answer(f, r->searches[i], i, leaf))
			return;
	}
}

/* Ask the evaluator, and tell every search that waits; returns false where the
 * run ends here. */
static bool evaluate(struct run *r)
{
	struct fleet *f = r->f;
	size_t moves = (size_t)f->g->move_count;
	double before = clock_thread_seconds();

	r->ev->evaluate_encoded(r->ev->self, f->g, f->rows, f->x, f->policy,
				f->wdl);
	f->figures.seconds += clock_thread_seconds() - before;
	f->figures.rows += f->rows;
	f->figures.batches++;
	for (int i = 0; i < f->rows; i++)
		if (f->asked[i] >= 0)
			eval_cache_fill(f->cache, f->asked[i],
					f->policy + (size_t)i * moves,
					f->wdl + (size_t)i * 3);
	for (int i = 0; i < f->waiting_count; i++) {
		size_t row = (size_t)f->waiting[i].row;

		mcts_scatter(r->searches[f->waiting[i].search], 1,
			     f->policy + row * moves, f->wdl + row * 3);
	}
	f->rows = f->waiting_count = 0;
	return !r->calls->goes_on || r->calls->goes_on(r->calls->ctx);
}

static void make_room(struct fleet *f, int count)
{
	size_t n = (size_t)count;

	if (f->search_cap < count) {
		f->search_cap = count;
		f->waiting = mem_realloc(f->waiting, n * sizeof(*f->waiting));
		f->over = mem_realloc(f->over, n * sizeof(*f->over));
	}
	for (int i = 0; i < count; i++)
		f->over[i] = false;
}

enum mcts_stop fleet_run(struct fleet *f, const struct evaluator *ev,
			 struct mcts *const *searches, int count,
			 const struct fleet_calls *calls)
{
	struct run r = {
		.f = f,
		.ev = ev,
		.searches = searches,
		.max_rows = f->max_rows < ev->max_batch ? f->max_rows
							: ev->max_batch,
		.calls = calls,
	};
	bool any;

	assert(!f->rows && !f->waiting_count);
	if (f->full)
		fleet_forget(f);
	make_room(f, count);
	do {
		any = false;
		for (int i = 0; i < count; i++) {
			advance(&r, i);
			any |= f->rows > 0;
			if (f->rows == r.max_rows && !evaluate(&r))
				return MCTS_CANCELLED;
		}
		if (f->rows && !evaluate(&r))
			return MCTS_CANCELLED;
	} while (any);
	return MCTS_DONE;
}

void fleet_take_figures(struct fleet *f, struct fleet_figures *out)
{
	*out = f->figures;
	memset(&f->figures, 0, sizeof(f->figures));
}
