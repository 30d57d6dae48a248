/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/match_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/stat.h"
#include "core/game/game.h"
#include "core/lab/keep.h"
#include "core/lab/rate_lab.h"
#include "core/rate/tally.h"
#include "store/match.h"
#include "store/store.h"

/*
 * Games of a few milliseconds are held back in memory for up to this long and
 * go into the lab together: a commit for each would hold the lock of the lab
 * nearly all the time, and whoever else writes, the order to stop among them,
 * would wait.
 */
static const double KEEP_SECONDS = 0.2;

struct held_game {
	struct match_game game; /* its moves and text are these: */
	game_move *moves;       /* owned */
	char *ended;            /* owned */
};

struct matching {
	const struct match_options *options;
	struct match_outcome *out;
	struct store *store; /* borrowed; NULL: nothing is kept */
	struct store_match row;
	struct job job;
	struct buf sprt; /* the test as it stands, for the row */
	enum store_status failed;
	struct held_game *held; /* owned */
	int held_count, held_room;
	double keep_at; /* clock_seconds() of the next commit */
};

static void rate(struct match_outcome *out, const struct game *g)
{
	const struct match_result *r = &out->result;

	out->points = stat_mean_of(&r->points);
	if (r->games && g->player_count > 1)
		out->elo = tally_elo(&r->tally);
	else
		out->elo.elo = out->elo.low = out->elo.high = out->elo.score =
			(double)NAN;
}

static void fill_row(struct matching *m)
{
	keep_match_figures(&m->row, &m->out->result);
	if (m->options->sprt) {
		struct json j;

		buf_clear(&m->sprt);
		json_init(&j, &m->sprt);
		sprt_json(&m->out->sprt, &j);
		m->row.sprt = m->sprt.data;
	}
}

static const char *second_name(const struct matching *m)
{
	return m->options->agents[1] ? m->out->names[1] : NULL;
}

static void release_held(struct matching *m)
{
	for (int i = 0; i < m->held_count; i++) {
		free(m->held[i].moves);
		free(m->held[i].ended);
	}
	m->held_count = 0;
}

static void hold_back(struct matching *m, const struct match_game *g)
{
	size_t bytes = (size_t)g->count * sizeof(*g->moves);
	struct held_game *h;

	if (m->held_count == m->held_room) {
		m->held_room = m->held_room ? 2 * m->held_room : 64;
		m->held = mem_realloc(m->held,
				      (size_t)m->held_room * sizeof(*m->held));
	}
	h = &m->held[m->held_count++];
	h->moves = mem_alloc(bytes);
	memcpy(h->moves, g->moves, bytes);
	h->ended = mem_strdup(g->ended);
	h->game = *g;
	h->game.moves = h->moves;
	h->game.ended = h->ended;
	h->game.facts = NULL; /* they are had from the moves again */
	h->game.fact_count = 0;
}

static enum store_status keep_game(struct matching *m,
				   const struct match_game *g)
{
	const char *const names[2] = {m->out->names[0], second_name(m)};

	return keep_match_game(m->store, m->options->game, m->row.id, names,
			       m->options->seed, g);
}

/* The games held back, `last` (may be NULL) and the new score of the match,
 * together. */
static enum store_status keep(struct matching *m, const struct match_game *last)
{
	enum store_status st = lab_begin(m->store, job_goes_on, &m->job);

	for (int i = 0; !st && i < m->held_count; i++)
		st = keep_game(m, &m->held[i].game);
	if (!st && last)
		st = keep_game(m, last);
	fill_row(m);
	if (!st)
		st = store_match_update(m->store, &m->row);
	if (st)
		store_rollback(m->store);
	else
		st = store_commit(m->store);
	release_held(m);
	m->keep_at = clock_seconds() + KEEP_SECONDS;
	return st;
}

static void tell(struct matching *m)
{
	const struct match_result *r = &m->out->result;
	int games = m->options->games;

	if (m->options->sprt)
		job_progress(&m->job, r->games, games,
			     "%d of at most %d games: +%d =%d -%d, LLR %.2f",
			     r->games, games, r->wins, r->draws, r->losses,
			     m->out->sprt.llr);
	else if (m->options->game->player_count > 1)
		job_progress(&m->job, r->games, games,
			     "%d of %d games: +%d =%d -%d", r->games, games,
			     r->wins, r->draws, r->losses);
	else
		job_progress(&m->job, r->games, games,
			     "%d of %d games: mean score %.1f", r->games, games,
			     m->out->points.mean);
}

static void on_game(void *ctx, const struct match_game *g)
{
	struct matching *m = ctx;
	struct match_result *r = &m->out->result;

	if (m->failed)
		return;
	match_count(r, g);
	rate(m->out, m->options->game);
	if (m->options->sprt)
		sprt_look(&m->out->sprt, r->tally.outcome, r->tally.openings);
	if (m->store) {
		/* What was thought is large, and not there for long. */
		if (g->thoughts || clock_seconds() >= m->keep_at)
			m->failed = keep(m, g);
		else
			hold_back(m, g);
		tell(m);
	}
	if (m->options->report)
		m->options->report(m->options->ctx, r);
}

static bool on_tick(void *ctx)
{
	struct matching *m = ctx;
	const atomic_bool *stop = m->options->interrupt;

	if (m->held_count && !m->failed &&
	    clock_seconds() >= fmin(m->keep_at, m->job.beat_at))
		m->failed = keep(m, NULL); /* a job may pause at its beat */
	if (m->failed)
		return false;
	/* A job hears of the interrupt itself, and ends as stopped. */
	if (m->store)
		return job_tick(&m->job);
	return !stop || !atomic_load(stop);
}

static bool is_decided(void *ctx)
{
	const struct matching *m = ctx;

	return m->out->sprt.verdict != SPRT_UNDECIDED;
}

static enum err_code name_agents(struct matching *m,
				 const struct agent_source *source,
				 struct err *e)
{
	for (int i = 0; i < 2 && m->options->agents[i]; i++) {
		struct agent *a;
		enum err_code code = agent_open(&a, m->options->agents[i],
						m->options->game, source, e);

		if (code)
			return code;
		if (snprintf(m->out->names[i], sizeof(m->out->names[i]), "%s",
			     agent_name(a)) >= (int)sizeof(m->out->names[i]))
			code = err_set(e, ERR_USAGE,
				       "agent %.40s... is too long: with all "
				       "that it is set to, at most %zu "
				       "characters",
				       agent_name(a),
				       sizeof(m->out->names[i]) - 1);
		agent_close(a);
		if (code)
			return code;
	}
	return ERR_OK;
}

static enum err_code begin_keeping(struct matching *m, struct lab *lab,
				   struct err *e)
{
	const struct match_options *o = m->options;
	enum store_status st;
	enum err_code code;

	m->store = lab_store(lab);
	m->job.interrupt = o->interrupt;
	code = job_begin(&m->job, m->store, "match", o->command, e);
	if (code) {
		m->store = NULL;
		return code;
	}
	m->row = (struct store_match){
		.game = o->game->name,
		.first = m->out->names[0],
		.second = second_name(m),
		.seed = o->seed,
		.openings = o->openings,
		.run_id = o->run_id,
		.step = o->run_id ? o->step : -1,
	};
	fill_row(m);
	st = store_match_add(m->store, &m->row, &m->row.id);
	if (st)
		return lab_error(m->store, st, e);
	m->out->match_id = m->row.id;
	return ERR_OK;
}

static enum err_code play(struct matching *m, const struct agent_source *source,
			  const struct match_openings *openings, struct err *e)
{
	const struct match_options *o = m->options;
	struct match_result counted;
	struct pool *pool = pool_new(o->threads);
	enum err_code code;

	code = match_play(
		&(struct match_request){
			.game = o->game,
			.agents = {m->out->names[0], second_name(m)},
			.source = source,
			.openings = openings,
			.games = o->games,
			.life = o->life,
			.seed = o->seed,
			.thoughts = o->traces,
			.enough = o->sprt ? is_decided : NULL,
		},
		pool, on_game, on_tick, m, &counted, e);
	pool_free(pool);
	if (m->held_count && !m->failed)
		m->failed = keep(m, NULL);
	m->out->result = counted;
	if (m->failed)
		return lab_error(m->store, m->failed, e);
	return code;
}

/* What was played counts in the ratings from now on, of a stopped match too.
 * Returns `played`, or what went wrong here. */
static enum err_code refit(struct lab *lab, const struct match_options *o,
			   enum err_code played, struct err *e)
{
	struct rate_table table;
	enum err_code code;

	if (!o->agents[1] || (played && played != ERR_CANCELLED))
		return played;
	code = rate_lab(lab, o->game->name, NULL, &table, e);
	if (code)
		return code;
	rate_table_release(&table);
	return played;
}

enum err_code match_run(struct lab *lab, const struct match_options *options,
			struct match_outcome *out, struct err *e)
{
	struct matching m = {.options = options, .out = out};
	const struct agent_source *source = lab ? lab_agents(lab) : NULL;
	struct match_openings openings;
	enum err_code code;

	memset(out, 0, sizeof(*out));
	rate(out, options->game);
	code = match_check_players(options->game, options->agents, e);
	if (!code && options->sprt && options->game->player_count == 1)
		code = err_set(
			e, ERR_USAGE,
			"%s is a one-player game: there is no Elo to test",
			game_short_name(options->game));
	if (!code && options->sprt)
		code = sprt_check(options->sprt, e);
	if (code)
		return code;
	if (options->sprt)
		sprt_init(&out->sprt, options->sprt);
	code = match_openings_read(&openings, options->openings, options->game,
				   e);
	if (code)
		return code;
	buf_init(&m.sprt);
	code = name_agents(&m, source, e);
	if (!code && options->keep)
		code = begin_keeping(&m, lab, e);
	if (!code)
		code = play(&m, source, &openings, e);
	if (m.store)
		code = refit(lab, options, code, e);
	if (m.store)
		job_end(&m.job, code && code != ERR_CANCELLED ? e : NULL);
	release_held(&m);
	free(m.held);
	buf_release(&m.sprt);
	match_openings_release(&openings);
	return code;
}
