/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/standings.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/mem.h"
#include "core/base/stat.h"
#include "store/match.h"
#include "store/run.h"
#include "tui/screen/words.h"

/* ---- agents by their spec ---- */

bool agent_step_of(const char *spec, struct agent_step *out)
{
	const char *colon = strchr(spec, ':'), *end, *slash;

	if (!colon || !agent_needs_network(spec))
		return false;
	end = colon + 1 + strcspn(colon + 1, ",");
	for (slash = end; slash > colon + 1 && *slash != '/'; slash--)
		;
	if (*slash != '/' || slash + 1 == end)
		return false;
	for (const char *p = slash + 1; p < end; p++) {
		if (!isdigit((unsigned char)*p))
			return false;
	}
	*out = (struct agent_step){.run = colon + 1,
				   .run_len = (int)(slash - colon - 1),
				   .step = slash + 1,
				   .step_len = (int)(end - slash - 1)};
	return true;
}

void agent_text(const char *spec, struct buf *out)
{
	static const char engine[] = "engine:";
	size_t word, folder = 0;

	if (strncmp(spec, engine, strlen(engine))) {
		buf_puts(out, spec);
		return;
	}
	spec += strlen(engine);
	word = strcspn(spec, " ,");
	for (size_t i = 0; i < word; i++) {
		if (spec[i] == '/')
			folder = i + 1;
	}
	buf_puts(out, spec + folder);
}

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
	struct buf text;
	bool same;

	if (!strcmp(name, wanted))
		return true;
	buf_init(&text);
	game_text(name, &text);
	same = !strcmp(text.data, wanted);
	buf_release(&text);
	return same;
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
		buf_puts(&names, i ? ", " : "");
		game_text(s->games[i], &names);
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
		.step = -1,
		.curve = -1,
		.point = -1,
	};
}

static bool same_rating(const struct store_rating *a,
			const struct store_rating *b)
{
	return !strcmp(a->agent, b->agent) && !strcmp(a->game, b->game) &&
	       fabs(a->elo - b->elo) < 0.05 &&
	       fabs(a->elo_low - b->elo_low) < 0.05;
}

/* Does the file have what the fit found? */
static bool is_kept(const struct found *f, const struct rate_table *fit)
{
	size_t same = 0, stored = 0;

	for (size_t i = 0; i < f->rating_count; i++) {
		stored += !strcmp(f->ratings[i].game, fit->rows[0].game);
		for (size_t k = 0; k < fit->count; k++)
			same += same_rating(&f->ratings[i], &fit->rows[k]);
	}
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

/* The fit ranks as rank() does. */
static void compare_neighbours(struct standings *s,
			       const struct rate_table *fit)
{
	for (size_t i = 0; i < fit->count && (int)i < s->rated; i++) {
		if (!strcmp(s->rows[i].spec, fit->rows[i].agent))
			s->rows[i].los = fit->above[i];
	}
}

/* ---- curves ---- */

/* "mcts:c4/120,sims=64" without its step. */
static bool same_but_step(const char *a, const char *b)
{
	struct agent_step x, y;

	return agent_step_of(a, &x) && agent_step_of(b, &y) &&
	       x.step - a == y.step - b &&
	       !strncmp(a, b, (size_t)(x.step - a)) &&
	       !strcmp(x.step + x.step_len, y.step + y.step_len);
}

static const char *curve_name(struct store_bag *bag, const char *spec)
{
	struct agent_step at;
	const char *name;
	struct buf b;

	agent_step_of(spec, &at);
	buf_init(&b);
	buf_add(&b, spec, (size_t)(at.step - 1 - spec));
	if (at.step[at.step_len] == ',')
		buf_printf(&b, " %s", at.step + at.step_len + 1);
	name = store_bag_strdup(bag, b.data);
	buf_release(&b);
	return name;
}

struct point {
	double x[HISTORY_X_COUNT];
	int row;
};

static int by_step(const void *a, const void *b)
{
	const struct point *p = a, *q = b;

	return (p->x[HISTORY_STEP] > q->x[HISTORY_STEP]) -
	       (p->x[HISTORY_STEP] < q->x[HISTORY_STEP]);
}

static void fill_curve(struct standings *s, struct standing_curve *c,
		       const struct point *points)
{
	size_t bytes = (size_t)c->count * sizeof(double);

	for (int k = 0; k < HISTORY_X_COUNT; k++)
		c->x[k] = store_bag_alloc(&s->bag, bytes);
	c->elo = store_bag_alloc(&s->bag, bytes);
	c->low = store_bag_alloc(&s->bag, bytes);
	c->high = store_bag_alloc(&s->bag, bytes);
	c->row = store_bag_alloc(&s->bag, (size_t)c->count * sizeof(*c->row));
	for (int i = 0; i < c->count; i++) {
		struct standing *row = &s->rows[points[i].row];

		/* games and time ascend as steps do, also where a run went on
		 * with its counters set back */
		for (int k = 0; k < HISTORY_X_COUNT; k++)
			c->x[k][i] = i ? fmax(points[i].x[k], c->x[k][i - 1])
				       : points[i].x[k];
		c->row[i] = points[i].row;
		c->elo[i] = row->elo;
		c->low[i] = row->low;
		c->high[i] = row->high;
		row->curve = (int)(c - s->curves);
		row->point = i;
	}
}

/* When a run had worked its way to a step: by its measurements, else by the
 * clock on the wall. */
struct clock {
	int64_t run_id, created_ms;
	struct store_metric *rows; /* in the bag */
	size_t count;
};

static double clock_at(const struct clock *t, const struct store_checkpoint *c)
{
	size_t low = 0, high = t->count;

	if (!t->count)
		return (double)(c->created_ms - t->created_ms) / 1000;
	while (low < high) { /* the first row after the step */
		size_t mid = low + (high - low) / 2;

		if (t->rows[mid].step <= c->step)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? (double)t->rows[low - 1].time_ms / 1000 : 0;
}

/* The runs and checkpoints that rows may belong to. */
struct runs_found {
	struct store_run *runs;
	struct store_checkpoint *checkpoints;
	struct clock *clocks; /* by run */
	size_t run_count, checkpoint_count;
};

static const struct store_checkpoint *
find_checkpoint(const struct runs_found *f, const char *spec)
{
	struct agent_step at;
	int64_t step;

	if (!agent_step_of(spec, &at))
		return NULL;
	step = strtoll(at.step, NULL, 10);
	for (size_t i = 0; i < f->checkpoint_count; i++) {
		const struct store_checkpoint *c = &f->checkpoints[i];

		if (c->step == step && strlen(c->run) == (size_t)at.run_len &&
		    !strncmp(c->run, at.run, (size_t)at.run_len))
			return c;
	}
	return NULL;
}

static enum store_status find_clock(struct standings *s, struct store *store,
				    struct runs_found *f,
				    const struct store_checkpoint *c,
				    const struct clock **out)
{
	size_t i = 0;

	while (i < f->run_count && f->runs[i].id != c->run_id)
		i++;
	*out = &f->clocks[i];
	/* the last is for a run that came between the two reads */
	if (i == f->run_count || f->clocks[i].run_id)
		return STORE_OK;
	f->clocks[i].run_id = c->run_id;
	f->clocks[i].created_ms = f->runs[i].created_ms;
	return store_metric_list(store, &s->bag, c->run_id, "loss.policy", 0,
				 &f->clocks[i].rows, &f->clocks[i].count);
}

/* One curve from all rows that are as `first` but for the step. */
static enum store_status make_curve(struct standings *s, struct store *store,
				    struct runs_found *f, int first,
				    struct point *points)
{
	const char *spec = s->rows[first].spec;
	struct standing_curve *c = &s->curves[s->curve_count];
	enum store_status st = STORE_OK;

	*c = (struct standing_curve){.name = curve_name(&s->bag, spec),
				     .run = s->rows[first].run};
	for (int i = first; i < s->rated && st == STORE_OK; i++) {
		const struct store_checkpoint *at;
		const struct clock *clock;

		if (s->rows[i].curve >= 0 || !s->rows[i].run ||
		    !same_but_step(spec, s->rows[i].spec))
			continue;
		at = find_checkpoint(f, s->rows[i].spec);
		st = find_clock(s, store, f, at, &clock);
		points[c->count++] = (struct point){
			.x = {(double)at->step, (double)at->games,
			      clock_at(clock, at)},
			.row = i,
		};
	}
	qsort(points, (size_t)c->count, sizeof(*points), by_step);
	fill_curve(s, c, points);
	s->curve_count++;
	return st;
}

static enum store_status read_curves(struct standings *s, struct store *store)
{
	struct runs_found f = {0};
	struct point *points;
	enum store_status st =
		store_run_list(store, &s->bag, &f.runs, &f.run_count);

	if (st == STORE_OK)
		st = store_checkpoint_list(store, &s->bag, 0, &f.checkpoints,
					   &f.checkpoint_count);
	if (st != STORE_OK)
		return st;
	f.clocks =
		store_bag_alloc(&s->bag, (f.run_count + 1) * sizeof(*f.clocks));
	s->curves = store_bag_alloc(&s->bag, (size_t)(s->rated + 1) *
						     sizeof(*s->curves));
	points = store_bag_alloc(&s->bag,
				 (size_t)(s->rated + 1) * sizeof(*points));
	for (int i = 0; i < s->count; i++) {
		const struct store_checkpoint *c =
			find_checkpoint(&f, s->rows[i].spec);

		if (!c)
			continue;
		s->rows[i].run = c->run;
		s->rows[i].step = c->step;
	}
	for (int i = 0; i < s->rated && st == STORE_OK; i++) {
		if (s->rows[i].run && s->rows[i].curve < 0)
			st = make_curve(s, store, &f, i, points);
	}
	return st;
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
			compare_neighbours(s, fit);
		st = read_curves(s, store);
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
