/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/solver_line.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

enum {
	MOST_PLACES = 32, /* columns, or cells where nothing falls */
	/* An entry keeps the bits of its key that its place does not say. */
	LEAST_INDEX_BITS = 16,
	USUAL_INDEX_BITS = 23,
	NODES_BETWEEN_LOOKS = 1 << 12, /* at `cancel` */
};

struct line_solver {
	struct line_shape shape;
	int cells, h1;               /* h1: bits a column */
	uint64_t board, bottom;      /* all cells; the lowest of each column */
	uint64_t place[MOST_PLACES]; /* where a move goes, the middle first */
	int place_count;
	uint64_t *table; /* owned; [1 << index_bits]; TAG, upper, lower */
	int index_bits;
	unsigned long long nodes;
	const atomic_bool *cancel;
	bool stopped;
};

/*
 * The empty cells of a board whose every line but one cell is `mine`, and that
 * need not be playable.  before: cells after 0, 1, ... stones along `step`.
 */
static inline uint64_t completes(uint64_t mine, int step, int line)
{
	uint64_t before[9], after = ~0ULL, out = 0;

	before[0] = ~0ULL;
	for (int i = 1; i < line; i++)
		before[i] = (before[i - 1] & mine) << step;
	for (int i = line - 1; i >= 0; i--) {
		out |= before[i] & after;
		after = (after & mine) >> step;
	}
	return out;
}

static inline uint64_t winning(uint64_t mine, int h1, int line)
{
	uint64_t out = (mine << 1) & (mine << 2) & (mine << 3);

	if (line != 4) {
		out = completes(mine, 1, line);
		return out | completes(mine, h1, line) |
		       completes(mine, h1 - 1, line) |
		       completes(mine, h1 + 1, line);
	}
	for (int step = h1 - 1; step <= h1 + 1; step++) {
		uint64_t pair = (mine << step) & (mine << 2 * step);

		out |= pair & (mine << 3 * step);
		out |= pair & (mine >> step);
		pair = (mine >> step) & (mine >> 2 * step);
		out |= pair & (mine << step);
		out |= pair & (mine >> 3 * step);
	}
	return out;
}

/* Multiplying by an odd number loses nothing: the upper bits choose the entry,
 * the lower ones are its tag. */
static inline uint64_t *entry_of(struct line_solver *s, uint64_t key,
				 uint64_t *tag)
{
	uint64_t h = key * 0x9e3779b97f4a7c15ULL;

	*tag = h << s->index_bits;
	return &s->table[h >> (64 - s->index_bits)];
}

/* Bounds as kept: 1 more than the distance from the worst score; 0: none. */
static inline int kept(const struct line_solver *s, int score)
{
	return score + s->cells / 2 + 1;
}

static bool look_at_cancel(struct line_solver *s)
{
	if (s->nodes % NODES_BETWEEN_LOOKS == 0 && s->cancel &&
	    atomic_load_explicit(s->cancel, memory_order_relaxed))
		s->stopped = true;
	return s->stopped;
}

typedef int (*search_fn)(struct line_solver *s, uint64_t mine, uint64_t all,
			 int alpha, int beta);

/* Fail-hard; the player to move has no win at once.  `again` is the function
 * itself with h1, line and falls constant, or not. */
static inline __attribute__((always_inline)) int
search(struct line_solver *s, uint64_t mine, uint64_t all, int alpha, int beta,
       int h1, int line, bool falls, search_fn again)
{
	uint64_t possible, forced, theirs = mine ^ all, their_wins, key, tag;
	uint64_t *entry, moves[MOST_PLACES];
	int plies = __builtin_popcountll(all), left = s->cells - plies;
	int worst, best, count = 0, rank[MOST_PLACES];

	s->nodes++;
	if (look_at_cancel(s))
		return 0;
	possible = falls ? (all + s->bottom) & s->board : s->board & ~all;
	their_wins = winning(theirs, h1, line) & s->board & ~all;
	forced = possible & their_wins;
	if (forced) {
		if (forced & (forced - 1))
			return -(left / 2);
		possible = forced;
	}
	if (falls)
		possible &= ~(their_wins >> 1);
	if (!possible)
		return -(left / 2);
	if (left <= 2)
		return 0;
	worst = -((left - 2) / 2);
	if (alpha < worst) {
		alpha = worst;
		if (alpha >= beta)
			return alpha;
	}
	best = (left - 1) / 2;
	key = falls ? mine + all : mine | all << 32;
	entry = entry_of(s, key, &tag);
	if (((*entry ^ tag) >> 16) == 0 && *entry) {
		int upper = (int)(*entry >> 8 & 0xff);
		int lower = (int)(*entry & 0xff);

		if (upper && upper - s->cells / 2 - 1 < best)
			best = upper - s->cells / 2 - 1;
		if (lower && lower - s->cells / 2 - 1 > alpha) {
			alpha = lower - s->cells / 2 - 1;
			if (alpha >= beta)
				return alpha;
		}
	}
	if (beta > best) {
		beta = best;
		if (alpha >= beta)
			return beta;
	}
	for (int i = 0; i < s->place_count; i++) {
		uint64_t move = possible & s->place[i];
		int r, at;

		if (!move)
			continue;
		r = __builtin_popcountll(winning(mine | move, h1, line) &
					 s->board & ~all);
		for (at = count++; at && rank[at - 1] < r; at--) {
			moves[at] = moves[at - 1];
			rank[at] = rank[at - 1];
		}
		moves[at] = move;
		rank[at] = r;
	}
	for (int i = 0; i < count; i++) {
		int score = -again(s, theirs, all | moves[i], -beta, -alpha);

		if (s->stopped)
			return 0;
		if (score >= beta) {
			uint64_t upper = ((*entry ^ tag) >> 16) == 0
						 ? *entry & 0xff00
						 : 0;

			*entry = (tag & ~0xffffULL) | upper |
				 (uint64_t)kept(s, score);
			return score;
		}
		if (score > alpha)
			alpha = score;
	}
	*entry = (tag & ~0xffffULL) | (uint64_t)kept(s, alpha) << 8 |
		 (((*entry ^ tag) >> 16) == 0 ? *entry & 0xff : 0);
	return alpha;
}

static int search_4_on_6(struct line_solver *s, uint64_t mine, uint64_t all,
			 int alpha, int beta)
{
	return search(s, mine, all, alpha, beta, 7, 4, true, search_4_on_6);
}

static int search_falling(struct line_solver *s, uint64_t mine, uint64_t all,
			  int alpha, int beta)
{
	return search(s, mine, all, alpha, beta, s->h1, s->shape.line, true,
		      search_falling);
}

static int search_free(struct line_solver *s, uint64_t mine, uint64_t all,
		       int alpha, int beta)
{
	return search(s, mine, all, alpha, beta, s->h1, s->shape.line, false,
		      search_free);
}

static search_fn choose_search(const struct line_solver *s)
{
	if (!s->shape.falls)
		return search_free;
	return s->h1 == 7 && s->shape.line == 4 ? search_4_on_6
						: search_falling;
}

/* Columns, or cells, from the middle outwards. */
static void order_places(struct line_solver *s)
{
	int rows = s->shape.falls ? 1 : s->shape.rows, cols = s->shape.cols;
	uint64_t piece = s->shape.falls ? (1ULL << s->shape.rows) - 1 : 1;

	for (int far = 0; far <= rows + cols; far++)
		for (int col = 0; col < cols; col++)
			for (int row = 0; row < rows; row++)
				if (abs(2 * col - cols + 1) +
					    abs(2 * row - rows + 1) ==
				    far)
					s->place[s->place_count++] =
						piece << (col * s->h1 + row);
}

struct line_solver *line_solver_new(const struct line_shape *shape,
				    size_t memory)
{
	struct line_solver *s = mem_zalloc(1, sizeof(*s));

	assert((shape->rows + 1) * shape->cols <= (shape->falls ? 64 : 32));
	s->shape = *shape;
	s->cells = shape->rows * shape->cols;
	s->h1 = shape->rows + 1;
	for (int col = 0; col < shape->cols; col++)
		s->bottom |= 1ULL << (col * s->h1);
	s->board = s->bottom * ((1ULL << shape->rows) - 1);
	order_places(s);
	s->index_bits = LEAST_INDEX_BITS;
	while (memory ? (size_t)16 << s->index_bits <= memory
		      : s->index_bits < USUAL_INDEX_BITS)
		s->index_bits++;
	s->table = mem_zalloc((size_t)1 << s->index_bits, sizeof(*s->table));
	return s;
}

void line_solver_free(struct line_solver *s)
{
	if (!s)
		return;
	free(s->table);
	free(s);
}

bool line_solver_score(struct line_solver *s, uint64_t mine, uint64_t all,
		       const atomic_bool *cancel, int *score)
{
	search_fn again = choose_search(s);
	int left = s->cells - __builtin_popcountll(all);
	uint64_t possible =
		s->shape.falls ? (all + s->bottom) & s->board : s->board & ~all;
	int low = -(left / 2), high = (left + 1) / 2;

	assert(left);
	if (winning(mine, s->h1, s->shape.line) & possible) {
		*score = high;
		return true;
	}
	s->cancel = cancel;
	s->stopped = false;
	high = (left - 1) / 2;
	while (low < high) {
		int middle = low + (high - low) / 2, got;

		/* Draws and near them first: they are likelier. */
		if (middle <= 0 && low / 2 < middle)
			middle = low / 2;
		else if (middle >= 0 && high / 2 > middle)
			middle = high / 2;
		got = again(s, mine, all, middle, middle + 1);
		if (s->stopped)
			return false;
		if (got <= middle)
			high = got;
		else
			low = got;
	}
	*score = low;
	return true;
}

unsigned long long line_solver_nodes(const struct line_solver *s)
{
	return s->nodes;
}
