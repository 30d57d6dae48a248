/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/go_board.h"

#include <assert.h>
#include <string.h>

/*
 * A stone's Zobrist key: SplitMix64's finisher over its point and colour, so
 * that there is no table to fill.  A placement is refused as a repetition when
 * its 64-bit hash was seen.  A game of n plies on c cells asks at most n * c
 * times about at most n positions: 19x19 with 1083 plies is wrong somewhere
 * with a probability below 1083 * 361 * 1083 / 2^64, 3 in 10^11 games.
 */
static inline uint64_t stone_key(int p, int colour)
{
	uint64_t z = (uint64_t)(p * 4 + colour) * 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static inline uint64_t *words(struct go_state *s)
{
	return (uint64_t *)s;
}

static inline const uint64_t *words_of(const struct go_state *s)
{
	return (const uint64_t *)s;
}

/* Four bits a position keep most questions away from the list. */
static size_t filter_bits(int plies)
{
	size_t bits = 64;

	while (bits < (size_t)plies * 4)
		bits *= 2;
	return bits;
}

static size_t filter_offset(int size)
{
	size_t at = sizeof(struct go_state) +
		    (size_t)go_points(size) * sizeof(struct go_point) +
		    (size_t)(size * size) * sizeof(uint16_t);

	return (at + 7) / 8;
}

static size_t past_offset(int size, int plies)
{
	return filter_offset(size) + filter_bits(plies) / 64;
}

size_t go_state_size(int size, int plies)
{
	return (past_offset(size, plies) + (size_t)plies + 1 + GO_BANS_MAX) * 8;
}

static inline bool was_seen(const struct go_state *s, uint64_t hash)
{
	const uint64_t *past = words_of(s) + s->past_at;
	uint64_t bit = hash & s->filter_mask;

	if (!(words_of(s)[s->filter_at + (bit >> 6)] >> (bit & 63) & 1))
		return false;
	for (int i = s->past_count; i-- > 0;)
		if (past[i] == hash)
			return true;
	return false;
}

static inline void see(struct go_state *s, uint64_t hash)
{
	uint64_t bit = hash & s->filter_mask;

	words(s)[s->filter_at + (bit >> 6)] |= 1ULL << (bit & 63);
	words(s)[s->past_at + s->past_count++] = hash;
}

static inline void neighbours(const struct go_state *s, int p, int out[4])
{
	out[0] = p - s->width;
	out[1] = p - 1;
	out[2] = p + 1;
	out[3] = p + s->width;
}

/* Of the four neighbours: how many are stones of this chain. */
static inline int touches(const struct go_state *s, const int n[4], int colour,
			  int head)
{
	int sum = 0;

	for (int i = 0; i < 4; i++)
		sum += s->point[n[i]].what == colour &&
		       s->point[n[i]].head == head;
	return sum;
}

bool go_breathes(const struct go_state *s, int p)
{
	int me = go_stone_to_move(s), n[4];

	neighbours(s, p, n);
	for (int i = 0; i < 4; i++)
		if (s->point[n[i]].what == GO_EMPTY)
			return true;
	/* Now every neighbour's last liberties are here, or it has others. */
	for (int i = 0; i < 4; i++) {
		const struct go_point *q = &s->point[n[i]];
		bool last;

		if (q->what == GO_EDGE)
			continue;
		last = s->point[q->head].libs ==
		       touches(s, n, q->what, q->head);
		if (last != (q->what == me))
			return true;
	}
	return false;
}

/* The hash after a placement that breathes. */
static uint64_t hash_after(const struct go_state *s, int p)
{
	int me = go_stone_to_move(s), other = 3 - me, n[4];
	uint64_t hash = s->position ^ stone_key(p, me);

	neighbours(s, p, n);
	for (int i = 0; i < 4; i++) {
		int q, head = s->point[n[i]].head;
		bool again = false;

		if (s->point[n[i]].what != other)
			continue;
		for (int k = 0; k < i; k++)
			again |= s->point[n[k]].what == other &&
				 s->point[n[k]].head == head;
		if (again || s->point[head].libs != touches(s, n, other, head))
			continue;
		q = head;
		do {
			hash ^= stone_key(q, other);
			q = s->point[q].next;
		} while (q != head);
	}
	return hash;
}

bool go_again(const struct go_state *s, int p)
{
	return s->point[p].taken & go_stone_to_move(s) &&
	       was_seen(s, hash_after(s, p));
}

bool go_allowed(const struct go_state *s, int p)
{
	return go_breathes(s, p) && !go_again(s, p);
}

void go_ban(struct go_state *s, int p)
{
	assert(s->ban_count < GO_BANS_MAX && go_allowed(s, p));
	s->ban_count++;
	s->point[p].taken |= (uint8_t)go_stone_to_move(s);
	see(s, hash_after(s, p));
}

static inline void drop_empty(struct go_state *s, int p)
{
	uint16_t *empty = go_empties(s);
	uint16_t last = empty[--s->empty_count];

	empty[s->point[p].head] = last;
	s->point[last].head = s->point[p].head;
}

static inline void add_empty(struct go_state *s, int p)
{
	s->point[p].head = s->empty_count;
	go_empties(s)[s->empty_count++] = (uint16_t)p;
}

/* Put chain b into chain a, which may be told from each other. */
static void join(struct go_state *s, int a, int b)
{
	uint16_t next = s->point[a].next;
	int q = b;

	do {
		s->point[q].head = (uint16_t)a;
		q = s->point[q].next;
	} while (q != b);
	s->point[a].next = s->point[b].next;
	s->point[b].next = next;
	s->point[a].libs = (uint16_t)(s->point[a].libs + s->point[b].libs);
}

static void take(struct go_state *s, int head)
{
	int colour = s->point[head].what, other = 3 - colour, q = head;

	do {
		struct go_point *at = &s->point[q];
		int here = q, n[4];

		q = at->next;
		neighbours(s, here, n);
		for (int i = 0; i < 4; i++)
			if (s->point[n[i]].what == other)
				s->point[s->point[n[i]].head].libs++;
		s->position ^= stone_key(here, colour);
		at->what = GO_EMPTY;
		at->taken |= (uint8_t)colour;
		add_empty(s, here);
		s->taken[colour - 1]++;
	} while (q != head);
}

/* A stone on an empty point; chains and pseudo-liberties follow. */
static void put(struct go_state *s, int p, int me)
{
	int head = p, libs = 0, n[4];

	drop_empty(s, p);
	neighbours(s, p, n);
	for (int i = 0; i < 4; i++) {
		const struct go_point *q = &s->point[n[i]];

		if (q->what == GO_EMPTY)
			libs++;
		else if (q->what != GO_EDGE)
			s->point[q->head].libs--;
	}
	s->point[p].what = (uint8_t)me;
	s->point[p].head = s->point[p].next = (uint16_t)p;
	s->point[p].libs = (uint16_t)libs;
	s->position ^= stone_key(p, me);
	for (int i = 0; i < 4; i++) {
		int other = s->point[n[i]].head;

		if (s->point[n[i]].what != me || other == head)
			continue;
		/* The new stone alone is the cheaper one to rename. */
		if (head == p) {
			join(s, other, p);
			head = other;
		} else {
			join(s, head, other);
		}
	}
}

static void note_move(struct go_state *s, int p)
{
	for (int i = GO_RECENT; --i > 0;)
		s->recent[i] = s->recent[i - 1];
	s->recent[0] = (uint16_t)p;
	s->ply++;
	s->to_move ^= 1;
}

void go_place(struct go_state *s, int p)
{
	int me = go_stone_to_move(s), n[4];

	put(s, p, me);
	neighbours(s, p, n);
	for (int i = 0; i < 4; i++) {
		const struct go_point *q = &s->point[n[i]];

		if (q->what == 3 - me && !s->point[q->head].libs)
			take(s, q->head);
	}
	see(s, s->position);
	s->passes = 0;
	note_move(s, p);
}

void go_pass(struct go_state *s)
{
	s->passes++;
	note_move(s, GO_NOWHERE);
}

bool go_board_init(struct go_state *s, int size, int plies,
		   const uint8_t *stone, int player, int *bad)
{
	int points = go_points(size);

	memset(s, 0, go_state_size(size, plies));
	s->size = (uint8_t)size;
	s->width = (uint8_t)(size + 1);
	s->to_move = (uint8_t)player;
	s->filter_mask = (uint16_t)(filter_bits(plies) - 1);
	s->filter_at = (uint16_t)filter_offset(size);
	s->past_at = (uint16_t)past_offset(size, plies);
	for (int i = 0; i < GO_RECENT; i++)
		s->recent[i] = GO_NOWHERE;
	for (int p = 0; p < points; p++)
		s->point[p].what = GO_EDGE;
	for (int cell = 0; cell < size * size; cell++) {
		int p = go_point_of(s, cell);

		s->point[p].what = GO_EMPTY;
		add_empty(s, p);
	}
	for (int cell = 0; stone && cell < size * size; cell++)
		if (stone[cell] != GO_EMPTY)
			put(s, go_point_of(s, cell), stone[cell]);
	for (int cell = 0; stone && cell < size * size; cell++) {
		int p = go_point_of(s, cell);

		if (stone[cell] != GO_EMPTY &&
		    !s->point[s->point[p].head].libs) {
			*bad = cell;
			return false;
		}
	}
	see(s, s->position);
	return true;
}

bool go_own_eye(const struct go_state *s, int p)
{
	int me = go_stone_to_move(s), other = 3 - me, n[4];
	int edges = 0, bad = 0;

	neighbours(s, p, n);
	for (int i = 0; i < 4; i++) {
		int what = s->point[n[i]].what;

		if (what != me && what != GO_EDGE)
			return false;
		edges += what == GO_EDGE;
	}
	bad += s->point[n[0] - 1].what == other;
	bad += s->point[n[0] + 1].what == other;
	bad += s->point[n[3] - 1].what == other;
	bad += s->point[n[3] + 1].what == other;
	return bad < (edges ? 1 : 2);
}

void go_count_liberties(const struct go_state *s, int most, uint8_t *libs)
{
	uint16_t seen[(GO_SIZE_MAX + 1) * (GO_SIZE_MAX + 2) + 1] = {0};
	int points = go_points(s->size);

	memset(libs, 0, (size_t)points);
	for (int head = 0; head < points; head++) {
		const struct go_point *h = &s->point[head];
		int count = 0, q = head;

		if (h->what == GO_EMPTY || h->what == GO_EDGE ||
		    h->head != head)
			continue;
		do {
			int n[4];

			neighbours(s, q, n);
			for (int i = 0; i < 4; i++)
				if (s->point[n[i]].what == GO_EMPTY &&
				    seen[n[i]] != head) {
					seen[n[i]] = (uint16_t)head;
					count++;
				}
			q = s->point[q].next;
		} while (q != head && count < most);
		if (count > most)
			count = most;
		q = head;
		do {
			libs[q] = (uint8_t)count;
			q = s->point[q].next;
		} while (q != head);
	}
}

/* The empty region of `from`, whose colours are ORed into the result; its
 * points are left in stack[]. */
static int region(const struct go_state *s, int from, uint8_t *seen,
		  uint16_t *stack, int *count)
{
	int colours = 0, at = 0, n = 0;

	stack[n++] = (uint16_t)from;
	seen[from] = 1;
	while (at < n) {
		int next[4];

		neighbours(s, stack[at++], next);
		for (int i = 0; i < 4; i++) {
			int what = s->point[next[i]].what;

			if (what == GO_BLACK || what == GO_WHITE) {
				colours |= what;
			} else if (what == GO_EMPTY && !seen[next[i]]) {
				seen[next[i]] = 1;
				stack[n++] = (uint16_t)next[i];
			}
		}
	}
	*count = n;
	return colours;
}

void go_owners(const struct go_state *s, uint8_t *owner)
{
	enum { POINTS = (GO_SIZE_MAX + 1) * (GO_SIZE_MAX + 2) + 1 };
	uint8_t seen[POINTS] = {0}, colour[POINTS];
	uint16_t stack[GO_CELLS_MAX];
	int p = s->width + 1;

	/* Rows of points end in one point of the edge. */
	for (int row = 0; row < s->size; row++, p++)
		for (int col = 0; col < s->size; col++, p++) {
			int count, colours;

			if (s->point[p].what != GO_EMPTY) {
				*owner++ = s->point[p].what;
				continue;
			}
			if (!seen[p]) {
				colours = region(s, p, seen, stack, &count);
				if (colours == (GO_BLACK | GO_WHITE))
					colours = GO_EMPTY;
				for (int i = 0; i < count; i++)
					colour[stack[i]] = (uint8_t)colours;
			}
			*owner++ = colour[p];
		}
}
