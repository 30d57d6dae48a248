/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/duel.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/rate/match_int.h"
#include "core/rate/tally.h"

static const struct duel_net *find_net(const struct duel *d, const char *run)
{
	for (int i = 0; i < d->net_count; i++)
		if (!strcmp(d->nets[i].run, run))
			return &d->nets[i];
	return NULL;
}

static enum err_code load(void *self, const char *run, const char *step,
			  const struct game *g, const struct net_plan **plan,
			  int64_t *loaded, struct err *e)
{
	const struct duel *d = self;
	const struct duel_net *net = find_net(d, run);

	if (net) {
		*plan = net->plan;
		*loaded = 0;
		return ERR_OK;
	}
	if (!d->source)
		return err_set(e, ERR_NOTFOUND, "no network '%s'", run);
	return d->source->load(d->source->self, run, step, g, plan, loaded, e);
}

static void release(void *self, const struct net_plan *plan)
{
	const struct duel *d = self;

	for (int i = 0; i < d->net_count; i++)
		if (d->nets[i].plan == plan)
			return;
	d->source->release(d->source->self, plan);
}

static enum err_code allow(void *self, const char *spec, struct err *e)
{
	const struct duel *d = self;

	if (d->source && d->source->allow)
		return d->source->allow(d->source->self, spec, e);
	return ERR_OK;
}

static enum err_code
past(void *self, const char *run, const char *which, const struct game *g,
     void (*take)(void *ctx, const struct agent_past *past), void *ctx,
     struct err *e)
{
	const struct duel *d = self;
	const struct duel_past *p = d->pasts;
	int left = strcmp(which, "tail") ? 0 : d->past_count;

	while (left && strcmp(p->run, run) != 0) {
		p++;
		left--;
	}
	if (!left && d->source && d->source->past)
		return d->source->past(d->source->self, run, which, g, take,
				       ctx, e);
	if (!left)
		return err_set(e, ERR_NOTFOUND, "no games '%s' of '%s'", which,
			       run);
	for (int i = 0; i < p->count; i++)
		take(ctx, &p->games[i]);
	return ERR_OK;
}

/* What goes with a duel while it is played. */
struct playing {
	const struct duel *duel;
	struct duel_result *out;
};

/* Positions of the first agent are every other one: players take turns. */
static void count_known(struct playing *p, const struct match_game *g)
{
	const struct duel *d = p->duel;
	void *state = game_state_new(d->game, 0);

	for (int i = 0; i < g->count; i++) {
		if (i >= g->opening &&
		    d->game->rules->to_act(d->game, state) == g->first) {
			p->out->scored++;
			p->out->known +=
				positions_known(d->known, g->moves, i, i);
		}
		d->game->rules->apply(d->game, state, g->moves[i]);
	}
	free(state);
}

static void on_game(void *ctx, const struct match_game *g)
{
	struct playing *p = ctx;

	if (p->duel->known)
		count_known(p, g);
	if (p->duel->done)
		p->duel->done(p->duel->ctx, g);
}

static bool on_tick(void *ctx)
{
	const struct playing *p = ctx;

	return !p->duel->goes_on || p->duel->goes_on(p->duel->ctx);
}

struct agent_source duel_source(struct duel *d)
{
	return (struct agent_source){
		.load = load,
		.release = release,
		.allow = allow,
		.past = past,
		.self = d,
		.kinds = d->source ? d->source->kinds : NULL,
	};
}

static void add_line(const struct match_request *m,
		     const struct opening_book *book, int pair,
		     struct match_openings *out)
{
	size_t plies = (size_t)m->game->max_plies;
	game_move *moves = mem_zalloc(plies, sizeof(*moves));
	void *start = game_state_new(m->game, 0);
	void *state = game_state_new(m->game, 0);
	struct buf text;
	int count;

	match_play_opening(m, book, 2 * pair, state, moves, &count);
	buf_init(&text);
	game_line_text(m->game, start, moves, count, &text);
	out->lines = mem_realloc(out->lines, (size_t)(out->line_count + 1) *
						     sizeof(*out->lines));
	out->lines[out->line_count++] = buf_detach(&text, NULL);
	free(moves);
	free(start);
	free(state);
}

/* So many different openings are there, at most those asked for; those behind
 * the first `skip` as lines. */
static int draw_openings(const struct match_request *m, int skip, int pairs,
			 struct match_openings *lines)
{
	struct opening_book book = {.plies = m->openings->random_plies};
	int count;

	match_draw_openings(m, &book, skip + pairs);
	count = book.count > skip ? book.count - skip : 0;
	for (int i = 0; skip && i < count; i++)
		add_line(m, &book, skip + i, lines);
	match_book_release(&book);
	return count;
}

enum err_code duel_play(const struct duel *d, struct pool *pool,
			struct duel_result *out, struct err *e)
{
	struct duel copy = *d; /* whose address is not constant */
	struct playing playing = {.duel = d, .out = out};
	struct agent_source source = duel_source(&copy);
	struct match_openings openings = {.random_plies = d->plies};
	struct match_openings lines = {.random_plies = d->plies};
	struct match_request m = {
		.game = d->game,
		.agents = {d->agents[0], d->agents[1]},
		.source = &source,
		.openings = &openings,
		.known = d->known,
		.seed = d->seed,
	};
	enum err_code rc = match_check_players(d->game, d->agents, e);

	assert(d->pairs >= 1 && d->plies >= 0 && d->skip >= 0);
	memset(out, 0, sizeof(*out));
	if (rc)
		return rc;
	m.games = 2 * draw_openings(&m, d->skip, d->pairs, &lines);
	if (d->skip)
		m.openings = &lines;
	if (!m.games)
		return err_set(e, ERR_USAGE,
			       "%s has no opening of %d random moves or more "
			       "that was not met in training",
			       game_short_name(d->game), d->plies);
	rc = match_play(&m, pool, on_game, on_tick, &playing, &out->games, e);
	out->elo = tally_elo(&out->games.tally);
	out->shares = tally_shares(&out->games.tally);
	match_openings_release(&lines);
	return rc;
}
