/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/match.h"

#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"

/* Games given to each worker before the finished ones are delivered. */
enum { GAMES_PER_WORKER = 4, DEFAULT_RANDOM_PLIES = 2 };

/* --- openings ------------------------------------------------------------ */

static enum err_code add_line(struct match_openings *o, const char *line,
			      const struct game *g, struct err *e)
{
	void *state = game_state_new(g, 0);
	game_move *moves = mem_zalloc((size_t)g->max_plies, sizeof(*moves));
	enum err_code rc;
	int n;

	rc = game_play_text(g, state, line, moves, &n, e);
	if (!rc && g->rules->to_act(g, state) == GAME_OVER)
		rc = err_set(e, ERR_FORMAT, "the opening '%s' ends the game",
			     line);
	if (!rc) {
		o->lines = mem_realloc(o->lines, (size_t)(o->line_count + 1) *
							 sizeof(*o->lines));
		o->lines[o->line_count++] = mem_strdup(line);
	}
	free(moves);
	free(state);
	return rc;
}

static enum err_code read_lines(struct match_openings *o, const char *path,
				const struct game *g, struct err *e)
{
	FILE *f = fopen(path, "r");
	enum err_code rc = ERR_OK;
	char line[4096];
	int number = 0;

	if (!f)
		return err_set(e, ERR_IO,
			       "cannot read the openings %s: %s (say random:K "
			       "or name a file)",
			       path, strerror(errno));
	while (!rc && fgets(line, sizeof(line), f)) {
		char *p = line + strspn(line, " \t");

		number++;
		p[strcspn(p, "#\r\n")] = '\0';
		if (*p)
			rc = add_line(o, p, g, e);
		if (rc)
			err_prefix(e, "%s:%d", path, number);
	}
	fclose(f);
	if (!rc && !o->line_count)
		rc = err_set(e, ERR_FORMAT, "%s: no opening in this file",
			     path);
	return rc;
}

enum err_code match_openings_read(struct match_openings *o, const char *text,
				  const struct game *g, struct err *e)
{
	enum err_code rc = ERR_OK;
	char *end;
	long n;

	memset(o, 0, sizeof(*o));
	if (!text) {
		o->random_plies = DEFAULT_RANDOM_PLIES;
	} else if (!strncmp(text, "random:", 7)) {
		n = strtol(text + 7, &end, 10);
		if (end == text + 7 || *end || n < 0 || n > g->max_plies)
			return err_set(e, ERR_USAGE,
				       "openings '%s': must be random:0 to "
				       "random:%d",
				       text, g->max_plies);
		o->random_plies = (int)n;
	} else {
		rc = read_lines(o, text, g, e);
		if (rc)
			match_openings_release(o);
	}
	return rc;
}

void match_openings_release(struct match_openings *o)
{
	for (int i = 0; i < o->line_count; i++)
		free(o->lines[i]);
	free(o->lines);
	memset(o, 0, sizeof(*o));
}

/* --- one game ------------------------------------------------------------ */

struct played {
	game_move *moves;         /* owned */
	struct thought *thoughts; /* owned; NULL if not kept */
	int count, opening;
	float result, first_result;
	double points;
	struct game_fact facts[GAME_MAX_FACTS];
	int fact_count;
	char ended[sizeof(((struct thought *)NULL)->forfeit)];
	bool finished;
};

struct match {
	const struct match_request *request;
	struct agent **agents; /* owned; [threads][2] */
	struct played *played; /* owned; the chunk at hand */
	int first_game;        /* of the chunk */
	atomic_bool cancelled;
	bool enough; /* the request says so */
	bool (*tick)(void *ctx);
	void *ctx;
};

/* Numbered so that games 2n and 2n + 1 of two players begin alike. */
static uint64_t opening_of(const struct match_request *m, int number)
{
	return (uint64_t)(m->game->player_count > 1 ? number / 2 : number);
}

/* What chance does at `state`, `ply` plies into the game. */
static game_move chance_move(const struct match_request *m, uint64_t number,
			     int ply, const void *state, game_move *legal)
{
	struct rng rng;

	rng_init(&rng, m->seed, RNG_CHANCE, number, (uint64_t)ply);
	return game_chance_move(m->game, state, &rng, legal);
}

static void play_opening(const struct match_request *m, int number, void *state,
			 struct played *p)
{
	const struct match_openings *o = m->openings;
	uint64_t opening = opening_of(m, number);
	struct rng rng;

	if (o->line_count) {
		opening %= (uint64_t)o->line_count;
		if (game_play_text(m->game, state, o->lines[opening], p->moves,
				   &p->count, NULL))
			p->count = 0;
	} else {
		rng_init(&rng, m->seed, RNG_OPENING, opening, 0);
		game_opening(m->game, state, o->random_plies, &rng, p->moves,
			     &p->count);
	}
	p->opening = p->count;
}

double match_points(const struct game *g, const void *state)
{
	float value[GAME_MAX_PLAYERS];

	if (g->rules->points)
		return g->rules->points(g, state);
	if (g->player_count > 1)
		return (double)NAN;
	g->rules->score(g, state, value);
	return (double)value[0];
}

void match_count(struct match_result *r, const struct match_game *g)
{
	r->games++;
	r->wins += g->result > 0;
	r->draws += g->result == 0;
	r->losses += g->result < 0;
	if (!isnan(g->points))
		stat_add(&r->points, g->points);
	for (int i = 0; i < g->fact_count; i++) {
		r->fact_names[i] = g->facts[i].name;
		stat_add(&r->facts[i], g->facts[i].value);
	}
	if (g->fact_count)
		r->fact_count = g->fact_count;
}

/* Which agent acts: 0 or 1. */
static int seat_of(const struct match_request *m, int number, int player)
{
	return m->game->player_count > 1 ? player ^ (number % 2) : 0;
}

/* One ply by the agent whose turn it is; GAME_NO_MOVE after a forfeit. */
static game_move ask_agent(const struct match *match, int worker, int number,
			   int player, const void *state, struct played *p)
{
	const struct match_request *m = match->request;
	int seat = seat_of(m, number, player);
	struct agent *a = match->agents[2 * worker + seat];
	struct thought t;
	game_move move;

	agent_line(a, p->moves, p->count);
	agent_think(a, state, rng_mix(m->seed, (uint64_t)seat),
		    (uint64_t)number, p->count, &match->cancelled, &t);
	move = t.move;
	if (*t.forfeit) {
		move = GAME_NO_MOVE;
		memcpy(p->ended, t.forfeit, sizeof(p->ended));
	}
	if (p->thoughts && move != GAME_NO_MOVE)
		p->thoughts[p->count] = t;
	else
		thought_release(&t);
	return move;
}

/* Whoever could not move has lost, whatever the position. */
static void take_forfeit(const struct match_request *m, int number, int player,
			 struct played *p)
{
	int seat = seat_of(m, number, player);

	p->first_result = player == 0 ? -1 : 1;
	p->result = seat == 0 ? -1 : 1;
	p->points = (double)NAN;
	p->finished = true;
}

static void take_result(const struct match_request *m, int number,
			const void *state, struct played *p)
{
	float value[GAME_MAX_PLAYERS];

	m->game->rules->score(m->game, state, value);
	p->first_result = value[0];
	p->result = seat_of(m, number, 0) == 0 ? value[0] : -value[0];
	p->points = match_points(m->game, state);
	if (m->game->rules->facts)
		p->fact_count = m->game->rules->facts(m->game, state, p->facts);
	snprintf(p->ended, sizeof(p->ended), "%s",
		 m->game->rules->ended ? m->game->rules->ended(m->game, state)
				       : "rules");
	p->finished = true;
}

static void play_game(void *ctx, int i, int worker)
{
	struct match *match = ctx;
	const struct match_request *m = match->request;
	const struct game_rules *rules = m->game->rules;
	struct played *p = &match->played[i];
	int number = match->first_game + i;
	void *state =
		game_state_new(m->game, rng_mix(m->seed, (uint64_t)number));
	game_move *legal =
		mem_zalloc((size_t)m->game->move_count, sizeof(*legal));
	int player;

	p->moves = mem_zalloc((size_t)m->game->max_plies, sizeof(*p->moves));
	if (m->thoughts)
		p->thoughts = mem_zalloc((size_t)m->game->max_plies,
					 sizeof(*p->thoughts));
	play_opening(m, number, state, p);
	while ((player = rules->to_act(m->game, state)) != GAME_OVER) {
		game_move move;

		if (worker == 0 && match->tick && !match->tick(match->ctx))
			atomic_store(&match->cancelled, true);
		if (atomic_load(&match->cancelled))
			break;
		if (player == GAME_CHANCE)
			move = chance_move(m, (uint64_t)number, p->count, state,
					   legal);
		else
			move = ask_agent(match, worker, number, player, state,
					 p);
		if (move == GAME_NO_MOVE)
			break;
		rules->apply(m->game, state, move);
		p->moves[p->count++] = move;
	}
	if (player == GAME_OVER)
		take_result(m, number, state, p);
	else if (*p->ended && !atomic_load(&match->cancelled))
		take_forfeit(m, number, player, p);
	free(legal);
	free(state);
}

static void release_played(struct played *p)
{
	for (int i = 0; p->thoughts && i < p->count; i++)
		thought_release(&p->thoughts[i]);
	free(p->thoughts);
	free(p->moves);
	memset(p, 0, sizeof(*p));
}

/* Hand over what is finished, in order, up to the first gap or to where it is
 * enough. */
static bool deliver(struct match *match, int n,
		    void (*done)(void *ctx, const struct match_game *g),
		    struct match_result *out)
{
	for (int i = 0; i < n; i++) {
		const struct played *p = &match->played[i];
		struct match_game g = {
			.number = match->first_game + i,
			.first = seat_of(match->request, match->first_game + i,
					 0),
			.moves = p->moves,
			.count = p->count,
			.opening = p->opening,
			.result = p->result,
			.first_result = p->first_result,
			.points = p->points,
			.facts = p->facts,
			.fact_count = p->fact_count,
			.ended = p->ended,
			.thoughts = p->thoughts,
		};

		if (!p->finished)
			return false;
		match_count(out, &g);
		if (done)
			done(match->ctx, &g);
		if (match->request->enough &&
		    match->request->enough(match->ctx)) {
			match->enough = true;
			break;
		}
	}
	return true;
}

enum err_code match_check_players(const struct game *g,
				  const char *const agents[2], struct err *e)
{
	int given = agents[1] ? 2 : 1;

	if (given == g->player_count)
		return ERR_OK;
	return err_set(e, ERR_USAGE,
		       given == 2 ? "%s is a game for one: name one agent"
				  : "%s is a game for two: name two agents",
		       game_short_name(g));
}

static enum err_code open_agents(struct match *match, int threads,
				 struct err *e)
{
	const struct match_request *m = match->request;
	enum err_code rc = match_check_players(m->game, m->agents, e);

	if (rc)
		return rc;
	match->agents = mem_zalloc((size_t)threads * 2, sizeof(*match->agents));
	for (int i = 0; i < 2 * threads; i++) {
		struct agent **a = &match->agents[i];

		if (!m->agents[i % 2])
			continue;
		rc = agent_open(a, m->agents[i % 2], m->game, m->source, e);
		if (!rc && agent_is_human(*a))
			rc = err_set(
				e, ERR_USAGE,
				"'%s' cannot play in a match: use the lab's "
				"play screen",
				m->agents[i % 2]);
		if (rc)
			return rc;
		agent_keep_trace(*a, m->thoughts);
	}
	return ERR_OK;
}

enum err_code match_play(const struct match_request *m, struct pool *pool,
			 void (*done)(void *ctx, const struct match_game *g),
			 bool (*tick)(void *ctx), void *ctx,
			 struct match_result *out, struct err *e)
{
	int threads = pool_threads(pool);
	int chunk = threads * GAMES_PER_WORKER;
	struct match match = {.request = m, .tick = tick, .ctx = ctx};
	enum err_code rc;

	memset(out, 0, sizeof(*out));
	match.played = mem_zalloc((size_t)chunk, sizeof(*match.played));
	rc = open_agents(&match, threads, e);
	while (!rc && !match.enough && match.first_game < m->games) {
		int n = m->games - match.first_game;

		if (n > chunk)
			n = chunk;
		pool_run(pool, n, play_game, &match);
		if (!deliver(&match, n, done, out))
			rc = err_set(e, ERR_CANCELLED, "the match was stopped");
		for (int i = 0; i < n; i++)
			release_played(&match.played[i]);
		match.first_game += n;
	}
	for (int i = 0; match.agents && i < 2 * threads; i++)
		agent_close(match.agents[i]);
	free(match.agents);
	free(match.played);
	return rc;
}
