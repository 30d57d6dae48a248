/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/learn/targets.h"
#include "core/learn/teach.h"
#include "core/net/net.h"
#include "core/rate/duel.h"
#include "core/study/answer.h"
#include "core/study/custody.h"
#include "core/study/kept_net.h"
#include "core/study/offline.h"
#include "core/study/study.h"
#include "core/study/tabula_int.h"

/*
 * "No human had ever played": where nobody has played well there is nothing to
 * imitate.  Networks learn from games of random play, of an untrained network,
 * and from games that say nothing; a learner by self-play begins from as
 * little.  All are held against fresh networks, which already beat random play.
 */

#define INT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct tabula_conf, CONF_INT, key, lo, hi, dflt, text)

const struct conf_spec tabula_spec[] = {
	INT(rows, 3, 12, "6", "of the board"),
	INT(cols, 3, 12, "7", "of the board"),
	INT(line, 3, 6, "4", "in a row win"),
	{"lives", CONF_TEXT, offsetof(struct tabula_conf, lives), 0, 64,
	 "lives-c4", NULL,
	 "the set of lives that are looked at; those that are not there are "
	 "made, as a set of the name and -tabula"},
	INT(filters, 1, 256, "24", "of the network of teachers made here"),
	INT(blocks, 1, 40, "2", "of it"),
	INT(life_games, 64, 10000000, "10000", "of self-play of these"),
	INT(games, 0, 10000000, "0",
	    "that are shown; 0: as many as the teacher played"),
	INT(students, 1, 64, "4", "networks of each arm"),
	INT(fresh, 1, 64, "8", "networks that each of them meets"),
	{"epochs", CONF_FLOAT, offsetof(struct tabula_conf, epochs), 0.01, 1000,
	 "0.5", NULL, "times that they learn from each position"},
	INT(opening_plies, 0, 1000, "8", "random moves before scored games"),
	INT(pairs, 1, 1000000, "400", "of games of each network of an arm"),
	{.name = NULL},
};

static const struct study_arm arms[] = {
	{"selfplay", "teacher", "the end of a life of self-play"},
	{"random", "arm", "learns the moves of games of random play"},
	{"untrained", "arm",
	 "learns the moves of games that an untrained network plays"},
	{"empty", "arm",
	 "learns from games that say nothing: every move is as good, every "
	 "game drawn"},
	{"fresh", "control", "learns nothing"},
	{.name = NULL},
};

static const struct study_gate gates[] = {
	{"learns", "self-play ends 400 Elo above fresh networks, lower bound"},
	{"null", "networks that nobody taught are within 60 Elo of other fresh "
		 "ones, in the mean over seeds"},
	{.name = NULL},
};

static const struct study_size sizes[] = {
	{"smoke",
	 "rows=4,cols=5,lives=lives-tabula-4x5,filters=16,life_games=3000,"
	 "games=1000,students=1,fresh=4,opening_plies=4,pairs=80",
	 2},
	{"desk", "", 6},
	{"overnight", "students=8,fresh=16,epochs=4,pairs=1000", 12},
	{.name = NULL},
};

/* Lives that are shown whole, of which seeds that judge are numbers from 1 on;
 * those that tune have lives of their own. */
enum { FIRST_LIFE = 2001 };

/* Chance, by what it is for. */
enum { SHOWN = 1, STUDENT, FRESH, OPENINGS };

struct tabula {
	struct study_run *r;
	const struct tabula_conf *c;
	struct game g;
	const struct study_arm *arm;
	uint64_t seed;
	struct recipe recipe; /* the teacher's */
	int64_t games;        /* shown */
	struct kept_net end;  /* the teacher's */
	struct kept_net none; /* its beginning */
};

static bool goes_on(void *ctx)
{
	struct tabula *t = ctx;

	return study_goes_on(t->r);
}

/* --- the teacher --------------------------------------------------------- */

static uint64_t life_of(uint64_t seed)
{
	return seed < STUDY_DEVELOPMENT ? FIRST_LIFE - 1 + seed : seed;
}

static void made_set(const struct tabula *t, char out[80])
{
	snprintf(out, 80, "%s-tabula", t->c->lives);
}

static bool life_goes_on(void *ctx)
{
	return goes_on(ctx);
}

static void life_at(void *ctx, int64_t games)
{
	struct tabula *t = ctx;

	study_progress(t->r, (double)games, t->c->life_games,
		       "a life of self-play: game %lld", (long long)games);
}

/* A part that is not in the set, made and put into a set of its own. */
static enum err_code put_part(struct tabula *t, const struct life_config *c,
			      enum life_part part, const struct buf *b,
			      struct err *e)
{
	struct buf settings;
	enum err_code rc;
	char set[80];

	made_set(t, set);
	buf_init(&settings);
	life_settings(c->recipe, &c->grid, &settings);
	rc = study_life_put(t->r, set, c->seed, part, settings.data, b->data,
			    b->len, e);
	buf_release(&settings);
	return rc;
}

static enum err_code make_life(struct tabula *t, struct err *e)
{
	struct recipe recipe;
	struct life_config c = {
		.game = &t->g,
		.recipe = &recipe,
		.grid = {.cut = (t->c->life_games + 24) / 25,
			 .games = t->c->life_games,
			 .before = 15,
			 .after = 15,
			 .per_stage = 64,
			 .temperature = 0.25f},
		.seed = life_of(t->seed),
	};
	struct life_watch watch = {life_goes_on, life_at, t};
	struct buf before, after;
	enum err_code rc;

	conf_defaults(recipe_spec, &recipe);
	rc = conf_read(recipe_spec, &recipe, life_usual, "tabula", e);
	recipe.filters = t->c->filters;
	recipe.blocks = t->c->blocks;
	recipe.rate_games = t->c->life_games;
	buf_init(&before);
	buf_init(&after);
	if (!rc)
		rc = life_make(&c, &watch, &before, e);
	if (!rc)
		rc = life_continue(&c, before.data, before.len,
				   life_usual_seed(c.seed), &watch, &after, e);
	if (!rc)
		rc = put_part(t, &c, LIFE_BEFORE, &before, e);
	if (!rc)
		rc = put_part(t, &c, LIFE_AFTER, &after, e);
	buf_release(&before);
	buf_release(&after);
	return rc;
}

static enum err_code load_life(struct tabula *t, const char *set,
			       struct life **out, struct err *e)
{
	const void *before, *after;
	size_t before_len, after_len;
	uint64_t seed = life_of(t->seed);
	enum err_code rc = study_life(t->r, set, seed, LIFE_BEFORE, &before,
				      &before_len, e);

	if (!rc)
		rc = study_life(t->r, set, seed, LIFE_AFTER, &after, &after_len,
				e);
	return rc ? rc
		  : life_read(&t->g, before, before_len, after, after_len, out,
			      e);
}

/* The teacher's recipe, its beginning and its end. */
static enum err_code take_teacher(struct tabula *t, struct err *e)
{
	struct life *l = NULL;
	char made[80];
	float *params;
	enum err_code rc = load_life(t, t->c->lives, &l, e);

	made_set(t, made);
	if (rc == ERR_NOTFOUND)
		rc = load_life(t, made, &l, e);
	if (rc == ERR_NOTFOUND) {
		rc = make_life(t, e);
		if (!rc)
			rc = load_life(t, made, &l, e);
	}
	if (rc)
		return rc;
	t->recipe = *life_recipe(l);
	t->games = t->c->games ? t->c->games : life_grid(l)->games;
	kept_net_set(&t->end, life_net(l),
		     life_stage(l, life_stages(l) - 1).weights);
	params = mem_floats(net_param_count(life_net(l)));
	net_init(life_net(l), life_seed(l, LIFE_BEFORE), params);
	kept_net_set(&t->none, life_net(l), params);
	free(params);
	life_free(l);
	return ERR_OK;
}

static uint64_t chance(const struct tabula *t, int what, int number)
{
	return rng_mix(rng_mix(t->seed, (uint64_t)what), (uint64_t)number);
}

/* --- what is shown ------------------------------------------------------- */

struct showing {
	struct tabula *t;
	struct offline *to;
	bool empty; /* moves and results are not said */
};

/* The same game, which says nothing. */
static void blank_targets(const struct game *g,
			  const struct self_play_game *played,
			  struct targets_writer *w)
{
	static const float draw[3] = {0, 1, 0};
	game_move *legal = mem_zalloc((size_t)g->move_count, sizeof(*legal));
	float *alike = mem_floats((size_t)g->move_count);
	void *state = game_state_new(g, 0);

	targets_begin(w);
	for (int ply = 0; ply < played->count; ply++) {
		int n = g->rules->legal(g, state, legal);

		for (int i = 0; i < n; i++)
			alike[i] = 1.0f / (float)n;
		if (g->rules->to_act(g, state) >= 0)
			targets_ply(w, n, alike, draw);
		else
			targets_skip(w);
		g->rules->apply(g, state, played->moves[ply]);
	}
	free(state);
	free(alike);
	free(legal);
}

static enum err_code show(void *ctx, const struct self_play_game *g,
			  struct err *e)
{
	struct showing *s = ctx;
	struct self_play_game blank = *g;
	struct targets_writer w;
	enum err_code rc;

	if (!s->empty)
		return offline_add(s->to, g, false, e);
	blank_targets(&s->t->g, g, &w);
	blank.targets = w.out.data;
	blank.targets_len = w.out.len;
	rc = offline_add(s->to, &blank, false, e);
	buf_release(&w.out);
	return rc;
}

static bool showing_goes_on(void *ctx)
{
	struct showing *s = ctx;

	return study_goes_on(s->t->r);
}

/* Whole games: their moves and results.  A value that nobody knows is the
 * game's result; that of a blank game is said. */
static enum err_code show_games(struct tabula *t, struct offline *to,
				struct err *e)
{
	struct showing s = {
		.t = t, .to = to, .empty = !strcmp(t->arm->name, "empty")};
	bool untrained = !strcmp(t->arm->name, "untrained");
	struct duel_net net = {"untrained", t->none.plan};
	struct duel names = {.game = &t->g, .nets = &net, .net_count = 1};
	struct agent_source source = duel_source(&names);
	struct recipe how = t->recipe;
	int threads = pool_threads(study_pool(t->r)), opened = 0;
	struct agent **players = mem_zalloc((size_t)threads, sizeof(*players));
	struct teaching teaching = {
		.game = &t->g,
		.recipe = &how,
		.seed = chance(t, SHOWN, 0),
		.teachers = players,
	};
	enum err_code rc = ERR_OK;

	/* The move that was played is what is learned. */
	how.explore_plies = 0;
	how.opening_share = 0;
	how.teacher_lanes = 32;
	how.target = TEACH_MOVE;
	while (!rc && opened < threads) {
		rc = agent_open(&players[opened],
				untrained ? "policy:untrained/0,temperature=1"
					  : "random",
				&t->g, &source, e);
		opened += !rc;
	}
	for (int64_t i = 0; i < t->games && !rc; i += 1000) {
		int64_t left = t->games - i;

		study_progress(t->r, (double)i, (double)t->games,
			       "games that are shown");
		rc = teach_games(&teaching, i, left < 1000 ? (int)left : 1000,
				 study_pool(t->r), show, showing_goes_on, &s,
				 e);
	}
	for (int i = 0; i < opened; i++)
		agent_close(players[i]);
	free(players);
	return rc;
}

/* --- who learns ---------------------------------------------------------- */

static bool learning_goes_on(void *ctx, int64_t step, int64_t steps)
{
	struct tabula *t = ctx;

	study_progress(t->r, (double)step, (double)steps, "learns");
	return study_goes_on(t->r);
}

static void student_recipe(const struct tabula *t, struct recipe *r)
{
	*r = t->recipe;
	r->epochs = t->c->epochs;
	r->patience = 0;
	r->dagger_rounds = 0;
	r->search_share = 1;
	r->rate = 0.002f;
	r->rate_end = 0.0002f;
}

static enum err_code learn(struct tabula *t, const struct offline *from,
			   int number, struct kept_net *out, struct err *e)
{
	struct offline_net made = {0};
	struct recipe recipe;
	struct offline_work work = {
		.recipe = &recipe,
		.seed = chance(t, STUDENT, number),
		.pool = study_pool(t->r),
		.goes_on = learning_goes_on,
		.ctx = t,
	};
	enum err_code rc;

	student_recipe(t, &recipe);
	rc = offline_learn(from, &work, &made, e);
	if (!rc)
		kept_net_set(out, &made.net.config, made.net.weights);
	kept_net_release(&made.net);
	return rc;
}

static void make_fresh(const struct tabula *t, uint64_t seed,
		       struct kept_net *out)
{
	size_t n = net_param_count(&t->end.config);
	float *params = mem_floats(n);

	net_init(&t->end.config, seed, params);
	kept_net_set(out, &t->end.config, params);
	free(params);
}

/* Network `number` of the arm. */
static enum err_code make_student(struct tabula *t, const struct offline *from,
				  int number, struct kept_net *out,
				  struct err *e)
{
	if (!strcmp(t->arm->name, "selfplay"))
		kept_net_set(out, &t->end.config, t->end.weights);
	else if (from)
		return learn(t, from, number, out, e);
	else
		make_fresh(t, chance(t, STUDENT, number), out);
	return ERR_OK;
}

/* --- scoring ------------------------------------------------------------- */

struct scored {
	double sum, squares; /* Elo, and squares of standard errors */
	int64_t pairs;
	int duels;
	bool changed; /* weights, while they were scored */
};

/* One network of the arm against each of the fresh ones. */
static enum err_code score(struct tabula *t, const struct kept_net *student,
			   struct scored *s, struct err *e)
{
	struct custody *held = custody_new(&student->config, student->weights);
	enum err_code rc = ERR_OK;

	for (int k = 0; k < t->c->fresh && !rc; k++) {
		struct kept_net fresh = {0};
		struct duel_result result;
		struct duel_net nets[2] = {{"a", custody_plan(held)}};
		struct duel d = {
			.game = &t->g,
			.agents = {"policy:a", "policy:fresh"},
			.nets = nets,
			.net_count = 2,
			.plies = t->c->opening_plies,
			.pairs = (t->c->pairs + t->c->fresh - 1) / t->c->fresh,
			.seed = chance(t, OPENINGS, k),
			.goes_on = goes_on,
			.ctx = t,
		};

		make_fresh(t, chance(t, FRESH, k), &fresh);
		nets[1] = (struct duel_net){"fresh", fresh.plan};
		rc = duel_play(&d, study_pool(t->r), &result, e);
		if (!rc) {
			double half =
				(result.elo.high - result.elo.low) / 2 / 1.96;

			s->sum += result.elo.elo;
			s->squares += half * half;
			s->pairs += (int64_t)result.shares.count;
			s->duels++;
		}
		kept_net_release(&fresh);
	}
	/* Of several, any that changed; else the last. */
	if (!s->changed)
		custody_tell(held, t->r);
	s->changed = s->changed || !custody_holds(held, NULL);
	custody_free(held);
	return rc;
}

static enum err_code score_all(struct tabula *t, const struct offline *from,
			       struct err *e)
{
	/* A teacher is one. */
	int students = !strcmp(t->arm->role, "teacher") ? 1 : t->c->students;
	struct scored all = {0};
	enum err_code rc = ERR_OK;
	double mean, half;

	for (int i = 0; i < students && !rc; i++) {
		struct kept_net student = {0};

		rc = make_student(t, from, i, &student, e);
		if (!rc)
			rc = score(t, &student, &all, e);
		if (!rc && i == 0)
			study_network(t->r, &t->g, &student.config,
				      student.weights, t->games, 0);
		kept_net_release(&student);
	}
	if (rc)
		return rc;
	mean = all.sum / all.duels;
	half = 1.96 * sqrt(all.squares) / all.duels;
	study_measure(t->r, "elo", 0, mean, mean - half, mean + half,
		      all.pairs);
	return ERR_OK;
}

static enum err_code try_arm(struct tabula *t, struct err *e)
{
	bool shown = !strcmp(t->arm->role, "arm");
	struct offline *from = NULL;
	enum err_code rc = take_teacher(t, e);

	if (!rc && shown) {
		struct recipe r;

		student_recipe(t, &r);
		from = offline_new(&t->g, &r, t->games * t->g.max_plies);
		rc = show_games(t, from, e);
	}
	if (!rc)
		rc = score_all(t, from, e);
	if (!rc)
		study_facts(t->r, 0, net_flops(&t->end.config),
			    shown || !strcmp(t->arm->name, "selfplay")
				    ? t->games
				    : 0);
	offline_free(from);
	kept_net_release(&t->end);
	kept_net_release(&t->none);
	return rc;
}

static enum err_code tabula_trial(struct study_run *r,
				  const struct study_arm *a, uint64_t seed,
				  struct err *e)
{
	struct tabula t = {
		.r = r,
		.c = study_conf(r),
		.arm = a,
		.seed = seed,
	};
	char text[64];
	enum err_code rc;

	snprintf(text, sizeof(text), "drop:rows=%d,cols=%d,line=%d", t.c->rows,
		 t.c->cols, t.c->line);
	rc = game_init(&t.g, text, e);
	return rc ? rc : try_arm(&t, e);
}

/* Brought to a game of which nobody ever showed it a good move. */
static const struct study_answer answers[] = {
	{"*", STUDY_GROWS, "*", 60},
	{.arm = NULL},
};

const struct study study_tabula = {
	.name = "tabula",
	.question = "Where nobody has ever played well, does an imitator come "
		    "to anything, as a learner by self-play does?",
	.metric = "Elo of raw policy above fresh networks of the same shape, "
		  "direct matches from distinct random openings by pairs, "
		  "each against several of them; the seed is the unit",
	.thresholds =
		"supported: the upper end of every imitator's interval over "
		"seeds is at most 60 Elo above fresh; refuted at this scale: "
		"the lower end of one is above 60; partial else.  "
		"Uninterpretable where self-play does not end 400 above fresh, "
		"lower end",
	.frozen = "the weights of whatever is scored",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.conf = tabula_spec,
	.conf_size = sizeof(struct tabula_conf),
	.trial = tabula_trial,
	.judge = tabula_judge,
	.answers = answers,
};
