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
	{"strict-cut", "net-strict", TAIL_CUT, DREAM_OWN, false},
	{"yoked", "net-strict", TAIL_END, DREAM_OWN, false},
	{"other", "net-strict", TAIL_OTHER, DREAM_OWN, false},
	{"capacity", "net-whole", TAIL_CUT, DREAM_OWN, true},
	{"yoked-whole", "net-whole", TAIL_END, DREAM_OWN, false},
	{"sim", "net-strict", TAIL_CUT, DREAM_RULES, true},
	{"sim-permuted", "net-strict", TAIL_CUT, DREAM_PERMUTED, true},
	{"sim-gru", "net-gru", TAIL_CUT, DREAM_RULES, true},
	{"sim-linear", "net-linear", TAIL_CUT, DREAM_RULES, true},
	{"sim-fast", "net-fast", TAIL_CUT, DREAM_RULES, true},
};

/* A network without a context is read the end of a long dream before each
 * match, as many times the rows of a tail: its state is not carried over from
 * the dream, and has forgotten what is further back. */
enum { FAR = 8 };

/* Games after which a policy is scored beside those that it is judged after, as
 * far as the settings go. */
static const int scored_after[] = {0, 8, 64, 512, 4096};

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

static int last_stage(const struct claim_conf *c, const struct reading *k)
{
	bool end = k->tail == TAIL_END || k->tail == TAIL_OTHER;

	if (k->tail == TAIL_EARLY)
		return c->before / 2;
	return c->before - 1 + (end ? c->after : 0);
}

static void add_game(const struct lives_data *lives, const struct lives_pick *p,
		     struct tale *out)
{
	struct lives_game g = lives_data_game(lives, 0, p->stage, p->game);
	struct agent_past game = {g.moves, g.count, g.result, p->stage, 0};

	tale_add(out, &game);
}

/* The rules say how games end: of this one, or of another. */
static bool by_rules(const struct reading *k)
{
	return k->result == DREAM_RULES || k->result == DREAM_PERMUTED;
}

/* Lanes, and games of each. */
static int lanes_of(const struct claim_conf *c, const struct reading *k)
{
	return by_rules(k) ? c->sim_lanes : c->dream_lanes;
}

static int games_of(const struct claim_conf *c, const struct reading *k)
{
	if (!k->dreams)
		return 0;
	return by_rules(k) ? c->simulated : c->dreamed;
}

/* Every lane reads games of its own. */
void claim_tails(const struct claim_run *x, const struct lives_data *lives,
		 int stage, bool last_alone, int lanes, struct tale *tails)
{
	const struct claim_conf *c = x->c;
	struct lives_view v = claim_view(c, lives);
	struct lives_tail t = {
		.last = stage,
		.stride = c->dream_stride,
		.games = c->dream_games,
		.rows = c->dream_tail,
	};

	if (last_alone)
		v.order = LIVES_LAST;
	for (int i = 0; i < lanes; i++) {
		struct dataset_chance chance = {rng_mix(x->seed, CLAIM_DREAM),
						0, (uint64_t)i};
		struct lives_sequence s;

		lives_view_tail(&v, &t, &chance, &s);
		for (int n = 0; n < s.count; n++)
			add_game(lives, &s.games[n], &tails[i]);
	}
}

/* All but the last game. */
static void forget(struct tale *t)
{
	struct tale last = {NULL, 0, 0};

	if (t->count)
		tale_add(&last, &t->games[t->count - 1]);
	tale_release(t);
	*t = last;
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
			claim_tails(x, lives, last_stage(x->c, k),
				    !strcmp(k->net, "net-last"),
				    lanes_of(x->c, k), tails);
	}
	for (int i = 0; i < lanes_of(x->c, k) && k->tail == TAIL_GAME; i++)
		forget(&tails[i]);
	life_free(l);
	lives_data_free(lives);
	return rc;
}

/* --- going on ------------------------------------------------------------ */

enum { SLICE = 4 }; /* games of a lane between two looks at the clock */

static enum err_code dream_on(const struct claim_run *x,
			      const struct claim_reader *r, struct dream *d,
			      int from, int to, struct err *e)
{
	for (int n = from; n < to; n += SLICE) {
		study_progress(x->r, n, r->games, "dreams: %d games", n);
		if (!study_goes_on(x->r))
			return err_set(e, ERR_CANCELLED, "stopped");
		dream_play(d, n + SLICE < to ? n + SLICE : to,
			   study_pool(x->r));
	}
	return ERR_OK;
}

/* What the policy has read that is scored after `games` dreamed ones: the last
 * that fit. */
static void make_tails(const struct claim_run *x, const struct claim_reader *r,
		       const struct dream *d, int games, struct claim_tail *out)
{
	bool far = !net_config_context(&r->net->config);
	int rows = x->c->dream_tail * (far ? FAR : 1);

	for (int i = 0; i < r->lanes; i++) {
		const struct tale *t = dream_tale(d, i);
		int count = r->tails[i].count + games;
		int first = tale_last(t, count, rows);

		out[i].games = t->games + first;
		out[i].count = count - first;
	}
}

static struct dream *begin_dream(const struct claim_run *x,
				 const struct claim_reader *r)
{
	const struct claim_conf *c = x->c;

	return dream_new(&(struct dream_config){
		.game = x->g,
		.plan = r->net->plan,
		.lanes = r->lanes,
		.tails = r->tails,
		.per_stage = c->dream_games,
		.stride = c->dream_stride,
		.temperature = c->dream_temperature,
		.opening_share = claim_openings(c),
		.opening_plies = c->opening_plies,
		.result = r->result,
		.seed = rng_mix(x->seed, CLAIM_DREAM),
	});
}

static char *reader_spec(double temperature, bool untold)
{
	return mem_printf("seq:m/0,context=tail,fixed=yes,temperature=%g%s",
			  temperature, untold ? ",results=no" : "");
}

/* The next number of games to be scored after; -1: there is none. */
static int next_point(const struct claim_reader *r, int after)
{
	int next = r->judged > after ? r->judged : -1;

	for (size_t i = 0; i < ARRAY_LEN(scored_after); i++)
		if (scored_after[i] > after && scored_after[i] <= r->games &&
		    (next < 0 || scored_after[i] < next))
			next = scored_after[i];
	return next;
}

enum err_code claim_go_on(const struct claim_run *x,
			  const struct claim_reader *r,
			  enum err_code (*score)(const struct claim_run *x,
						 const struct claim_player *p,
						 void *ctx, struct err *e),
			  void *ctx, struct dream **out, struct err *e)
{
	struct claim_tail *read = mem_zalloc((size_t)r->lanes, sizeof(*read));
	const struct claim_net net = {
		.name = "m", .net = r->net, .arm = r->arm};
	char *spec = reader_spec((double)x->c->play_temperature,
				 r->result == DREAM_UNTOLD);
	struct claim_player p = {
		.spec = spec,
		.nets = &net,
		.net_count = 1,
		.tails = read,
		.tail_count = r->lanes,
	};
	enum err_code rc = ERR_OK;
	int done = 0;

	*out = begin_dream(x, r);
	for (int n = 0; n >= 0 && !rc; n = next_point(r, n)) {
		rc = dream_on(x, r, *out, done, n, e);
		done = n;
		make_tails(x, r, *out, n, read);
		p.x = n;
		p.brief = n != r->judged;
		if (!rc)
			rc = score(x, &p, ctx, e);
	}
	free(read);
	free(spec);
	return rc;
}

/* --- arms ---------------------------------------------------------------- */

/* Of seeds that tune: the same policy with its moves drawn at a temperature,
 * against D_c, as "warm" at that temperature. */
static enum err_code try_warm(const struct claim_run *x,
			      const struct claim_player *p, bool untold,
			      struct err *e)
{
	static const double temperatures[] = {0.125, 0.25, 0.5, 1};
	struct kept_net zero = {.weights = NULL};
	enum err_code rc =
		kept_net_find(x->r, x->g, "offline", "network", &zero, e);

	for (size_t i = 0; i < ARRAY_LEN(temperatures) && !rc; i++) {
		char *spec = reader_spec(temperatures[i], untold);
		struct claim_player warm = *p;

		warm.spec = spec;
		warm.x = temperatures[i];
		rc = claim_meet(x, &warm, &zero, x->c->curve_pairs, "warm", e);
		free(spec);
	}
	kept_net_release(&zero);
	return rc;
}

/* One reader of each study is there to be looked at. */
static bool is_shown(const struct claim_run *x)
{
	return !strcmp(x->arm->name, "strict") &&
	       x->seed == study_planned(x->r)->seeds[0];
}

static enum err_code score(const struct claim_run *x,
			   const struct claim_player *p, void *ctx,
			   struct err *e)
{
	const struct claim_reader *r = ctx;
	enum err_code rc = claim_score(x, p, e);

	if (!rc && !p->brief && study_planned(x->r)->development)
		rc = try_warm(x, p, r->result == DREAM_UNTOLD, e);
	if (!rc && !p->brief && is_shown(x))
		rc = claim_look(x, p, e);
	return rc;
}

static void show_game(const struct claim_run *x, const struct agent_past *g,
		      const char *by)
{
	void *start = game_state_new(x->g, 0);
	struct buf moves;

	buf_init(&moves);
	game_line_text(x->g, start, g->moves, g->count, &moves);
	study_play(x->r, &(struct study_game){
				 .game = x->g,
				 .first = by,
				 .second = by,
				 .moves = moves.data,
				 .plies = g->count,
				 .opening = g->opening,
				 .result = (double)g->result,
			 });
	buf_release(&moves);
	free(start);
}

/* A few dreamed games, so that anyone can look at one. */
static void show_games(const struct claim_run *x, const struct claim_reader *r,
		       const struct dream *d)
{
	const struct tale *t = dream_tale(d, 0);
	struct buf name;

	buf_init(&name);
	study_agent(x->r, r->arm, &name);
	for (int n = 1; n <= r->games; n *= 8)
		show_game(x, &t->games[r->tails[0].count + n - 1], name.data);
	buf_release(&name);
	/* What it had read before, by who played it. */
	for (int i = 0; i < r->tails[0].count && is_shown(x); i++) {
		const struct agent_past *g = &r->tails[0].games[i];
		char *by = mem_printf("policy:%s/%llu.%lld", x->c->lives,
				      (unsigned long long)x->seed,
				      (long long)g->stage);

		show_game(x, g, by);
		free(by);
	}
}

static void tell_dream(const struct claim_run *x, const struct claim_reader *r,
		       const struct dream *d)
{
	struct dream_count n = dream_counted(d);

	if (n.games)
		study_measure(x->r, "dream/truly", r->games,
			      (double)n.truly / (double)n.games, (double)NAN,
			      (double)NAN, n.games);
	study_facts(x->r, (int64_t)net_memory_bytes(&r->net->config, 1),
		    net_flops(&r->net->config), n.games);
}

enum err_code claim_strict(const struct claim_run *x, struct err *e)
{
	const struct reading *k = reading_of(x->arm->name);
	int lanes = lanes_of(x->c, k);
	struct tale *tails = mem_zalloc((size_t)lanes, sizeof(*tails));
	struct kept_net net = {.weights = NULL};
	struct claim_reader r = {
		.net = &net,
		.arm = k->net,
		.tails = tails,
		.lanes = lanes,
		.games = games_of(x->c, k),
		.judged = (int)claim_judged_at(
			x->c, claim_part_find(x->arm->name)->point),
		.result = k->result,
	};
	struct dream *d = NULL;
	enum err_code rc =
		kept_net_find(x->r, x->g, k->net, "network", &net, e);

	if (!rc)
		rc = read_tails(x, k, tails, e);
	if (!rc)
		rc = claim_go_on(x, &r, score, &r, &d, e);
	if (!rc) {
		show_games(x, &r, d);
		tell_dream(x, &r, d);
	}
	dream_free(d);
	for (int i = 0; i < lanes; i++)
		tale_release(&tails[i]);
	free(tails);
	kept_net_release(&net);
	return rc;
}
