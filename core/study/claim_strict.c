/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"
#include "core/learn/life.h"
#include "core/learn/lives_data.h"
#include "core/net/net.h"
#include "core/study/claim_int.h"
#include "core/study/dream.h"
#include "core/study/kept_net.h"
#include "core/study/plan.h"
#include "core/study/study.h"

/*
 * The arms that read and go on by themselves: an imitator reads the last games
 * before the cut, dreams more of them, and its policy after so many dreamed
 * games is scored.  Controls differ from `strict` in what the imitator was
 * trained on, in what it reads, or in who says how a dreamed game ended.
 */

enum reading_tail {
	TAIL_CUT,   /* the last games before the cut */
	TAIL_NONE,  /* nothing */
	TAIL_GAME,  /* one game of the cut's stage */
	TAIL_EARLY, /* games of the middle of what is before the cut */
	TAIL_END,   /* the last games of the life: past the cut */
	TAIL_OTHER, /* the last games of the next seed's life */
};

struct reading {
	const char *arm, *net; /* of the imitator */
	enum reading_tail tail;
	enum dream_result result;
	bool dreams;
};

static const struct reading readings[] = {
	{"strict", "net-strict", TAIL_CUT, DREAM_OWN, true},
	{"shuffled", "net-shuffled", TAIL_CUT, DREAM_OWN, true},
	{"reversed", "net-reversed", TAIL_CUT, DREAM_OWN, true},
	{"last", "net-last", TAIL_CUT, DREAM_OWN, true},
	{"masked", "net-masked", TAIL_CUT, DREAM_UNTOLD, true},
	{"untold", "net-strict", TAIL_CUT, DREAM_UNTOLD, true},
	{"empty", "net-strict", TAIL_NONE, DREAM_OWN, true},
	{"one", "net-strict", TAIL_GAME, DREAM_OWN, true},
	{"weaker", "net-strict", TAIL_EARLY, DREAM_OWN, true},
	{"yoked", "net-strict", TAIL_END, DREAM_OWN, false},
	{"other", "net-strict", TAIL_OTHER, DREAM_OWN, false},
	{"capacity", "net-whole", TAIL_CUT, DREAM_OWN, true},
	{"yoked-whole", "net-whole", TAIL_END, DREAM_OWN, false},
	{"sim", "net-strict", TAIL_CUT, DREAM_RULES, true},
	{"sim-gru", "net-gru", TAIL_CUT, DREAM_RULES, true},
	{"sim-linear", "net-linear", TAIL_CUT, DREAM_RULES, true},
	{"sim-fast", "net-fast", TAIL_CUT, DREAM_RULES, true},
};

/* A network without a context is read the end of a long dream before each
 * match, as many times the rows of a tail: its state is not carried over from
 * the dream, and has forgotten what is further back. */
enum { FAR = 8 };

/* Games after which a policy is scored, as far as the settings go. */
static const int scored_after[] = {0, 8, 64, 512, 4096, 9500};

static const struct reading *reading_of(const char *arm)
{
	for (size_t i = 0; i < ARRAY_LEN(readings); i++)
		if (!strcmp(readings[i].arm, arm))
			return &readings[i];
	assert(!"an arm that reads is in no table");
	return NULL;
}

/* --- what is read -------------------------------------------------------- */

/* A seed's tail is that of its own life, but of TAIL_OTHER. */
static uint64_t life_read_by(const struct claim_run *x, const struct reading *k)
{
	const struct study_plan *p = study_planned(x->r);

	for (int i = 0; i < p->seed_count && k->tail == TAIL_OTHER; i++)
		if (p->seeds[i] == x->seed)
			return p->seeds[(i + 1) % p->seed_count];
	return x->seed;
}

static struct lives_tail tail_of(const struct claim_run *x,
				 const struct reading *k)
{
	const struct claim_conf *c = x->c;
	bool end = k->tail == TAIL_END || k->tail == TAIL_OTHER;
	struct lives_tail t = {
		.last = c->before - 1 + (end ? c->after : 0),
		.stride = c->dream_stride,
		.games = c->dream_games,
		.rows = c->dream_tail,
	};

	if (k->tail == TAIL_EARLY)
		t.last = c->before / 2;
	return t;
}

static void add_game(const struct lives_data *lives, const struct lives_pick *p,
		     struct tale *out)
{
	struct lives_game g = lives_data_game(lives, 0, p->stage, p->game);
	struct agent_past game = {g.moves, g.count, g.result, p->stage};

	tale_add(out, &game);
}

/* Lanes, and games of each. */
static int lanes_of(const struct claim_conf *c, const struct reading *k)
{
	return k->result == DREAM_RULES ? c->sim_lanes : c->dream_lanes;
}

static int games_of(const struct claim_conf *c, const struct reading *k)
{
	if (!k->dreams)
		return 0;
	return k->result == DREAM_RULES ? c->simulated : c->dreamed;
}

/* Every lane reads games of its own. */
static void fill_tails(const struct claim_run *x, const struct reading *k,
		       const struct lives_data *lives, struct tale *tails)
{
	struct lives_view v = claim_view(x->c, lives);
	struct lives_tail t = tail_of(x, k);

	if (!strcmp(k->net, "net-last"))
		v.order = LIVES_LAST;
	for (int i = 0; i < lanes_of(x->c, k); i++) {
		struct dataset_chance chance = {rng_mix(x->seed, CLAIM_DREAM),
						0, (uint64_t)i};
		struct lives_sequence s;
		int first = 0;

		lives_view_tail(&v, &t, &chance, &s);
		if (k->tail == TAIL_GAME)
			first = s.count - 1;
		for (int n = first; n < s.count; n++)
			add_game(lives, &s.games[n], &tails[i]);
	}
}

static enum err_code read_tails(const struct claim_run *x,
				const struct reading *k, struct tale *tails,
				struct err *e)
{
	bool whole = k->tail == TAIL_END || k->tail == TAIL_OTHER;
	struct lives_data *lives = lives_data_new(x->g, 1);
	struct life *l = NULL;
	enum err_code rc = ERR_OK;

	if (k->tail != TAIL_NONE) {
		rc = claim_life(x, life_read_by(x, k), whole, &l, e);
		if (!rc)
			rc = lives_data_add_life(lives, l, e);
		if (!rc)
			fill_tails(x, k, lives, tails);
	}
	life_free(l);
	lives_data_free(lives);
	return rc;
}

/* --- dreaming ------------------------------------------------------------ */

enum { SLICE = 4 }; /* games of a lane between two looks at the clock */

static enum err_code dream_on(const struct claim_run *x,
			      const struct reading *k, struct dream *d,
			      int from, int to, struct err *e)
{
	for (int n = from; n < to; n += SLICE) {
		study_progress(x->r, n, games_of(x->c, k), "dreams: %d games",
			       n);
		if (!study_goes_on(x->r))
			return err_set(e, ERR_CANCELLED, "stopped");
		dream_play(d, n + SLICE < to ? n + SLICE : to,
			   study_pool(x->r));
	}
	return ERR_OK;
}

/* What the policy has read that is scored after `games` dreamed ones: the last
 * that fit. */
static void make_tails(const struct claim_run *x, const struct reading *k,
		       const struct dream *d, const struct tale *tails,
		       const struct net_config *net, int games,
		       struct claim_tail *out)
{
	int rows = x->c->dream_tail * (net_config_context(net) ? 1 : FAR);

	for (int i = 0; i < lanes_of(x->c, k); i++) {
		const struct tale *t = dream_tale(d, i);
		int count = tails[i].count + games;
		int first = tale_last(t, count, rows);

		out[i].games = t->games + first;
		out[i].count = count - first;
	}
}

static enum err_code score_after(const struct claim_run *x,
				 const struct reading *k,
				 const struct kept_net *net,
				 const struct claim_tail *tails, int games,
				 bool brief, struct err *e)
{
	const struct claim_net nets[] = {
		{.name = "m", .net = net, .arm = k->net}};
	struct claim_player p = {
		.nets = nets,
		.net_count = 1,
		.tails = tails,
		.tail_count = lanes_of(x->c, k),
		.x = games,
		.brief = brief,
	};
	struct buf spec;
	enum err_code rc;

	buf_init(&spec);
	buf_printf(&spec, "seq:m/0,context=tail,fixed=yes,temperature=%g%s",
		   (double)x->c->play_temperature,
		   k->result == DREAM_UNTOLD ? ",results=no" : "");
	p.spec = spec.data;
	rc = claim_score(x, &p, e);
	buf_release(&spec);
	return rc;
}

/* A few dreamed games, so that anyone can look at one. */
static void show_games(const struct claim_run *x, const struct dream *d,
		       const struct tale *tails, int games)
{
	void *start = game_state_new(x->g, 0);
	struct buf name;

	buf_init(&name);
	study_agent(x->r, x->arm->name, &name);
	for (int n = 1; n <= games; n *= 8) {
		const struct tale *t = dream_tale(d, 0);
		const struct agent_past *g = &t->games[tails[0].count + n - 1];
		struct buf moves;

		buf_init(&moves);
		game_line_text(x->g, start, g->moves, g->count, &moves);
		study_play(x->r, &(struct study_game){
					 .game = x->g,
					 .first = name.data,
					 .second = name.data,
					 .moves = moves.data,
					 .plies = g->count,
					 .result = (double)g->result,
				 });
		buf_release(&moves);
	}
	buf_release(&name);
	free(start);
}

static void tell_dream(const struct claim_run *x, const struct dream *d,
		       const struct kept_net *net, int games)
{
	struct dream_count n = dream_counted(d);

	if (n.games)
		study_measure(x->r, "dream/truly", games,
			      (double)n.truly / (double)n.games, (double)NAN,
			      (double)NAN, n.games);
	study_facts(x->r, (int64_t)net_memory_bytes(&net->config, 1),
		    net_flops(&net->config), n.games);
}

static enum err_code read_and_go_on(const struct claim_run *x,
				    const struct reading *k,
				    const struct kept_net *net,
				    const struct tale *tails, struct err *e)
{
	const struct claim_conf *c = x->c;
	struct claim_tail *read =
		mem_zalloc((size_t)lanes_of(c, k), sizeof(*read));
	struct dream *d = dream_new(&(struct dream_config){
		.game = x->g,
		.plan = net->plan,
		.lanes = lanes_of(c, k),
		.tails = tails,
		.per_stage = c->dream_games,
		.stride = c->dream_stride,
		.temperature = c->dream_temperature,
		.opening_share = 0.5f,
		.opening_plies = c->opening_plies,
		.result = k->result,
		.seed = rng_mix(x->seed, CLAIM_DREAM),
	});
	int last = games_of(c, k), done = 0;
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < ARRAY_LEN(scored_after) && !rc; i++) {
		int n = scored_after[i];
		bool more = i + 1 < ARRAY_LEN(scored_after) &&
			    scored_after[i + 1] <= last;

		if (n > last)
			break;
		rc = dream_on(x, k, d, done, n, e);
		done = n;
		make_tails(x, k, d, tails, &net->config, n, read);
		if (!rc)
			rc = score_after(x, k, net, read, n, more, e);
	}
	if (!rc && last)
		show_games(x, d, tails, last);
	if (!rc)
		tell_dream(x, d, net, last);
	dream_free(d);
	free(read);
	return rc;
}

enum err_code claim_strict(const struct claim_run *x, struct err *e)
{
	const struct reading *k = reading_of(x->arm->name);
	size_t lanes = (size_t)lanes_of(x->c, k);
	struct tale *tails = mem_zalloc(lanes, sizeof(*tails));
	struct kept_net net = {.weights = NULL};
	enum err_code rc =
		kept_net_find(x->r, x->g, k->net, "network", &net, e);

	if (!rc)
		rc = read_tails(x, k, tails, e);
	if (!rc)
		rc = read_and_go_on(x, k, &net, tails, e);
	for (size_t i = 0; i < lanes; i++)
		tale_release(&tails[i]);
	free(tails);
	kept_net_release(&net);
	return rc;
}
