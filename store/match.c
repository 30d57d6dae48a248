/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/match.h"

#include "store/store_int.h"

#include <math.h>
#include <string.h>

enum store_status agent_id(struct store *s, const char *spec, int64_t *id)
{
	enum store_status st;
	bool found = true;
	struct sql q;

	*id = 0;
	if (!spec)
		return STORE_OK;
	sql_read(&q, s, "read the agent",
		 "select id from agent where spec = ?");
	sql_text(&q, spec);
	if (sql_next(&q))
		*id = sql_col_int(&q);
	else
		found = false;
	st = sql_end(&q);
	if (st != STORE_OK || found)
		return st;
	sql_write(&q, s, "save the agent", "insert into agent(spec) values(?)");
	sql_text(&q, spec);
	return sql_add(&q, id);
}

enum store_status store_agent_list(struct store *s, struct store_bag *bag,
				   const char ***specs, size_t *count)
{
	struct rows all = ROWS_OF(const char *);
	struct sql q;

	sql_read(&q, s, "read the agents",
		 "select spec from agent where spec <> '' order by spec");
	while (sql_next(&q))
		*(const char **)rows_push(&all) = sql_col_need(&q, bag);
	return rows_give(&all, sql_end(&q), bag, specs, count);
}

#define MATCH_SELECT                                                        \
	"select m.id, m.game, a.spec, nullif(b.spec, ''), m.games, m.wins," \
	" m.draws, m.losses, m.elo, m.elo_low, m.elo_high, m.points,"       \
	" m.points_low, m.points_high, m.seed, m.openings,"                 \
	" m.run_id, m.step, m.created_ms, m.sprt, coalesce(m.pairs, 0),"    \
	" coalesce(m.pairs_0, 0), coalesce(m.pairs_1, 0),"                  \
	" coalesce(m.pairs_2, 0), coalesce(m.pairs_3, 0),"                  \
	" coalesce(m.pairs_4, 0) from match m"                              \
	" join agent a on a.id = m.first_agent"                             \
	" join agent b on b.id = m.second_agent "

/* Of one-player games alone: whoever adds others need not say that there are
 * none. */
static void add_points(struct sql *q, const struct store_match *m)
{
	sql_real(q, m->second ? (double)NAN : m->points);
	sql_real(q, m->second ? (double)NAN : m->points_low);
	sql_real(q, m->second ? (double)NAN : m->points_high);
}

/* NULL where they were not counted. */
static void add_pairs(struct sql *q, const struct store_match *m)
{
	if (m->pairs) {
		sql_int(q, m->pairs);
		for (int i = 0; i < 5; i++)
			sql_int(q, m->distinct[i]);
		return;
	}
	for (int i = 0; i < 6; i++)
		sql_id(q, 0);
}

/* The column wants an agent: nobody has an empty spec. */
static const char *second_spec(const struct store_match *m)
{
	return m->second ? m->second : "";
}

static enum store_status match_insert(struct store *s,
				      const struct store_match *m,
				      int64_t first, int64_t second,
				      int64_t *id)
{
	struct sql q;

	sql_write(&q, s, "save the match",
		  "insert into match(game, first_agent, second_agent, games,"
		  " wins, draws, losses, elo, elo_low, elo_high, seed,"
		  " openings, run_id, step, created_ms, points, points_low,"
		  " points_high, sprt, pairs, pairs_0, pairs_1, pairs_2,"
		  " pairs_3, pairs_4) values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		  " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	sql_text(&q, m->game);
	sql_id(&q, first);
	sql_id(&q, second);
	sql_int(&q, m->games);
	sql_int(&q, m->wins);
	sql_int(&q, m->draws);
	sql_int(&q, m->losses);
	sql_real(&q, m->elo);
	sql_real(&q, m->elo_low);
	sql_real(&q, m->elo_high);
	sql_int(&q, (int64_t)m->seed);
	sql_text(&q, m->openings);
	sql_id(&q, m->run_id);
	sql_step_id(&q, m->step);
	sql_int(&q, m->created_ms ? m->created_ms : now_ms());
	add_points(&q, m);
	sql_text(&q, m->sprt);
	add_pairs(&q, m);
	return sql_add(&q, id);
}

enum store_status store_match_add(struct store *s, const struct store_match *m,
				  int64_t *id)
{
	int64_t first = 0, second = 0, match_id = 0;
	enum store_status st;
	struct own_tx tx;

	st = own_begin(s, &tx);
	if (st == STORE_OK) {
		st = agent_id(s, m->first, &first);
		if (st == STORE_OK)
			st = agent_id(s, second_spec(m), &second);
		if (st == STORE_OK)
			st = match_insert(s, m, first, second, &match_id);
		st = own_end(s, &tx, st);
	}
	if (id)
		*id = st == STORE_OK ? match_id : 0;
	return st;
}

static enum store_status no_match(struct store *s, int64_t id)
{
	return store_say(s, STORE_NOTFOUND, "%s has no match %lld", s->path,
			 (long long)id);
}

enum store_status store_match_update(struct store *s,
				     const struct store_match *m)
{
	enum store_status st;
	struct sql q;

	sql_write(&q, s, "save the match",
		  "update match set games = ?, wins = ?, draws = ?,"
		  " losses = ?, elo = ?, elo_low = ?, elo_high = ?, points = ?,"
		  " points_low = ?, points_high = ?, sprt = ?, pairs = ?,"
		  " pairs_0 = ?, pairs_1 = ?, pairs_2 = ?, pairs_3 = ?,"
		  " pairs_4 = ? where id = ?");
	sql_int(&q, m->games);
	sql_int(&q, m->wins);
	sql_int(&q, m->draws);
	sql_int(&q, m->losses);
	sql_real(&q, m->elo);
	sql_real(&q, m->elo_low);
	sql_real(&q, m->elo_high);
	add_points(&q, m);
	sql_text(&q, m->sprt);
	add_pairs(&q, m);
	sql_int(&q, m->id);
	st = sql_run(&q);
	if (st == STORE_OK && sql_changes(s) == 0)
		return no_match(s, m->id);
	return st;
}

static void match_take(struct sql *q, struct store_bag *bag,
		       struct store_match *m)
{
	m->id = sql_col_int(q);
	m->game = sql_col_need(q, bag);
	m->first = sql_col_need(q, bag);
	m->second = sql_col_text(q, bag);
	m->games = sql_col_count(q);
	m->wins = sql_col_count(q);
	m->draws = sql_col_count(q);
	m->losses = sql_col_count(q);
	m->elo = sql_col_elo(q);
	m->elo_low = sql_col_elo(q);
	m->elo_high = sql_col_elo(q);
	m->points = sql_col_real(q);
	m->points_low = sql_col_real(q);
	m->points_high = sql_col_real(q);
	m->seed = (uint64_t)sql_col_int(q);
	m->openings = sql_col_text(q, bag);
	m->run_id = sql_col_int(q);
	m->step = sql_col_step(q);
	m->created_ms = sql_col_count(q);
	m->sprt = sql_col_text(q, bag);
	m->pairs = sql_col_count(q);
	for (int i = 0; i < 5; i++)
		m->distinct[i] = sql_col_count(q);
}

enum store_status store_match_get(struct store *s, struct store_bag *bag,
				  int64_t match_id, struct store_match *out)
{
	enum store_status st;
	struct sql q;
	bool found;

	memset(out, 0, sizeof(*out));
	sql_read(&q, s, "read the match", MATCH_SELECT "where m.id = ?");
	sql_int(&q, match_id);
	found = sql_next(&q);
	if (found)
		match_take(&q, bag, out);
	st = sql_end(&q);
	return st == STORE_OK && !found ? no_match(s, match_id) : st;
}

enum store_status store_match_list(struct store *s, struct store_bag *bag,
				   int64_t run_id, struct store_match **rows,
				   size_t *count)
{
	struct rows all = ROWS_OF(struct store_match);
	struct sql q;

	if (run_id) {
		sql_read(&q, s, "read the matches",
			 MATCH_SELECT "where m.run_id = ? order by m.id desc");
		sql_int(&q, run_id);
	} else {
		sql_read(&q, s, "read the matches",
			 MATCH_SELECT "order by m.id desc");
	}
	while (sql_next(&q))
		match_take(&q, bag, rows_push(&all));
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_match_like(struct store *s, struct store_bag *bag,
				   const char *text, struct store_match **rows,
				   size_t *count)
{
	struct rows all = ROWS_OF(struct store_match);
	struct sql q;

	sql_read(&q, s, "read the matches",
		 MATCH_SELECT
		 "where m.id in (select id from match where first_agent in"
		 " (select id from agent where instr(spec, ?1)) or"
		 " second_agent in (select id from agent where"
		 " instr(spec, ?1))) order by m.id desc");
	sql_text(&q, text);
	while (sql_next(&q))
		match_take(&q, bag, rows_push(&all));
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_match_list_met(struct store *s, struct store_bag *bag,
				       const char *game,
				       struct store_match **rows, size_t *count)
{
	struct rows all = ROWS_OF(struct store_match);
	struct sql q;

	sql_read(&q, s, "read the matches",
		 MATCH_SELECT "where m.game = ? and m.games > 0"
			      " and a.spec <> '' and b.spec <> ''"
			      " and a.id <> b.id order by min(a.spec, b.spec),"
			      " max(a.spec, b.spec), m.id");
	sql_text(&q, game);
	while (sql_next(&q))
		match_take(&q, bag, rows_push(&all));
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_pairing_games(struct store *s, struct store_bag *bag,
				      const char ***games, size_t *count)
{
	struct rows all = ROWS_OF(const char *);
	struct sql q;

	sql_read(&q, s, "read the matches",
		 "select distinct m.game from match m"
		 " join agent b on b.id = m.second_agent where b.spec <> ''"
		 " and m.games > 0 and m.first_agent <> m.second_agent"
		 " order by m.game");
	while (sql_next(&q))
		*(const char **)rows_push(&all) = sql_col_need(&q, bag);
	return rows_give(&all, sql_end(&q), bag, games, count);
}

enum store_status store_rating_clear(struct store *s, const char *game)
{
	struct sql q;

	sql_write(&q, s, "save the ratings",
		  "delete from rating where game = ?");
	sql_text(&q, game);
	return sql_run(&q);
}

static enum store_status
rating_insert(struct store *s, const struct store_rating *r, int64_t agent)
{
	struct sql q;

	sql_write(&q, s, "save the rating",
		  "insert or replace into rating(game, agent_id, elo, elo_low,"
		  " elo_high, games, updated_ms, score, linked)"
		  " values(?, ?, ?, ?, ?, ?, ?, ?, ?)");
	sql_text(&q, r->game);
	sql_int(&q, agent);
	sql_real(&q, r->elo);
	sql_real(&q, r->elo_low);
	sql_real(&q, r->elo_high);
	sql_int(&q, r->games);
	sql_int(&q, now_ms());
	sql_real(&q, r->score);
	sql_int(&q, r->linked);
	return sql_run(&q);
}

enum store_status store_rating_set(struct store *s,
				   const struct store_rating *r)
{
	enum store_status st;
	struct own_tx tx;
	int64_t agent;

	st = own_begin(s, &tx);
	if (st != STORE_OK)
		return st;
	st = agent_id(s, r->agent, &agent);
	if (st == STORE_OK)
		st = rating_insert(s, r, agent);
	return own_end(s, &tx, st);
}

enum store_status store_rating_list(struct store *s, struct store_bag *bag,
				    const char *game,
				    struct store_rating **rows, size_t *count)
{
	struct rows all = ROWS_OF(struct store_rating);
	struct sql q;

	sql_read(&q, s, "read the ratings",
		 "select a.spec, t.game, t.elo, t.elo_low, t.elo_high, t.games,"
		 " t.updated_ms, t.score, t.linked from rating t join agent a "
		 "on a.id = t.agent_id"
		 " where ?1 is null or t.game = ?1"
		 " order by t.elo desc, a.spec");
	sql_text(&q, game);
	while (sql_next(&q)) {
		struct store_rating *r = rows_push(&all);

		r->agent = sql_col_need(&q, bag);
		r->game = sql_col_need(&q, bag);
		r->elo = sql_col_elo(&q);
		r->elo_low = sql_col_elo(&q);
		r->elo_high = sql_col_elo(&q);
		r->games = sql_col_count(&q);
		r->updated_ms = sql_col_count(&q);
		r->score = sql_col_real(&q);
		r->linked = sql_col_int(&q) != 0;
	}
	return rows_give(&all, sql_end(&q), bag, rows, count);
}
