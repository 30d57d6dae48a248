/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/solver_line.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/game/drop_lines.h"

enum {
	MOST_PLACES = 32, /* columns, or cells where nothing falls */
	/* An entry keeps the bits of its key that its place does not say. */
	LEAST_INDEX_BITS = 16,
	USUAL_INDEX_BITS = 23,
	/* With this many empty cells it pays to ask the table about all replies
	 * first (Plaat et al. 1996, enhanced transposition cut-offs). */
	PROBE_CHILDREN_LEFT = 12,
	NODES_BETWEEN_BREAKS = 1 << 12,
};

struct line_solver {
	struct line_shape shape;
	int cells, h1;               /* h1: bits a column */
	uint64_t board, bottom;      /* all cells; the lowest of each column */
	uint64_t column;             /* the first column */
	uint64_t odd, even;          /* rows; none where the height is odd */
	uint64_t place[MOST_PLACES]; /* where a move goes, the middle first */
	int place_count;
	uint64_t *table; /* owned; [1 << index_bits]; TAG, upper, lower */
	int index_bits, most_bits;
	unsigned long long nodes, stop_at, before; /* before: forgotten */
	const atomic_bool *cancel;
	bool stopped;
};

/* Where one piece more makes a line along `step`, on cells that may be taken.
 * before[i]: cells that follow `i` pieces. */
static inline uint64_t completes(uint64_t mine, int step, int line)
{
	uint64_t before[16], after = ~0ULL, out = 0;

	before[0] = ~0ULL;
	for (int i = 1; i < line; i++)
		before[i] = (before[i - 1] & mine) << step;
	for (int i = line - 1; i >= 0; i--) {
		/* NOLINTNEXTLINE(clang-analyzer-core.*): line is at most 16 */
		out |= before[i] & after;
		after = (after & mine) >> step;
	}
	return out;
}

/* The same of four, where nothing stands above. */
static inline uint64_t completes_4(uint64_t mine, int step)
{
	uint64_t pair = (mine << step) & (mine << 2 * step), out;

	out = pair & (mine << 3 * step);
	out |= pair & (mine >> step);
	pair = (mine >> step) & (mine >> 2 * step);
	return out | (pair & (mine << step)) | (pair & (mine >> 3 * step));
}

static inline uint64_t completes_along(uint64_t mine, int step, int line,
				       bool falls)
{
	if (line != 4 || !falls)
		return completes(mine, step, line);
	if (step == 1)
		return (mine << 1) & (mine << 2) & (mine << 3);
	return completes_4(mine, step);
}

/* The same in all directions of `dirs`.  Where pieces fall, the cells above are
 * empty.  Written out, so that constant directions cost nothing. */
static inline uint64_t winning(uint64_t mine, int h1, int line, int dirs,
			       bool falls)
{
	uint64_t out = 0;

	if (dirs & DROP_UP)
		out |= completes_along(mine, 1, line, falls);
	if (dirs & DROP_FALLING)
		out |= completes_along(mine, h1 - 1, line, falls);
	if (dirs & DROP_ALONG)
		out |= completes_along(mine, h1, line, falls);
	if (dirs & DROP_RISING)
		out |= completes_along(mine, h1 + 1, line, falls);
	return out;
}

static inline bool has_line_along(uint64_t stones, int step, int line)
{
	uint64_t at = stones;

	if (line == 4) {
		at &= at >> step;
		return at & at >> 2 * step;
	}
	for (int k = 1; k < line; k++)
		at = (at >> step) & stones;
	return at;
}

static inline bool has_line(uint64_t stones, int h1, int line, int dirs)
{
	return ((dirs & DROP_UP) && has_line_along(stones, 1, line)) ||
	       ((dirs & DROP_ALONG) && has_line_along(stones, h1, line)) ||
	       ((dirs & DROP_FALLING) &&
		has_line_along(stones, h1 - 1, line)) ||
	       ((dirs & DROP_RISING) && has_line_along(stones, h1 + 1, line));
}

/*
 * What the player to move can get at most, on boards of even height where
 * pieces fall, by what the opponent can do without thinking.  Rows are counted
 * from 1; a column is odd if it holds an odd number of pieces.
 *
 * With an even number of pieces on the board, the opponent answers in the same
 * column, or, if that was an odd one, in another odd one, of which there is an
 * even number.  So the player gets odd rows and the lowest cells of odd columns
 * (`contested`) and nothing else (claimeven, Allis 1988, section 6.2.1).
 *
 * With an odd number on it, the opponent can do the same but for one odd
 * column, where he answers above: good for him where he has a line to complete
 * there on an odd row, since in the end the player must play below it.
 */
static inline int most_against_pairs(const struct line_solver *s, uint64_t mine,
				     uint64_t all, uint64_t their_wins,
				     int plies, int most, int h1, int line,
				     int dirs)
{
	uint64_t next = (all + s->bottom) & s->board, empty = s->board & ~all;
	uint64_t contested = next & s->even;

	if (plies % 2 == 0) {
		if (has_line(mine | (empty & s->odd) | contested, h1, line,
			     dirs))
			return most;
		if (most > 0)
			most = 0;
		if (most == 0 &&
		    has_line((mine ^ all) | (empty & s->even & ~contested), h1,
			     line, dirs))
			most = -1;
		return most;
	}
	for (uint64_t low = contested; low; low &= low - 1) {
		uint64_t below = low & -low, column, wins, win;
		int above;

		column = s->column << (__builtin_ctzll(below) / h1 * h1);
		wins = their_wins & s->odd & column;
		if (!wins)
			continue;
		win = wins & -wins;
		if (has_line(mine | ((empty & s->odd) & ~column) |
				     (contested & ~column) |
				     (empty & s->even & column & (win - 1)),
			     h1, line, dirs))
			continue;
		above = __builtin_popcountll(column & ~(win | (win - 1)));
		if (most > -(above / 2 + 1))
			most = -(above / 2 + 1);
	}
	return most;
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

/* A table four times as large, with what is in this one: the upper bits of a
 * key are its place, the lower ones its tag. */
static void grow(struct line_solver *s)
{
	int old_bits = s->index_bits;
	uint64_t *old = s->table;

	s->index_bits += s->most_bits - old_bits < 2 ? 1 : 2;
	s->table = mem_zalloc((size_t)1 << s->index_bits, sizeof(*s->table));
	for (uint64_t i = 0; i < 1ULL << old_bits; i++) {
		uint64_t h = i << (64 - old_bits) |
			     (old[i] & ~0xffffULL) >> old_bits;

		if (old[i])
			s->table[h >> (64 - s->index_bits)] =
				h << s->index_bits | (old[i] & 0xffff);
	}
	free(old);
}

/* Every few thousand nodes. */
static bool take_a_break(struct line_solver *s)
{
	if (s->nodes >= s->stop_at ||
	    (s->cancel &&
	     atomic_load_explicit(s->cancel, memory_order_relaxed)))
		s->stopped = true;
	if (s->index_bits < s->most_bits && s->nodes >> s->index_bits)
		grow(s);
	return s->stopped;
}

/* Few bits are set in what is counted, and not every processor counts. */
static inline int count_bits(uint64_t bits)
{
	int n = 0;

	for (; bits; bits &= bits - 1)
		n++;
	return n;
}

/* Bounds of a position, as far as they are known. */
static inline void look_up(const struct line_solver *s, uint64_t entry,
			   uint64_t tag, int *lower, int *upper)
{
	int low = (int)(entry & 0xff), high = (int)(entry >> 8 & 0xff);
	int none = s->cells / 2 + 1;

	if ((entry ^ tag) >> 16)
		return;
	if (low && low - none > *lower)
		*lower = low - none;
	if (high && high - none < *upper)
		*upper = high - none;
}

static inline void keep_lower(const struct line_solver *s, uint64_t *entry,
			      uint64_t tag, int score)
{
	uint64_t upper = (*entry ^ tag) >> 16 ? 0 : *entry & 0xff00;

	*entry = tag | upper | (uint64_t)kept(s, score);
}

static inline void keep_upper(const struct line_solver *s, uint64_t *entry,
			      uint64_t tag, int score)
{
	uint64_t lower = (*entry ^ tag) >> 16 ? 0 : *entry & 0xff;

	*entry = tag | (uint64_t)kept(s, score) << 8 | lower;
}

/* Moves in the order in which they are tried. */
struct line_moves {
	uint64_t at[MOST_PLACES];
	int rank[MOST_PLACES], count;
};

static inline void add_move(struct line_moves *list, uint64_t move, int rank)
{
	int at = list->count++;

	for (; at && list->rank[at - 1] < rank; at--) {
		list->at[at] = list->at[at - 1];
		list->rank[at] = list->rank[at - 1];
	}
	list->at[at] = move;
	list->rank[at] = rank;
}

/*
 * List the moves out of `possible` by the threats they make.  True: after one
 * of them no reply keeps the player from winning at the next turn.
 */
static inline bool list_moves(const struct line_solver *s, uint64_t mine,
			      uint64_t all, uint64_t possible, int h1, int line,
			      int dirs, bool falls, struct line_moves *list)
{
	list->count = 0;
	for (int i = 0; i < s->place_count; i++) {
		uint64_t move = possible & s->place[i], after = all | move;
		uint64_t wins, next, now;

		if (!move)
			continue;
		wins = winning(mine | move, h1, line, dirs, falls) & s->board &
		       ~after;
		next = (falls ? after + s->bottom : ~after) & s->board;
		now = wins & next;
		next = now ? now : next;
		if (falls)
			next &= ~(wins >> 1);
		if ((now & (now - 1)) || !next)
			return true;
		add_move(list, move, count_bits(wins));
	}
	return false;
}

typedef int (*search_fn)(struct line_solver *s, uint64_t mine, uint64_t all,
			 int left, int alpha, int beta);

/* Fail-hard; the player to move has no win at once, and `left` cells are empty.
 * `again` is the function itself with h1, line, dirs and falls constant, or
 * not. */
static inline __attribute__((always_inline)) int
search(struct line_solver *s, uint64_t mine, uint64_t all, int left, int alpha,
       int beta, int h1, int line, int dirs, bool falls, search_fn again)
{
	uint64_t possible, forced, theirs = mine ^ all, their_wins, key, tag;
	uint64_t *entry;
	int worst = -((left - 2) / 2), best = (left - 1) / 2;
	struct line_moves list;

	if (++s->nodes % NODES_BETWEEN_BREAKS == 0 && take_a_break(s))
		return 0;
	key = falls ? mine + all : mine | all << 32;
	entry = entry_of(s, key, &tag);
	__builtin_prefetch(entry);
	possible = falls ? (all + s->bottom) & s->board : s->board & ~all;
	their_wins = winning(theirs, h1, line, dirs, falls) & s->board & ~all;
	forced = possible & their_wins;
	if (forced & (forced - 1))
		return -(left / 2);
	if (forced)
		possible = forced;
	if (falls)
		possible &= ~(their_wins >> 1);
	if (!possible)
		return -(left / 2);
	if (left <= 2)
		return 0;
	if (alpha < worst)
		alpha = worst;
	if (beta > best)
		beta = best;
	if (alpha >= beta)
		return alpha;
	if (list_moves(s, mine, all, possible, h1, line, dirs, falls, &list))
		return beta;
	best = (left - 3) / 2;
	if (falls && s->odd)
		best = most_against_pairs(s, mine, all, their_wins,
					  s->cells - left, best, h1, line,
					  dirs);
	look_up(s, *entry, tag, &alpha, &best);
	if (beta > best)
		beta = best;
	if (alpha >= beta)
		return beta;
	if (left > PROBE_CHILDREN_LEFT) {
		for (int i = 0; i < list.count; i++) {
			int worst_reply = -s->cells, reply = -beta + 1;
			uint64_t *child, child_tag, after = all | list.at[i];

			child = entry_of(s,
					 falls ? theirs + after
					       : theirs | after << 32,
					 &child_tag);
			look_up(s, *child, child_tag, &worst_reply, &reply);
			if (reply <= -beta) {
				keep_lower(s, entry, tag, beta);
				return beta;
			}
		}
	}
	for (int i = 0; i < list.count; i++) {
		int score = -again(s, theirs, all | list.at[i], left - 1, -beta,
				   -alpha);

		if (s->stopped)
			return 0;
		if (score >= beta) {
			entry = entry_of(s, key, &tag); /* it may have grown */
			keep_lower(s, entry, tag, score);
			return score;
		}
		if (score > alpha)
			alpha = score;
	}
	entry = entry_of(s, key, &tag);
	keep_upper(s, entry, tag, alpha);
	return alpha;
}

static int search_4_on_6(struct line_solver *s, uint64_t mine, uint64_t all,
			 int left, int alpha, int beta)
{
	return search(s, mine, all, left, alpha, beta, 7, 4, DROP_ALL, true,
		      search_4_on_6);
}

static int search_falling(struct line_solver *s, uint64_t mine, uint64_t all,
			  int left, int alpha, int beta)
{
	return search(s, mine, all, left, alpha, beta, s->h1, s->shape.line,
		      DROP_ALL, true, search_falling);
}

static int search_some_ways(struct line_solver *s, uint64_t mine, uint64_t all,
			    int left, int alpha, int beta)
{
	return search(s, mine, all, left, alpha, beta, s->h1, s->shape.line,
		      s->shape.dirs, true, search_some_ways);
}

static int search_free(struct line_solver *s, uint64_t mine, uint64_t all,
		       int left, int alpha, int beta)
{
	return search(s, mine, all, left, alpha, beta, s->h1, s->shape.line,
		      DROP_ALL, false, search_free);
}

static search_fn choose_search(const struct line_solver *s)
{
	if (!s->shape.falls)
		return search_free;
	if (s->shape.dirs != DROP_ALL)
		return search_some_ways;
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
	assert(shape->falls || !shape->dirs);
	s->shape = *shape;
	if (!s->shape.dirs)
		s->shape.dirs = DROP_ALL;
	s->stop_at = ULLONG_MAX;
	s->cells = shape->rows * shape->cols;
	s->h1 = shape->rows + 1;
	for (int col = 0; col < shape->cols; col++)
		s->bottom |= 1ULL << (col * s->h1);
	s->board = s->bottom * ((1ULL << shape->rows) - 1);
	s->column = (1ULL << shape->rows) - 1;
	if (shape->falls && shape->rows % 2 == 0) {
		for (int row = 0; row < shape->rows; row += 2)
			s->odd |= s->bottom << row;
		s->even = s->odd << 1;
	}
	order_places(s);
	s->index_bits = LEAST_INDEX_BITS;
	s->most_bits = memory ? LEAST_INDEX_BITS : USUAL_INDEX_BITS;
	while (memory && s->most_bits < 40 &&
	       (size_t)16 << s->most_bits <= memory)
		s->most_bits++;
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

static bool wins_at_once(const struct line_solver *s, uint64_t mine,
			 uint64_t possible)
{
	return winning(mine, s->h1, s->shape.line, s->shape.dirs,
		       s->shape.falls) &
	       possible;
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
	if (wins_at_once(s, mine, possible)) {
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
		got = again(s, mine, all, left, middle, middle + 1);
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

bool line_solver_at_least(struct line_solver *s, uint64_t mine, uint64_t all,
			  int bound, const atomic_bool *cancel, bool *yes)
{
	int left = s->cells - __builtin_popcountll(all);
	uint64_t possible =
		s->shape.falls ? (all + s->bottom) & s->board : s->board & ~all;
	int best = (left - 1) / 2, got;

	assert(left);
	if (wins_at_once(s, mine, possible))
		best = (left + 1) / 2;
	/* What needs no search; else there is no immediate win. */
	if (bound <= -(left / 2) || bound > best || best > (left - 1) / 2) {
		*yes = bound <= best;
		return true;
	}
	s->cancel = cancel;
	s->stopped = false;
	got = choose_search(s)(s, mine, all, left, bound - 1, bound);
	if (s->stopped)
		return false;
	*yes = got >= bound;
	return true;
}

void line_solver_limit(struct line_solver *s, unsigned long long nodes)
{
	free(s->table);
	s->index_bits = LEAST_INDEX_BITS;
	s->table = mem_zalloc((size_t)1 << s->index_bits, sizeof(*s->table));
	s->before += s->nodes;
	s->nodes = 0;
	s->stop_at = nodes;
}

unsigned long long line_solver_nodes(const struct line_solver *s)
{
	return s->before + s->nodes;
}
