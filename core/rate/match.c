/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/match_int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/stat.h"
#include "core/game/game.h"

/*
 * Games that a worker plays side by side: a network answers many positions in
 * little more time than a few, and more than these gain nothing.  With thoughts
 * kept, whose trees are large, fewer.
 */
enum { SIDE_BY_SIDE = 32, SIDE_BY_SIDE_KEPT = 8 };

/* Games begun, for each that is played at a time, before all are waited for:
 * what is kept until an earlier game ends stays small. */
enum { ROUNDS = 64, ROUNDS_KEPT = 2 };

/* Pairs from openings played again that all repeat others: a match is given up.
 */
enum { STALE_PAIRS = 16 };

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
	if (g->tally)
		r->tally = *g->tally;
	if (g->fact_count)
		r->fact_count = g->fact_count;
}

/* --- delivery ------------------------------------------------------------ */

static void release_played(struct played *p)
{
	for (int i = 0; p->thoughts && i < p->count; i++)
		thought_release(&p->thoughts[i]);
	free(p->thoughts);
	free(p->moves);
	p->thoughts = NULL;
	p->moves = NULL;
}

static void hand_over(struct match *match, int number, const struct played *p)
{
	struct match_game g = {
		.number = number,
		.first = match_seat(match->request, number, 0),
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
		.tally = &match->tally.tally,
	};

	tally_add(&match->tally,
		  tally_key_of(g.first, g.moves, g.count, g.opening),
		  (double)g.result);
	match_count(match->out, &g);
	if (match->done)
		match->done(match->ctx, &g);
}

/* Openings that ran out are played again.  Agents that draw their moves play
 * on; others show by the first of these pairs that nothing new will come. */
static bool is_stale(struct match *match, int number)
{
	int again = number / 2 - match->book.count; /* pairs before this one */

	if (!match->tally.paired || number % 2 == 0 || again < 0)
		return false;
	match->out->ran_out = true;
	match->stale += match->tally.repeated;
	return again + 1 == STALE_PAIRS && match->stale == STALE_PAIRS;
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
		if (is_stale(match, number))
			match->enough = match->out->repeated_itself = true;
		if (m->enough && m->enough(match->ctx))
			match->enough = true;
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

/* --- the whole ----------------------------------------------------------- */

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

static enum err_code open_agents(struct match *match, struct worker *w,
				 struct err *e)
{
	const struct match_request *m = match->request;

	for (int i = 0; i < 2 && m->agents[i]; i++) {
		enum err_code rc = match_open_agent(m, w, i, e);

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
	if (match->tally.paired)
		match_draw_openings(match->request, &match->book,
				    (match->delivered + n + 1) / 2);
	match->played = mem_zalloc((size_t)n, sizeof(*match->played));
	match->first = match->delivered;
	match->end = match->first + n;
	atomic_store(&match->begun, match->first);
	pool_run_watched(pool, match->threads, match_play_games, look, match);
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

/* Of the games delivered: how many more were drawn depends on the threads. */
static void count_openings(struct match *match)
{
	const struct opening_book *b = &match->book;
	struct match_result *out = match->out;
	int pairs = (match->delivered + 1) / 2;

	out->openings = pairs < b->count ? pairs : b->count;
	out->none_balanced = b->none_balanced;
	for (int i = 0; i < out->openings; i++) {
		if (b->drawn[i].plies > out->opening_plies)
			out->opening_plies = b->drawn[i].plies;
		out->left_out += b->drawn[i].left_out;
		if (b->balance)
			out->balanced[b->drawn[i].by]++;
	}
}

static enum err_code open_balance(struct match *match, struct err *e)
{
	const struct match_request *m = match->request;

	if (!match->tally.paired || m->openings->line_count ||
	    !(m->openings->balance > 0))
		return ERR_OK;
	match->book.balance = &match->balance;
	return balance_init(&match->balance, m->game, m->openings->balance,
			    m->agents, m->source, e);
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
	match.tally.paired = m->game->player_count > 1;
	match.book.plies = m->openings->random_plies;
	rc = open_workers(&match, e);
	if (!rc)
		rc = open_balance(&match, e);
	while (!rc && !match.enough && match.delivered < m->games) {
		play_some(&match, pool);
		if (!match.enough && match.delivered < match.end)
			rc = say_why(&match, e);
	}
	for (int i = 0; i < match.threads; i++)
		close_worker(&match.workers[i], match.lanes);
	free(match.workers);
	count_openings(&match);
	match_book_release(&match.book);
	balance_release(&match.balance);
	tally_release(&match.tally);
	return rc;
}
