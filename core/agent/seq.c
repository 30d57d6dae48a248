/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/agent/agent_int.h"
#include "core/agent/kind.h"
#include "core/agent/mind.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/net/body.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/net/stream.h"

/*
 * The agent that reads games one after the other, as the network was trained to
 * (history_stretches()): every position of the game in hand, both sides', and
 * those of the games before.
 */

enum { CONTEXT = 96 };

struct seq_conf {
	char context[CONTEXT];
	float temperature;
	bool fixed, results;
};

static const struct conf_spec seq_spec[] = {
	{"context", CONF_TEXT, offsetof(struct seq_conf, context), 0, CONTEXT,
	 "life", NULL,
	 "what it remembers: life, the games that it is told of; none, the "
	 "game in hand; last:N or RUN:last:N, the N newest games of what it "
	 "learned from, or of RUN, too"},
	{"temperature", CONF_FLOAT, offsetof(struct seq_conf, temperature), 0,
	 100, "0", NULL,
	 "0 plays the likeliest move, 1 as likely as the network says"},
	{"fixed", CONF_BOOL, offsetof(struct seq_conf, fixed), 0, 1, "no", NULL,
	 "yes: it learns nothing from games that it is told, so each one "
	 "begins "
	 "after the same context"},
	{"results", CONF_BOOL, offsetof(struct seq_conf, results), 0, 1, "yes",
	 NULL, "no: it is not told how games ended"},
	{0},
};

/* Lanes of the stream: what was read when the game in hand began, so that it
 * can be told again from there, and what has been read. */
enum { LIFE, GAME, LANES };

struct seq {
	const struct net_plan *plan; /* released through the source */
	struct net_stream *stream;   /* owned */
	bool forgets;                /* each game of its life */
	float *x, *policy;           /* owned; a row, and what is said of it */
	size_t ids;                  /* where they stand in a row */
	float wdl[3];

	/* The game in hand, as far as lane GAME was told it: `told` positions,
	 * the last one after told - 1 of the moves. */
	game_move *line; /* owned; [max_plies] */
	void *state;     /* owned; after those moves */
	int told;

	/* The games before. */
	struct net_game_row last; /* what the game in hand says of it */
	int64_t *ends;            /* owned; [games]: rows read at each one's
				   * end */
	size_t games, room;
	int64_t stage; /* of the last one, -1: not known */
	bool results;  /* it is told how they ended */
};

/* --- reading ------------------------------------------------------------- */

/* To where the game in hand begins. */
static void rewind_game(struct seq *s)
{
	net_stream_copy(s->stream, GAME, LIFE);
	s->told = 0;
}

/* The position `state`, after `move` (-1: not known). */
static void read_position(struct seq *s, const struct game *g,
			  const void *state, int move)
{
	const int lane = GAME;
	float *out[NET_HEADS] = {
		[NET_POLICY] = s->policy, [NET_VALUE] = s->wdl};
	struct net_game_row row = s->last;

	row.move = move;
	row.player = g->rules->to_act(g, state);
	assert(row.player >= 0);
	g->rules->encode(g, state, s->x);
	net_game_ids(g->move_count, &row, s->x + s->ids);
	if (!s->results)
		s->x[s->ids + NET_ID_RESULT] = NET_NO_RESULT;
	net_stream_push(s->stream, 1, &lane, s->x, out);
}

/* Whether what was told is the beginning of this line, or all of it. */
static bool goes_on(const struct seq *s, const game_move *line, int count)
{
	return s->told > 0 && s->told <= count + 1 &&
	       !memcmp(s->line, line, (size_t)(s->told - 1) * sizeof(*line));
}

/* Read the game up to the position after `count` moves, which is the last one
 * read; one in which nobody acts is not read. */
static void read_line(struct seq *s, const struct game *g,
		      const game_move *line, int count)
{
	if (!goes_on(s, line, count)) {
		rewind_game(s);
		g->rules->start(g, s->state, 0);
	}
	while (s->told <= count) {
		int ply = s->told;

		if (ply) {
			s->line[ply - 1] = line[ply - 1];
			g->rules->apply(g, s->state, line[ply - 1]);
		}
		if (g->rules->to_act(g, s->state) >= 0)
			read_position(s, g, s->state, ply ? line[ply - 1] : -1);
		s->told++;
	}
}

/* A finished game, from the usual start. */
static void read_game(struct seq *s, const struct game *g,
		      const game_move *moves, int count, float result)
{
	read_line(s, g, moves, count);
	net_stream_copy(s->stream, LIFE, GAME);
	s->told = 0;
	s->last.before = true;
	s->last.result = result;
	s->last.gap = 0;
	if (s->games == s->room) {
		s->room = s->room ? 2 * s->room : 16;
		s->ends = mem_realloc(s->ends, s->room * sizeof(*s->ends));
	}
	s->ends[s->games++] = net_stream_counted(s->stream, LIFE).rows;
}

/* --- as an agent --------------------------------------------------------- */

/* A game that was played before its life. */
static void take_past(void *ctx, const struct agent_past *past)
{
	struct agent *a = ctx;
	struct seq *s = a->self;

	if (s->games && past->stage > s->stage)
		s->last.gap = past->stage - s->stage;
	s->stage = past->stage;
	read_game(s, a->g, past->moves, past->count, past->result);
}

static enum err_code read_past(struct agent *a, struct err *e)
{
	const struct seq_conf *c = a->conf;
	const struct agent_source *source = a->source;
	char run[sizeof(a->mind)];

	if (!strcmp(c->context, "life") || !strcmp(c->context, "none"))
		return ERR_OK;
	if (!source->past)
		return err_set(e, ERR_NOTFOUND,
			       "agent seq: there is no lab to take games from "
			       "for context=%s",
			       c->context);
	memcpy(run, a->mind, sizeof(run));
	*strrchr(run, '/') = '\0';
	return source->past(source->self, run, c->context, a->g, take_past, a,
			    e);
}

/* What it keeps can be larger than its weights. */
static enum err_code check_room(const struct agent *a,
				const struct net_config *net, struct err *e)
{
	double bytes = (double)net_stream_bytes(net, LANES);
	double available = mem_available();

	if (available <= 0 || bytes <= available)
		return ERR_OK;
	return err_set(e, ERR_USAGE,
		       "agent seq:%s needs %.2f GB of memory for what it "
		       "reads, and %.2f GB are available",
		       a->mind, bytes * 1e-9, available * 1e-9);
}

static enum err_code seq_open(struct agent *a, struct err *e)
{
	const struct seq_conf *c = a->conf;
	const struct net_config *net;
	struct seq *s = a->self;
	enum err_code code;

	if (a->g->player_count != 2)
		return err_set(e, ERR_USAGE,
			       "agent seq plays games of two, not %s",
			       game_short_name(a->g));
	code = mind_load(a, &s->plan, e);
	if (code)
		return code;
	net = net_plan_config(s->plan);
	if (net->body->rows)
		return err_set(e, ERR_USAGE,
			       "%s reads boards as tokens: write serial:%s",
			       a->mind, a->mind);
	if (!net->body->reads_ids)
		return err_set(e, ERR_USAGE,
			       "%s reads a position alone, not games in order: "
			       "write policy:%s",
			       a->mind, a->mind);
	code = check_room(a, net, e);
	if (code)
		return code;
	s->forgets = c->fixed || !strcmp(c->context, "none");
	s->results = c->results;
	s->stream = net_stream_new(s->plan, LANES);
	s->x = mem_floats(net_config_row(net));
	s->ids = net_config_row(net) - (size_t)net_config_ids(net);
	s->policy = mem_floats((size_t)net->moves);
	s->line = mem_zalloc((size_t)a->g->max_plies + 1, sizeof(*s->line));
	s->state = mem_zalloc(1, a->g->state_size);
	s->stage = -1;
	return read_past(a, e);
}

static void seq_close(struct agent *a)
{
	struct seq *s = a->self;

	net_stream_free(s->stream);
	if (s->plan)
		a->source->release(a->source->self, s->plan);
	free(s->x);
	free(s->policy);
	free(s->line);
	free(s->state);
	free(s->ends);
}

/* What of all that it read it still has. */
static void tell_reading(const struct seq *s, struct thought *out)
{
	struct net_stream_count all = net_stream_counted(s->stream, GAME);
	int64_t held = net_stream_length(s->stream, GAME);
	struct thought_reading *r = &out->reading;

	r->context = net_config_context(net_plan_config(s->plan));
	r->plies = held;
	r->slides = all.slides;
	for (size_t i = s->games; i > 0; i--)
		r->games += s->ends[i - 1] > all.rows - held;
	r->known = true;
}

static void seq_think(struct agent *a, const void *state, struct rng *r,
		      const atomic_bool *cancel, struct thought *out)
{
	const struct seq_conf *c = a->conf;
	struct seq *s = a->self;

	(void)cancel;
	if (a->line)
		read_line(s, a->g, a->line, a->line_count);
	/* Of a position that came from nowhere there is no game to read. */
	if (!a->line || memcmp(s->state, state, a->g->state_size) != 0) {
		rewind_game(s);
		read_position(s, a->g, state, -1);
	}
	memcpy(out->wdl, s->wdl, sizeof(out->wdl));
	out->has_value = true;
	tell_reading(s, out);
	thought_priors(out, s->policy);
	thought_choose(out, a, c->temperature, r);
}

static void seq_learn(struct agent *a, const struct agent_game *game)
{
	struct seq *s = a->self;

	if (s->forgets)
		return;
	a->g->rules->start(a->g, s->state, 0);
	s->told = 0;
	if (memcmp(s->state, game->start, a->g->state_size) != 0)
		return;
	read_game(s, a->g, game->moves, game->count,
		  game->player == 0 ? game->result : -game->result);
}

const struct agent_kind agent_kind_seq = {
	.name = "seq",
	.form = "seq:RUN/STEP[,context=FILTER][,temperature=T][,fixed=yes]"
		"[,results=no]",
	.help = "a network that reads games in order, and remembers its own",
	.mind = AGENT_NETWORK,
	.company = AGENT_ALONE,
	.conf = seq_spec,
	.conf_size = sizeof(struct seq_conf),
	.self_size = sizeof(struct seq),
	.open = seq_open,
	.close = seq_close,
	.think = seq_think,
	.learn = seq_learn,
};
