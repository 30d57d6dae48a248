/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/standings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/stat.h"
#include "core/game/game.h"
#include "core/rate/match.h"
#include "core/session/standings_int.h"
#include "store/match.h"

static int by_spec(const void *a, const void *b)
{
	const struct standing *p = a, *q = b;

	return strcmp(p->spec, q->spec);
}

/* While the rows are in the order of their specs. */
static int find_sorted(const struct standings *s, const char *spec)
{
	struct standing key = {.spec = spec};
	const struct standing *at =
		bsearch(&key, s->rows, (size_t)s->count, sizeof(key), by_spec);

	return at ? (int)(at - s->rows) : -1;
}

int standings_find(const struct standings *s, const char *spec)
{
	for (int i = 0; i < s->count; i++) {
		if (!strcmp(s->rows[i].spec, spec))
			return i;
	}
	return -1;
}

double standings_expected(const struct standings *s, int row, int other)
{
	return stat_score_from_elo(s->rows[row].elo - s->rows[other].elo);
}

static int by_opponent(const void *a, const void *b)
{
	const struct opponent *p = a, *q = b;

	return p->row - q->row;
}

int standings_opponents(const struct standings *s, int row,
			struct opponent *out)
{
	int n = 0;

	for (int i = 0; i < s->meeting_count; i++) {
		const struct meeting *m = &s->meetings[i];
		bool first = m->first == row;

		if (!first && m->second != row)
			continue;
		out[n++] = (struct opponent){
			.row = first ? m->second : m->first,
			.games = m->games,
			.wins = first ? m->wins : m->losses,
			.draws = m->draws,
			.losses = first ? m->losses : m->wins,
			.match_id = m->match_id,
		};
	}
	qsort(out, (size_t)n, sizeof(*out), by_opponent);
	return n;
}

/* ---- games ---- */

/* What the store has, all games. */
struct found {
	struct store_rating *ratings;
	struct store_match *matches;
	size_t rating_count, match_count;
};

static bool counts(const struct store_match *m)
{
	return m->second && m->games > 0;
}

static void add_game(struct standings *s, const char *game)
{
	int at = 0;

	while (at < s->game_count && strcmp(s->games[at], game) < 0)
		at++;
	if (at < s->game_count && !strcmp(s->games[at], game))
		return;
	memmove(s->games + at + 1, s->games + at,
		(size_t)(s->game_count - at) * sizeof(*s->games));
	s->games[at] = game;
	s->game_count++;
}

static void list_games(struct standings *s, const struct found *f)
{
	/* one more: the place that add_game() moves into */
	s->games = store_bag_alloc(&s->bag, (f->rating_count + f->match_count +
					     1) * sizeof(*s->games));
	for (size_t i = 0; i < f->rating_count; i++)
		add_game(s, f->ratings[i].game);
	for (size_t i = 0; i < f->match_count; i++) {
		if (counts(&f->matches[i]))
			add_game(s, f->matches[i].game);
	}
}

static bool is_game(const char *name, const char *wanted)
{
	struct game g;

	if (!strcmp(name, wanted))
		return true;
	return !game_init(&g, name, NULL) &&
	       !strcmp(game_short_name(&g), wanted);
}

/* Where nothing else is asked for. */
static int most_played(const struct standings *s, const struct found *f)
{
	int64_t most = 0;
	int at = 0;

	for (int i = 0; i < s->game_count; i++) {
		int64_t played = 0;

		for (size_t k = 0; k < f->match_count; k++) {
			const struct store_match *m = &f->matches[k];

			if (counts(m) && !strcmp(m->game, s->games[i]))
				played += m->games;
		}
		if (played > most) {
			most = played;
			at = i;
		}
	}
	return at;
}

static enum err_code choose_game(struct standings *s, const struct found *f,
				 const char *wanted, struct err *e)
{
	struct buf names;

	s->game = s->game_count ? most_played(s, f) : -1;
	if (!*wanted)
		return ERR_OK;
	for (int i = 0; i < s->game_count; i++) {
		if (is_game(s->games[i], wanted)) {
			s->game = i;
			return ERR_OK;
		}
	}
	/* asked for by name: an empty lab says so on its page */
	if (!s->game_count)
		return ERR_OK;
	buf_init(&names);
	for (int i = 0; i < s->game_count && i < 8; i++) {
		struct game g;

		buf_puts(&names, i ? ", " : "");
		buf_puts(&names, game_init(&g, s->games[i], NULL)
					 ? s->games[i]
					 : game_short_name(&g));
	}
	err_set(e, ERR_NOTFOUND, "no match of two agents in %s: there are %s",
		wanted, names.data);
	buf_release(&names);
	return ERR_NOTFOUND;
}

/* ---- rows ---- */

static void add_agent(struct standings *s, const char *spec)
{
	s->rows[s->count++] = (struct standing){
		.spec = spec,
		.elo = (double)NAN,
		.low = (double)NAN,
		.high = (double)NAN,
		.los = (double)NAN,
		.spread = (double)NAN,
		.gain = {.before = -1,
			 .elo = (double)NAN,
			 .low = (double)NAN,
			 .high = (double)NAN},
		.step = -1,
		.curve = -1,
		.point = -1,
	};
}

struct named {
	const char *spec;
	int row;
};

static int by_named(const void *a, const void *b)
{
	const struct named *p = a, *q = b;

	return strcmp(p->spec, q->spec);
}

static const struct named *find_named(const struct named *all, size_t count,
				      const char *spec)
{
	struct named key = {.spec = spec};

	return bsearch(&key, all, count, sizeof(key), by_named);
}

static struct named *name_fit(const struct rate_table *fit)
{
	struct named *all = mem_zalloc(fit->count, sizeof(*all));

	for (size_t k = 0; k < fit->count; k++)
		all[k] = (struct named){fit->rows[k].agent, (int)k};
	qsort(all, fit->count, sizeof(*all), by_named);
	return all;
}

/* By the lab's own anchor; of another one's fit, intervals are others. */
static bool same_rating(const struct store_rating *a,
			const struct rate_table *fit, int row)
{
	const struct store_rating *b = &fit->rows[row];
	bool other = fit->zero > 0 || fit->zero < 0;

	return fabs(a->elo - (b->elo - fit->zero)) < 0.05 &&
	       (other || fabs(a->elo_low - b->elo_low) < 0.05);
}

/* Does the file have what the fit found? */
static bool is_kept(const struct found *f, const struct rate_table *fit)
{
	struct named *all = name_fit(fit);
	size_t same = 0, stored = 0;

	for (size_t i = 0; i < f->rating_count; i++) {
		const struct store_rating *r = &f->ratings[i];
		const struct named *at;

		if (strcmp(r->game, fit->rows[0].game) != 0)
			continue;
		stored++;
		at = find_named(all, fit->count, r->agent);
		same += at && same_rating(r, fit, at->row);
	}
	free(all);
	return same == fit->count && stored == fit->count;
}

/* The fit's ratings in place of those that are stored. */
static void use_fit(struct standings *s, struct found *f,
		    const struct rate_table *fit)
{
	if (!fit || !fit->count || strcmp(fit->rows[0].game, s->games[s->game]))
		return;
	s->fitted = true;
	s->kept = is_kept(f, fit);
	s->anchor = fit->anchor ? store_bag_strdup(&s->bag, fit->anchor) : NULL;
	f->rating_count = fit->count;
	f->ratings = store_bag_alloc(&s->bag, fit->count * sizeof(*f->ratings));
	memcpy(f->ratings, fit->rows, fit->count * sizeof(*f->ratings));
	for (size_t i = 0; i < fit->count; i++)
		f->ratings[i].agent =
			store_bag_strdup(&s->bag, fit->rows[i].agent);
}

static void list_agents(struct standings *s, const struct found *f)
{
	const char *game = s->games[s->game];
	int n = 0;

	s->rows = store_bag_alloc(&s->bag,
				  (f->rating_count + 2 * f->match_count + 1) *
					  sizeof(*s->rows));
	for (size_t i = 0; i < f->rating_count; i++) {
		if (!strcmp(f->ratings[i].game, game))
			add_agent(s, f->ratings[i].agent);
	}
	for (size_t i = 0; i < f->match_count; i++) {
		if (!counts(&f->matches[i]) || strcmp(f->matches[i].game, game))
			continue;
		add_agent(s, f->matches[i].first);
		add_agent(s, f->matches[i].second);
	}
	qsort(s->rows, (size_t)s->count, sizeof(*s->rows), by_spec);
	for (int i = 0; i < s->count; i++) {
		if (!n || strcmp(s->rows[n - 1].spec, s->rows[i].spec))
			s->rows[n++] = s->rows[i];
	}
	s->count = n;
}

static void take_ratings(struct standings *s, const struct found *f)
{
	for (size_t i = 0; i < f->rating_count; i++) {
		const struct store_rating *r = &f->ratings[i];
		struct standing *row;

		if (strcmp(r->game, s->games[s->game]))
			continue;
		row = &s->rows[find_sorted(s, r->agent)];
		row->elo = r->elo;
		row->low = r->elo_low;
		row->high = r->elo_high;
		s->rated++;
		row->linked = r->linked;
		s->anchored |= r->linked;
	}
}

/* One entry a match, with places while the rows are in the order of specs. */
static void take_matches(struct standings *s, const struct found *f)
{
	s->meetings = store_bag_alloc(&s->bag, (f->match_count + 1) *
						       sizeof(*s->meetings));
	for (size_t i = 0; i < f->match_count; i++) {
		const struct store_match *m = &f->matches[i];
		struct meeting *to = &s->meetings[s->meeting_count];
		struct standing *a, *b;

		if (!counts(m) || strcmp(m->game, s->games[s->game]))
			continue;
		*to = (struct meeting){.first = find_sorted(s, m->first),
				       .second = find_sorted(s, m->second),
				       .games = m->games,
				       .wins = m->wins,
				       .draws = m->draws,
				       .losses = m->losses,
				       .match_id = m->id,
				       .matches = 1};
		s->matches++;
		s->games_played += m->games;
		/* an agent against itself says nothing of its strength */
		if (to->first == to->second)
			continue;
		a = &s->rows[to->first];
		b = &s->rows[to->second];
		a->games += m->games;
		b->games += m->games;
		a->points += (double)m->wins + 0.5 * (double)m->draws;
		b->points += (double)m->losses + 0.5 * (double)m->draws;
		s->meeting_count++;
	}
}

struct place {
	struct standing row;
	int was;
};

static int by_strength(const void *a, const void *b)
{
	const struct place *p = a, *q = b;

	if (isnan(p->row.elo) != isnan(q->row.elo))
		return isnan(p->row.elo) ? 1 : -1;
	if (p->row.linked != q->row.linked)
		return p->row.linked ? -1 : 1;
	if (!isnan(p->row.elo) && fabs(p->row.elo - q->row.elo) > 0)
		return p->row.elo < q->row.elo ? 1 : -1;
	return strcmp(p->row.spec, q->row.spec);
}

static int by_pair(const void *a, const void *b)
{
	const struct meeting *p = a, *q = b;

	if (p->first != q->first)
		return p->first < q->first ? -1 : 1;
	if (p->second != q->second)
		return p->second < q->second ? -1 : 1;
	return (p->match_id < q->match_id) - (p->match_id > q->match_id);
}

static void turn_round(struct meeting *m)
{
	int first = m->first;
	int64_t wins = m->wins;

	m->first = m->second;
	m->second = first;
	m->wins = m->losses;
	m->losses = wins;
}

/* Strongest first; the meetings follow, and those of a pair become one. */
static void rank(struct standings *s)
{
	struct place *places = store_bag_alloc(
		&s->bag, (size_t)(s->count + 1) * sizeof(*places));
	int *now =
		store_bag_alloc(&s->bag, (size_t)(s->count + 1) * sizeof(*now));
	int n = 0;

	for (int i = 0; i < s->count; i++)
		places[i] = (struct place){s->rows[i], i};
	qsort(places, (size_t)s->count, sizeof(*places), by_strength);
	for (int i = 0; i < s->count; i++) {
		s->rows[i] = places[i].row;
		now[places[i].was] = i;
	}
	for (int i = 0; i < s->meeting_count; i++) {
		struct meeting *m = &s->meetings[i];

		m->first = now[m->first];
		m->second = now[m->second];
		if (m->first > m->second)
			turn_round(m);
	}
	qsort(s->meetings, (size_t)s->meeting_count, sizeof(*s->meetings),
	      by_pair);
	for (int i = 0; i < s->meeting_count; i++) {
		const struct meeting *m = &s->meetings[i];
		struct meeting *to = n ? &s->meetings[n - 1] : NULL;

		if (!to || to->first != m->first || to->second != m->second) {
			s->meetings[n++] = *m;
			continue;
		}
		to->games += m->games;
		to->wins += m->wins;
		to->draws += m->draws;
		to->losses += m->losses;
		to->matches++;
	}
	s->meeting_count = n;
}

static struct rate_residual *copy_residual(struct standings *s,
					   const struct rate_residual *from)
{
	struct rate_residual *r = store_bag_alloc(&s->bag, sizeof(*r));

	*r = *from;
	r->first = store_bag_strdup(&s->bag, from->first);
	r->second = store_bag_strdup(&s->bag, from->second);
	return r;
}

/* They come worst first. */
static void take_residuals(struct standings *s, const struct rate_table *fit)
{
	struct named *all = name_fit(fit);

	for (size_t k = 0; k < fit->residual_count; k++) {
		const struct rate_residual *r = &fit->residuals[k];
		const char *who[2] = {r->first, r->second};

		for (int i = 0; i < 2; i++) {
			int at = find_named(all, fit->count, who[i])->row;

			if (at < s->rated && !s->rows[at].worst &&
			    !strcmp(s->rows[at].spec, who[i]))
				s->rows[at].worst = copy_residual(s, r);
		}
	}
	free(all);
}

/* The fit ranks as rank() does. */
static void take_fit(struct standings *s, const struct rate_table *fit)
{
	for (size_t i = 0; i < fit->count && (int)i < s->rated; i++) {
		if (strcmp(s->rows[i].spec, fit->rows[i].agent) != 0)
			continue;
		s->rows[i].los = fit->above[i];
		s->rows[i].spread = fit->spread[i];
		s->rows[i].gain = fit->gains[i];
		s->gains |= !isnan(fit->gains[i].elo);
	}
	take_residuals(s, fit);
}

/* ---- all of it ---- */

enum err_code standings_read(struct standings *s, struct store *store,
			     const char *game, const struct rate_table *fit,
			     struct err *e)
{
	char *wanted = mem_strdup(game); /* may live in the bag */
	enum store_status st;
	struct found f = {0};
	enum err_code rc = ERR_OK;

	standings_release(s);
	st = store_rating_list(store, &s->bag, NULL, &f.ratings,
			       &f.rating_count);
	if (st == STORE_OK)
		st = store_match_list(store, &s->bag, 0, &f.matches,
				      &f.match_count);
	if (st == STORE_OK) {
		list_games(s, &f);
		rc = choose_game(s, &f, wanted, e);
	}
	if (st == STORE_OK && !rc && s->game >= 0) {
		use_fit(s, &f, fit);
		list_agents(s, &f);
		take_ratings(s, &f);
		take_matches(s, &f);
		rank(s);
		if (s->fitted)
			take_fit(s, fit);
		st = standings_read_curves(s, store);
	}
	free(wanted);
	if (st != STORE_OK)
		rc = err_set(e, ERR_IO, "%s", store_message(store));
	if (rc) {
		standings_release(s);
		s->game = -1;
	}
	return rc;
}

void standings_release(struct standings *s)
{
	store_bag_release(&s->bag);
	memset(s, 0, sizeof(*s));
}
