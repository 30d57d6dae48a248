/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/othello_state.h"
#include "core/search/solver_int.h"

/*
 * The end of Othello, by principal variation search: moves that leave the
 * opponent the fewest first, corners before them, and a table of bounds.  All
 * of it on 4x4; elsewhere it is for the last dozen or so empty cells.
 */
enum {
	USUAL_INDEX_BITS = 18,
	QUICK_EMPTY = 12,
	/* With fewer empty cells order and table cost more than they save. */
	ORDER_EMPTY = 5,
	NODES_BETWEEN_LOOKS = 1 << 12,
	MOST_MOVES = 64,
	MOST_DISCS = 64,
};

struct othello_entry {
	uint64_t mine, theirs;
	int32_t lower, upper;
};

struct othello_solver {
	uint64_t cells, corners;
	bool to_winner;              /* the cells that are empty at the end */
	struct othello_entry *table; /* owned; [1 << index_bits] */
	int index_bits;
	unsigned long long nodes, stop_at, before; /* before: forgotten */
	const atomic_bool *cancel;
	bool stopped;
};

static int count(uint64_t discs)
{
	return __builtin_popcountll(discs);
}

/* Moves, the likeliest best first. */
struct othello_moves {
	uint64_t mine[MOST_MOVES], theirs[MOST_MOVES]; /* after each */
	int rank[MOST_MOVES], count;
};

static void list_moves(const struct othello_solver *s, uint64_t mine,
		       uint64_t theirs, uint64_t moves, bool ordered,
		       struct othello_moves *list)
{
	list->count = 0;
	for (; moves; moves &= moves - 1) {
		uint64_t at = moves & -moves;
		uint64_t turn =
			othello_turned(mine, theirs, __builtin_ctzll(moves));
		uint64_t after = mine | turn | at, left = theirs & ~turn;
		int i = list->count++, rank = 0;

		if (ordered)
			rank = (at & s->corners ? MOST_MOVES : 0) -
			       count(othello_placements(left, after, s->cells));
		for (; i && list->rank[i - 1] < rank; i--) {
			list->mine[i] = list->mine[i - 1];
			list->theirs[i] = list->theirs[i - 1];
			list->rank[i] = list->rank[i - 1];
		}
		list->mine[i] = after;
		list->theirs[i] = left;
		list->rank[i] = rank;
	}
}

static struct othello_entry *entry_of(struct othello_solver *s, uint64_t mine,
				      uint64_t theirs)
{
	return &s->table[rng_mix(mine, theirs) >> (64 - s->index_bits)];
}

/* Narrow the window by what is known; true: it is closed, and *alpha says the
 * score. */
static bool look_up(const struct othello_entry *e, uint64_t mine,
		    uint64_t theirs, int *alpha, int *beta)
{
	if (e->mine != mine || e->theirs != theirs)
		return false;
	if (e->lower >= *beta || e->lower == e->upper) {
		*alpha = e->lower;
		return true;
	}
	if (e->upper <= *alpha) {
		*alpha = e->upper;
		return true;
	}
	if (e->lower > *alpha)
		*alpha = e->lower;
	if (e->upper < *beta)
		*beta = e->upper;
	return false;
}

static void keep(struct othello_entry *e, uint64_t mine, uint64_t theirs,
		 int alpha, int beta, int score)
{
	if (e->mine != mine || e->theirs != theirs)
		*e = (struct othello_entry){mine, theirs, -MOST_DISCS,
					    MOST_DISCS};
	if (score > alpha && score > e->lower)
		e->lower = score;
	if (score < beta && score < e->upper)
		e->upper = score;
}

static bool look_at_cancel(struct othello_solver *s)
{
	if (++s->nodes % NODES_BETWEEN_LOOKS)
		return s->stopped;
	if (s->nodes >= s->stop_at ||
	    (s->cancel &&
	     atomic_load_explicit(s->cancel, memory_order_relaxed)))
		s->stopped = true;
	return s->stopped;
}

/* Fail-soft; goes no deeper than there are empty cells and passes. */
static int search(struct othello_solver *s, uint64_t mine, uint64_t theirs,
		  int alpha, int beta)
{
	uint64_t moves = othello_placements(mine, theirs, s->cells);
	int best = -MOST_DISCS - 1, from, to;
	struct othello_entry *entry = NULL;
	struct othello_moves list;
	bool ordered;

	if (look_at_cancel(s))
		return 0;
	if (!moves) {
		if (!othello_placements(theirs, mine, s->cells))
			return othello_margin(
				count(mine), count(theirs),
				count(s->cells & ~(mine | theirs)),
				s->to_winner);
		return -search(s, theirs, mine, -beta, -alpha);
	}
	ordered = count(s->cells & ~(mine | theirs)) >= ORDER_EMPTY;
	if (ordered) {
		entry = entry_of(s, mine, theirs);
		if (look_up(entry, mine, theirs, &alpha, &beta))
			return alpha;
	}
	from = alpha;
	to = beta;
	list_moves(s, mine, theirs, moves, ordered, &list);
	for (int i = 0; i < list.count && best < to; i++) {
		int score = from;

		if (i)
			score = -search(s, list.theirs[i], list.mine[i],
					-from - 1, -from);
		if (!i || (score > from && score < to))
			score = -search(s, list.theirs[i], list.mine[i], -to,
					-from);
		if (s->stopped)
			return 0;
		if (score > best)
			best = score;
		if (score > from)
			from = score;
	}
	if (entry)
		keep(entry, mine, theirs, alpha, beta, best);
	return best;
}

static bool othello_knows(const struct game *g)
{
	(void)g;
	return true;
}

static bool othello_is_quick(const struct game *g, const void *state)
{
	const struct othello_state *s = state;

	return count(othello_board(g->cols) & ~(s->discs[0] | s->discs[1])) <=
	       QUICK_EMPTY;
}

static void *othello_open(const struct game *g, size_t memory)
{
	struct othello_solver *s = mem_zalloc(1, sizeof(*s));
	int last = g->cols - 1;

	s->stop_at = ULLONG_MAX;
	s->cells = othello_board(g->cols);
	s->to_winner = !g->param[OTHELLO_EMPTIES];
	s->corners = 1ULL | 1ULL << last | 1ULL << 8 * last | 1ULL << 9 * last;
	s->index_bits = memory ? 10 : USUAL_INDEX_BITS;
	while (memory && s->index_bits < 40 &&
	       2 * sizeof(*s->table) << s->index_bits <= memory)
		s->index_bits++;
	s->table = mem_zalloc((size_t)1 << s->index_bits, sizeof(*s->table));
	return s;
}

static void othello_close(void *self)
{
	struct othello_solver *s = self;

	free(s->table);
	free(s);
}

static void othello_limit(void *self, unsigned long long nodes)
{
	struct othello_solver *s = self;

	memset(s->table, 0, sizeof(*s->table) << s->index_bits);
	s->before += s->nodes;
	s->nodes = 0;
	s->stop_at = nodes;
}

static bool search_state(struct othello_solver *s,
			 const struct othello_state *at, int alpha, int beta,
			 const atomic_bool *cancel, int *got)
{
	s->cancel = cancel;
	s->stopped = false;
	*got = search(s, at->discs[at->to_move], at->discs[1 - at->to_move],
		      alpha, beta);
	return !s->stopped;
}

static bool othello_score(void *self, const struct game *g, const void *state,
			  const atomic_bool *cancel, int *score)
{
	int got;

	(void)g;
	if (!search_state(self, state, -MOST_DISCS, MOST_DISCS, cancel, &got))
		return false;
	*score = got;
	return true;
}

static bool othello_at_least(void *self, const struct game *g,
			     const void *state, int bound,
			     const atomic_bool *cancel, bool *yes)
{
	int got;

	(void)g;
	if (!search_state(self, state, bound - 1, bound, cancel, &got))
		return false;
	*yes = got >= bound;
	return true;
}

static int othello_ended(const struct game *g, const void *state, int player)
{
	return othello_final(g, state, player);
}

static unsigned long long othello_nodes(const void *self)
{
	const struct othello_solver *s = self;

	return s->before + s->nodes;
}

const struct solver_kind solver_kind_othello = {
	.family = "othello",
	.knows = othello_knows,
	.is_quick = othello_is_quick,
	.open = othello_open,
	.close = othello_close,
	.limit = othello_limit,
	.score = othello_score,
	.at_least = othello_at_least,
	.ended = othello_ended,
	.nodes = othello_nodes,
};
