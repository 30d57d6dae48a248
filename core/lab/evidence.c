/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/evidence.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/base/stat.h"
#include "core/rate/tally.h"
#include "store/game.h"
#include "store/match.h"
#include "store/store.h"

/*
 * Wilson's interval, turned round.  Its ends L and H are the roots x of
 * (x - p)^2 = z^2 x (1 - x) / m: with u = 1 + z^2 / m,
 *
 *	L + H = (2 p + u - 1) / u	L H = p^2 / u
 *
 * of which p is taken out and the smaller root u of what is left is ours.
 */
static void from_interval(const struct store_match *m, struct evidence *out)
{
	const double z = 1.959963984540054;
	double low = stat_score_from_elo(m->elo_low);
	double high = stat_score_from_elo(m->elo_high);
	double sum = low + high, product = low * high;
	double a = (sum - 1) * (sum - 1), b = 4 * product - 2 * (sum - 1);
	double u = 2 / (b + sqrt(fmax(0, b * b - 4 * a)));
	double p = (sum * u - (u - 1)) / 2, pairs = (double)m->games / 2;

	if (!(low < high) || !(u > 1) || !isfinite(u))
		return;
	/* The interval was that of as many coins as have the variance of the
	 * units, half a whole and half a nothing counted besides. */
	p = fmin(fmax(p, 0), 1);
	out->score = p;
	p = (p * pairs + 0.5) / (pairs + 1);
	out->variance = p * (1 - p) * (u - 1) / (z * z);
}

/* The stored games of a match. */
struct past {
	struct past_game {
		struct tally_key key;
		double result; /* of the agent that was asked for */
	} * games;             /* owned */
	int64_t count, room;
};

static void take_game(void *ctx, const struct store_game_brief *g)
{
	struct past *p = ctx;

	if (p->count == p->room) {
		p->room = p->room ? 2 * p->room : 256;
		p->games = mem_realloc(p->games,
				       (size_t)p->room * sizeof(*p->games));
	}
	p->games[p->count++] = (struct past_game){
		.key = tally_key_text(!g->begun, g->moves, g->opening),
		.result = g->begun ? g->result : -g->result,
	};
}

/* Adds them to a tally, from the side of `first`, if they are all that the
 * match had: *whole.  What is about to be stored has none yet. */
static enum store_status count_games(struct store *s,
				     const struct store_match *m,
				     const char *first, struct tally_games *t,
				     bool *whole)
{
	struct past past = {0};
	enum store_status st = STORE_OK;

	if (m->id)
		st = store_game_each_brief(s, m->id, first, take_game, &past);
	*whole = st == STORE_OK && past.count == m->games;
	if (*whole)
		tally_next_match(t);
	for (int64_t i = 0; *whole && i < past.count; i++)
		tally_add(t, past.games[i].key, past.games[i].result);
	free(past.games);
	return st;
}

/* Counts of a file go up to what is sound for one; so many tell no more. */
static int bounded(int64_t count)
{
	const int64_t most = 100000000;

	return (int)(count < most ? count : most);
}

/* By the counts that it was kept with; false: it has none. */
static bool from_counts(const struct store_match *m, struct stat_shares *out)
{
	int count[TALLY_OUTCOMES], sum = 0;

	for (int i = 0; i < TALLY_OUTCOMES; i++) {
		count[i] = bounded(m->distinct[i]);
		sum += count[i];
	}
	*out = stat_shares_of(count, TALLY_OUTCOMES);
	return sum > 0;
}

static void take_pairs(struct evidence *e, struct stat_shares shares)
{
	e->score = shares.mean;
	e->variance = shares.variance / shares.count;
	e->pairs = shares.count;
	e->units = 2.0 * shares.count;
	e->dispersion = 2 * stat_dispersion(shares, 0.5);
}

static void take_games(struct evidence *e, struct stat_shares shares)
{
	e->score = shares.mean;
	e->variance = shares.variance / shares.count;
	e->units = shares.count;
	e->dispersion = stat_dispersion(shares, 1);
}

/* The interval is that of so many coins; of no more than there were games. */
static void take_interval(struct evidence *e, const struct store_match *m)
{
	double n = (double)m->games, q, coins;

	from_interval(m, e);
	if (!isfinite(e->variance))
		return;
	q = (e->score * n + 0.5) / (n + 1);
	coins = q * (1 - q) / e->variance;
	e->units = fmin(n, coins);
	e->dispersion = e->units / coins;
}

/* What is known of a match without its games. */
static struct evidence without_games(const struct store_match *m)
{
	struct evidence e = {
		.score = (double)NAN, .variance = INFINITY, .pairs = -1};
	const int single[] = {bounded(m->losses), bounded(m->draws),
			      bounded(m->wins)};
	struct stat_shares shares;

	if (m->games <= 0)
		return e;
	if (from_counts(m, &shares))
		take_pairs(&e, shares);
	else if (isfinite(m->elo_low) && isfinite(m->elo_high))
		take_interval(&e, m);
	if (!isfinite(e.variance))
		take_games(&e, stat_shares_of(single, 3));
	return e;
}

enum store_status evidence_of_match(struct store *s,
				    const struct store_match *m,
				    struct evidence *out)
{
	struct tally_games t = {.paired = true};
	bool whole;
	enum store_status st = count_games(s, m, m->first, &t, &whole);

	*out = without_games(m);
	if (m->games > 0 && whole && t.tally.distinct_pairs)
		take_pairs(out, tally_shares(&t.tally));
	tally_release(&t);
	return st;
}

/* --- all of a game ------------------------------------------------------- */

static uint64_t mix_text(uint64_t key, const char *text)
{
	for (const char *c = text ? text : ""; *c; c++)
		key = rng_mix(key, (unsigned char)*c);
	return rng_mix(key, 256);
}

/* Sums of these do not depend on the order.  Counts follow from the games: with
 * and without them a match is the same. */
static uint64_t mark_of(const struct store_match *m)
{
	uint64_t key = mix_text(0, m->first);

	key = mix_text(key, m->second);
	key = mix_text(key, m->openings);
	key = rng_mix(key, m->seed);
	key = rng_mix(key, (uint64_t)m->games);
	key = rng_mix(key, (uint64_t)m->wins);
	return rng_mix(key, (uint64_t)m->draws);
}

static bool is_met(const struct store_match *m)
{
	return m->games > 0 && m->second && strcmp(m->first, m->second) != 0;
}

static bool is_turned(const struct store_match *m)
{
	return strcmp(m->first, m->second) > 0;
}

static int by_agents(const void *a, const void *b)
{
	const struct store_match *x = a, *y = b;
	bool xt = is_turned(x), yt = is_turned(y);
	int d = strcmp(xt ? x->second : x->first, yt ? y->second : y->first);

	if (!d)
		d = strcmp(xt ? x->first : x->second,
			   yt ? y->first : y->second);
	if (!d && x->id != y->id)
		d = !x->id || (y->id && x->id > y->id) ? 1 : -1;
	return d;
}

static bool same_agents(const struct store_match *x,
			const struct store_match *y)
{
	bool turn = is_turned(x) != is_turned(y);

	return !strcmp(x->first, turn ? y->second : y->first) &&
	       !strcmp(x->second, turn ? y->first : y->second);
}

/* Until all are added, `dispersion` is a sum over units. */
static void add_evidence(struct evidence_pairing *p, bool turn,
			 const struct evidence *e)
{
	p->units += e->units;
	p->points += e->units * (turn ? 1 - e->score : e->score);
	p->dispersion += e->units * e->dispersion;
}

static void add_alone(struct evidence_pairing *p, const struct store_match *m)
{
	struct evidence e = without_games(m);

	add_evidence(p, is_turned(m), &e);
}

/* Whether another match is this one, as long or longer. */
static bool is_repeat(const struct store_match *rows, size_t count, size_t at)
{
	const struct store_match *m = &rows[at];

	for (size_t i = 0; i < count; i++) {
		const struct store_match *o = &rows[i];

		if (i == at || o->seed != m->seed ||
		    is_turned(o) != is_turned(m) ||
		    strcmp(o->openings ? o->openings : "",
			   m->openings ? m->openings : "") != 0)
			continue;
		if (o->games > m->games || (o->games == m->games && i < at))
			return true;
	}
	return false;
}

static void keep_counts(struct evidence_pool *pool, const struct store_match *m,
			const struct tally *t)
{
	struct store_match *row = &pool->counted[pool->counted_count++];

	*row = *m;
	row->pairs = t->pairs;
	for (int i = 0; i < TALLY_OUTCOMES; i++)
		row->distinct[i] =
			t->outcome[is_turned(m) ? TALLY_OUTCOMES - 1 - i : i];
}

/* rows[count] are all matches of the same two, and lose their order. */
static enum store_status add_matches(struct store *s,
				     struct evidence_pool *pool,
				     struct store_match *rows, size_t count)
{
	struct evidence_pairing *p = &pool->rows[pool->count - 1];
	struct tally_games t = {.paired = true};
	enum store_status st = STORE_OK;
	struct stat_shares shares;
	struct evidence e = {.pairs = -1};
	size_t left = 0;

	if (count == 1 && from_counts(&rows[0], &shares)) {
		add_alone(p, &rows[0]);
		return STORE_OK;
	}
	for (size_t i = 0; i < count && st == STORE_OK; i++) {
		bool whole;

		st = count_games(s, &rows[i], p->first, &t, &whole);
		if (!whole)
			rows[left++] = rows[i];
	}
	for (size_t i = 0; i < left && st == STORE_OK; i++)
		if (!is_repeat(rows, left, i))
			add_alone(p, &rows[i]);
	if (st == STORE_OK && count == 1 && t.tally.pairs)
		keep_counts(pool, &rows[0], &t.tally);
	if (t.tally.games) {
		if (t.tally.distinct_pairs)
			take_pairs(&e, tally_shares(&t.tally));
		else
			take_games(&e, tally_shares(&t.tally));
		add_evidence(p, false, &e);
	}
	tally_release(&t);
	return st;
}

static void add_games(struct evidence_pairing *p, const struct store_match *m)
{
	bool turn = is_turned(m);

	p->games += m->games;
	p->wins += turn ? m->losses : m->wins;
	p->draws += m->draws;
	p->losses += turn ? m->wins : m->losses;
}

/* The matches of a game in order, in the bag. */
static enum store_status list_matches(struct store *s, struct store_bag *bag,
				      const char *game,
				      const struct store_match *more,
				      size_t more_count,
				      struct store_match **rows, size_t *count)
{
	struct store_match *stored, *all;
	size_t n = 0;
	enum store_status st = store_match_list_met(s, bag, game, &stored, &n);

	if (st != STORE_OK)
		return st;
	all = store_bag_alloc(bag, (n + more_count + 1) * sizeof(*all));
	if (n)
		memcpy(all, stored, n * sizeof(*all));
	for (size_t i = 0; i < more_count; i++)
		if (is_met(&more[i]))
			all[n++] = more[i];
	if (n)
		qsort(all, n, sizeof(*all), by_agents);
	*rows = all;
	*count = n;
	return STORE_OK;
}

enum store_status evidence_of_game(struct store *s, struct store_bag *bag,
				   const char *game,
				   const struct store_match *more,
				   size_t more_count, struct evidence_pool *out)
{
	struct store_match *all;
	size_t n = 0;
	enum store_status st =
		list_matches(s, bag, game, more, more_count, &all, &n);

	memset(out, 0, sizeof(*out));
	if (st != STORE_OK)
		return st;
	out->rows = store_bag_alloc(bag, (n + 1) * sizeof(*out->rows));
	out->counted = store_bag_alloc(bag, (n + 1) * sizeof(*out->counted));
	for (size_t i = 0; i < n && st == STORE_OK;) {
		const struct store_match *m = &all[i];
		struct evidence_pairing *p = &out->rows[out->count++];
		bool turn = is_turned(m);
		size_t end = i;

		*p = (struct evidence_pairing){
			.first = turn ? m->second : m->first,
			.second = turn ? m->first : m->second};
		for (; end < n && same_agents(m, &all[end]); end++) {
			out->mark += mark_of(&all[end]);
			add_games(p, &all[end]);
		}
		st = add_matches(s, out, &all[i], end - i);
		p->dispersion /= p->units;
		i = end;
	}
	return st;
}

enum store_status evidence_keep(struct store *s,
				const struct evidence_pool *pool)
{
	enum store_status st = STORE_OK;

	for (size_t i = 0; i < pool->counted_count && st == STORE_OK; i++)
		st = store_match_update(s, &pool->counted[i]);
	return st;
}

enum store_status evidence_mark(struct store *s, const char *game,
				uint64_t *mark)
{
	struct store_bag bag = {0};
	struct store_match *rows;
	size_t count = 0;
	enum store_status st =
		store_match_list_met(s, &bag, game, &rows, &count);

	*mark = 0;
	for (size_t i = 0; st == STORE_OK && i < count; i++)
		*mark += mark_of(&rows[i]);
	store_bag_release(&bag);
	return st;
}
