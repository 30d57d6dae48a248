/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/match.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"

/*
 * Games that a worker plays side by side: a network answers many positions in
 * little more time than a few, and more than these gain nothing.  With thoughts
 * kept, whose trees are large, fewer.
 */
enum { SIDE_BY_SIDE = 32, SIDE_BY_SIDE_KEPT = 8 };

/* Games begun, for each that is played at a time, before all are waited for:
 * what is kept until an earlier game ends stays small. */
enum { ROUNDS = 64, ROUNDS_KEPT = 2 };

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
	atomic_bool finished; /* by its worker, when all else is there */
};

/* A place at which one game after the other is played. */
struct lane {
	struct played *p;           /* borrowed; NULL: no game */
	int number;                 /* of the game */
	int player;                 /* who acts: a player */
	void *state;                /* owned; NULL: no game */
	struct agent_kept *kept[2]; /* owned */
};

struct worker {
	struct agent *agents[2];  /* owned; the second NULL for one player */
	struct lane *lanes;       /* owned; [match.lanes] */
	struct agent_turn *turns; /* owned; [match.lanes] */
	struct lane **asked;      /* owned; [match.lanes]: whose a turn is */
	game_move *legal;         /* owned; [move_count] */
	int next, end;            /* games of the life in hand */
	bool told;                /* its agents have seen games */
	struct err error;         /* why it could not go on; none: "" */
	enum err_code failed;
};

struct match {
	const struct match_request *request;
	struct worker *workers; /* owned; [threads] */
	int threads, lanes;     /* lanes of each worker */
	int life;               /* games of one life; 1: nobody learns */
	bool together;          /* an agent gains from many games */
	struct played *played;  /* owned; the games at hand, from `first` */
	int first, end;         /* of those */
	atomic_int begun;       /* number of the next to begin */
	int delivered;          /* by the calling thread */
	atomic_bool cancelled;  /* nobody plays on */
	bool enough;            /* the request says so */
	void (*done)(void *ctx, const struct match_game *g);
	bool (*tick)(void *ctx);
	void *ctx;
	struct match_result *out;
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

static void *new_state(const struct match_request *m, int number)
{
	return game_state_new(m->game, rng_mix(m->seed, (uint64_t)number));
}

/* Which agent acts: 0 or 1. */
static int seat_of(const struct match_request *m, int number, int player)
{
	return m->game->player_count > 1 ? player ^ (number % 2) : 0;
}

/* Whoever could not move has lost, whatever the position. */
static void take_forfeit(const struct match_request *m, struct lane *lane)
{
	int seat = seat_of(m, lane->number, lane->player);
	struct played *p = lane->p;

	p->first_result = lane->player == 0 ? -1 : 1;
	p->result = seat == 0 ? -1 : 1;
	p->points = (double)NAN;
}

static void take_result(const struct match_request *m, const struct lane *lane)
{
	const void *state = lane->state;
	struct played *p = lane->p;
	float value[GAME_MAX_PLAYERS];

	m->game->rules->score(m->game, state, value);
	p->first_result = value[0];
	p->result = seat_of(m, lane->number, 0) == 0 ? value[0] : -value[0];
	p->points = match_points(m->game, state);
	if (m->game->rules->facts)
		p->fact_count = m->game->rules->facts(m->game, state, p->facts);
	snprintf(p->ended, sizeof(p->ended), "%s",
		 m->game->rules->ended ? m->game->rules->ended(m->game, state)
				       : "rules");
}

static void release_played(struct played *p)
{
	for (int i = 0; p->thoughts && i < p->count; i++)
		thought_release(&p->thoughts[i]);
	free(p->thoughts);
	free(p->moves);
	p->thoughts = NULL;
	p->moves = NULL;
}

/* --- delivery ------------------------------------------------------------ */

static void hand_over(struct match *match, int number, const struct played *p)
{
	struct match_game g = {
		.number = number,
		.first = seat_of(match->request, number, 0),
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

	match_count(match->out, &g);
	if (match->done)
		match->done(match->ctx, &g);
}

/* What is finished, in order, up to the first gap or to where it is enough.  By
 * the calling thread, while the others play on. */
static void deliver(struct match *match)
{
	const struct match_request *m = match->request;

	while (!match->enough && match->delivered < match->end) {
		int number = match->delivered;
		struct played *p = &match->played[number - match->first];

		if (!atomic_load(&p->finished))
			return;
		hand_over(match, number, p);
		release_played(p);
		match->delivered++;
		match->enough = m->enough && m->enough(match->ctx);
	}
	if (match->enough)
		atomic_store(&match->cancelled, true);
}

/* By the calling thread, however long the others think. */
static void look(void *ctx)
{
	struct match *match = ctx;

	deliver(match);
	if (match->tick && !match->tick(match->ctx))
		atomic_store(&match->cancelled, true);
}

/* --- lives -----------------------------------------------------------------
 */

static enum err_code open_agent(const struct match_request *m, struct worker *w,
				int seat, struct err *e)
{
	const char *spec = m->agents[seat];
	enum err_code rc =
		agent_open(&w->agents[seat], spec, m->game, m->source, e);

	if (!rc && agent_is_human(w->agents[seat]))
		rc = err_set(e, ERR_USAGE,
			     "'%s' cannot play in a match: use the lab's play "
			     "screen",
			     spec);
	if (!rc)
		agent_keep_trace(w->agents[seat], m->thoughts);
	return rc;
}

/* Both agents hear of a game before anybody else does: once it is finished, it
 * may be gone. */
static void tell_agents(struct match *match, struct worker *w,
			const struct lane *lane)
{
	const struct match_request *m = match->request;
	const struct played *p = lane->p;
	void *start;

	if (match->life == 1)
		return;
	start = new_state(m, lane->number);
	for (int i = 0; i < 2 && w->agents[i]; i++) {
		struct agent_game game = {
			.start = start,
			.moves = p->moves,
			.count = p->count,
			.opening = p->opening,
			.player = m->game->player_count > 1
					  ? seat_of(m, lane->number, i)
					  : 0,
			.result = i == 0 ? p->result : -p->result,
		};

		agent_learn(w->agents[i], &game);
	}
	free(start);
	w->told = true;
}

/* Who learns begins anew. */
static bool begin_life(struct match *match, struct worker *w)
{
	for (int i = 0; w->told && i < 2 && w->agents[i]; i++) {
		if (!agent_learns(w->agents[i]))
			continue;
		agent_close(w->agents[i]);
		w->failed = open_agent(match->request, w, i, &w->error);
		if (w->failed) {
			atomic_store(&match->cancelled, true);
			return false;
		}
	}
	w->told = false;
	return true;
}

/* The number of the next game, -1: none is left. */
static int next_game(struct match *match, struct worker *w)
{
	if (w->next == w->end) {
		w->next = atomic_fetch_add(&match->begun, match->life);
		w->end = w->next + match->life;
		if (match->life > 1 && w->next < match->end &&
		    !begin_life(match, w))
			w->next = match->end;
	}
	return w->next < match->end ? w->next++ : -1;
}

/* --- games side by side -------------------------------------------------- */

static bool begin_game(struct match *match, struct worker *w, struct lane *lane)
{
	const struct match_request *m = match->request;
	size_t plies = (size_t)m->game->max_plies;
	int number = next_game(match, w);

	if (number < 0)
		return false;
	lane->number = number;
	lane->p = &match->played[number - match->first];
	lane->state = new_state(m, number);
	lane->p->moves = mem_zalloc(plies, sizeof(*lane->p->moves));
	if (m->thoughts)
		lane->p->thoughts =
			mem_zalloc(plies, sizeof(*lane->p->thoughts));
	play_opening(m, number, lane->state, lane->p);
	return true;
}

/* No longer played: over, or given up. */
static void end_game(struct lane *lane)
{
	free(lane->state);
	lane->state = NULL;
	lane->p = NULL;
}

static void finish_game(struct match *match, struct worker *w,
			struct lane *lane)
{
	tell_agents(match, w, lane);
	atomic_store(&lane->p->finished, true);
	end_game(lane);
}

static void apply(const struct match_request *m, struct lane *lane,
		  game_move move)
{
	m->game->rules->apply(m->game, lane->state, move);
	lane->p->moves[lane->p->count++] = move;
}

/* To where a player acts, in the next game if this one is over; false: no game
 * is left. */
static bool advance(struct match *match, struct worker *w, struct lane *lane)
{
	const struct match_request *m = match->request;

	while (lane->p || begin_game(match, w, lane)) {
		lane->player = m->game->rules->to_act(m->game, lane->state);
		if (lane->player == GAME_OVER) {
			take_result(m, lane);
			finish_game(match, w, lane);
		} else if (lane->player == GAME_CHANCE) {
			apply(m, lane,
			      chance_move(m, (uint64_t)lane->number,
					  lane->p->count, lane->state,
					  w->legal));
		} else {
			return true;
		}
	}
	return false;
}

/* A thought becomes a move, or a forfeit. */
static void take_turn(struct match *match, struct worker *w, struct lane *lane,
		      struct thought *t)
{
	const struct match_request *m = match->request;
	struct played *p = lane->p;
	game_move move = t->move;

	if (*t->forfeit) {
		memcpy(p->ended, t->forfeit, sizeof(p->ended));
		thought_release(t);
		take_forfeit(m, lane);
		finish_game(match, w, lane);
		return;
	}
	if (p->thoughts)
		p->thoughts[p->count] = *t;
	else
		thought_release(t);
	apply(m, lane, move);
}

/* One that plays alone thinks as it does anywhere. */
static bool think_alone(struct match *match, struct agent *a, uint64_t seed,
			struct agent_turn *turn)
{
	agent_line(a, turn->at.line, turn->at.ply);
	agent_think(a, turn->at.state, seed, turn->at.game, turn->at.ply,
		    &match->cancelled, &turn->out);
	if (!atomic_load(&match->cancelled))
		return true;
	thought_release(&turn->out);
	return false;
}

static int gather_turns(struct match *match, struct worker *w, int seat)
{
	int n = 0;

	for (int i = 0; i < match->lanes; i++) {
		struct lane *lane = &w->lanes[i];

		if (!advance(match, w, lane) ||
		    seat_of(match->request, lane->number, lane->player) != seat)
			continue;
		w->asked[n] = lane;
		w->turns[n++] = (struct agent_turn){
			.at = {.state = lane->state,
			       .line = lane->p->moves,
			       .ply = lane->p->count,
			       .game = (uint64_t)lane->number},
			.kept = lane->kept[seat],
		};
	}
	return n;
}

/* The agent of this seat moves wherever it has the turn. */
static int ask_seat(struct match *match, struct worker *w, int seat)
{
	uint64_t seed = rng_mix(match->request->seed, (uint64_t)seat);
	int n = gather_turns(match, w, seat);
	/* Beginning a game may have made it anew. */
	struct agent *a = w->agents[seat];
	bool ok = true;

	if (n && !match->together)
		ok = think_alone(match, a, seed, w->turns);
	else if (n)
		ok = agent_think_together(a, w->turns, n, seed,
					  &match->cancelled);
	for (int i = 0; i < n && ok; i++)
		take_turn(match, w, w->asked[i], &w->turns[i].out);
	return n;
}

static void play_games(void *ctx, int task, int worker)
{
	struct match *match = ctx;
	struct worker *w = &match->workers[worker];
	int seats = match->request->game->player_count > 1 ? 2 : 1;
	bool going = true;

	(void)task;
	w->next = w->end = 0;
	while (going) {
		going = false;
		for (int seat = 0; seat < seats; seat++) {
			if (atomic_load(&match->cancelled))
				break;
			going |= ask_seat(match, w, seat) > 0;
		}
	}
	for (int i = 0; i < match->lanes; i++)
		end_game(&w->lanes[i]);
}

enum err_code match_check_players(const struct game *g,
				  const char *const agents[2], struct err *e)
{
	int given = agents[1] ? 2 : 1;

	if (given == g->player_count)
		return ERR_OK;
	return err_set(e, ERR_USAGE,
		       given == 2 ? "%s is a one-player game: name one agent"
				  : "%s is a two-player game: name two agents",
		       game_short_name(g));
}

/* --- the whole ----------------------------------------------------------- */

static enum err_code open_agents(struct match *match, struct worker *w,
				 struct err *e)
{
	const struct match_request *m = match->request;

	for (int i = 0; i < 2 && m->agents[i]; i++) {
		enum err_code rc = open_agent(m, w, i, e);

		if (rc)
			return rc;
		if (m->life > 1 && agent_learns(w->agents[i]))
			match->life = m->life;
	}
	return ERR_OK;
}

/* Games of a worker at a time: no more than there are, each worker has its
 * share, and in a life they follow one another.  How agents are asked follows
 * from who plays, not from the number. */
static int count_lanes(struct match *match)
{
	const struct match_request *m = match->request;
	int most = m->thoughts ? SIDE_BY_SIDE_KEPT : SIDE_BY_SIDE;
	int share = (m->games + match->threads - 1) / match->threads;

	for (int i = 0; i < 2 && m->agents[i]; i++) {
		enum agent_company company =
			agent_company(match->workers[0].agents[i]);

		if (company == AGENT_ALONE) {
			match->together = false;
			return 1;
		}
		match->together |= company == AGENT_TOGETHER;
	}
	if (!match->together || share < 1 || match->life > 1)
		return 1;
	return share < most ? share : most;
}

static void open_lanes(struct match *match)
{
	size_t lanes = (size_t)match->lanes;
	size_t moves = (size_t)match->request->game->move_count;

	for (int i = 0; i < match->threads; i++) {
		struct worker *w = &match->workers[i];

		w->lanes = mem_zalloc(lanes, sizeof(*w->lanes));
		w->turns = mem_zalloc(lanes, sizeof(*w->turns));
		w->asked = mem_zalloc(lanes, sizeof(*w->asked));
		w->legal = mem_zalloc(moves, sizeof(*w->legal));
		for (size_t k = 0; k < 2 * lanes; k++)
			if (w->agents[k % 2])
				w->lanes[k / 2].kept[k % 2] =
					agent_kept_new(w->agents[k % 2]);
	}
}

static enum err_code open_workers(struct match *match, struct err *e)
{
	const struct match_request *m = match->request;
	enum err_code rc = match_check_players(m->game, m->agents, e);

	match->workers =
		mem_zalloc((size_t)match->threads, sizeof(*match->workers));
	for (int i = 0; i < match->threads && !rc; i++)
		rc = open_agents(match, &match->workers[i], e);
	if (rc)
		return rc;
	match->lanes = count_lanes(match);
	open_lanes(match);
	return ERR_OK;
}

static void close_worker(struct worker *w, int lanes)
{
	for (int i = 0; w->lanes && i < lanes; i++) {
		agent_kept_free(w->lanes[i].kept[0]);
		agent_kept_free(w->lanes[i].kept[1]);
	}
	free(w->lanes);
	free(w->turns);
	free(w->asked);
	free(w->legal);
	agent_close(w->agents[0]);
	agent_close(w->agents[1]);
}

/* Games to begin before all are waited for: whole lives, a few each thread. */
static int count_round(const struct match *match)
{
	int rounds = match->request->thoughts ? ROUNDS_KEPT : ROUNDS;
	int most = match->threads * match->lanes * rounds;
	int lives = (most + match->life - 1) / match->life;

	if (match->life > 1 && lives < match->threads)
		lives = match->threads;
	return lives * match->life;
}

/* Games from the first that was not delivered, at most so many. */
static void play_some(struct match *match, struct pool *pool)
{
	int most = count_round(match);
	int n = match->request->games - match->delivered;

	if (n > most)
		n = most;
	match->played = mem_zalloc((size_t)n, sizeof(*match->played));
	match->first = match->delivered;
	match->end = match->first + n;
	atomic_store(&match->begun, match->first);
	pool_run_watched(pool, match->threads, play_games, look, match);
	deliver(match);
	for (int i = 0; i < n; i++)
		release_played(&match->played[i]);
	free(match->played);
}

/* Why not all games were played. */
static enum err_code say_why(const struct match *match, struct err *e)
{
	for (int i = 0; i < match->threads; i++)
		if (match->workers[i].failed) {
			const struct worker *w = &match->workers[i];

			return err_set(e, w->failed, "%s", w->error.msg);
		}
	return err_set(e, ERR_CANCELLED, "the match was stopped");
}

enum err_code match_play(const struct match_request *m, struct pool *pool,
			 void (*done)(void *ctx, const struct match_game *g),
			 bool (*tick)(void *ctx), void *ctx,
			 struct match_result *out, struct err *e)
{
	struct match match = {
		.request = m,
		.threads = pool_threads(pool),
		.life = 1,
		.done = done,
		.tick = tick,
		.ctx = ctx,
		.out = out,
	};
	enum err_code rc;

	memset(out, 0, sizeof(*out));
	rc = open_workers(&match, e);
	while (!rc && !match.enough && match.delivered < m->games) {
		play_some(&match, pool);
		if (!match.enough && match.delivered < match.end)
			rc = say_why(&match, e);
	}
	for (int i = 0; i < match.threads; i++)
		close_worker(&match.workers[i], match.lanes);
	free(match.workers);
	return rc;
}
