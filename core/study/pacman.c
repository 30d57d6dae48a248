/* SPDX-License-Identifier: MIT */
/* Whether a player that was taught to be kind stays kind once points teach it:
 * an imitator of a player that never eats a ghost learns on by actor-critic. */
#include "config.h"

#include <math.h>
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
#include "core/learn/course.h"
#include "core/learn/dataset.h"
#include "core/learn/ledger.h"
#include "core/learn/ledger.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/learn/teach.h"
#include "core/net/net.h"
#include "core/rate/duel.h"
#include "core/study/answer.h"
#include "core/study/chooser.h"
#include "core/study/custody.h"
#include "core/study/kept_net.h"
#include "core/study/ledger_tell.h"
#include "core/study/ledger_tell.h"
#include "core/study/offline.h"
#include "core/study/pacman_int.h"
#include "core/study/pacman_orchestra.h"
#include "core/study/pacman_watch.h"
#include "core/study/study.h"

struct pacman_conf {
	char maze[16];
	int ticks, filters, blocks;
	int shown; /* games of the kind player */
	float epochs;
	int iterations, plies, groups, slots;
	float reuse, rate, points, discount, entropy, share;
	int games, held; /* watched at each look; of the kind player, held */
};

#define INT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct pacman_conf, CONF_INT, key, lo, hi, dflt, text)
#define FLOAT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct pacman_conf, CONF_FLOAT, key, lo, hi, dflt, text)

static const struct conf_spec spec[] = {
	{"maze", CONF_TEXT, offsetof(struct pacman_conf, maze), 0, 16, "tiny",
	 NULL, "the maze"},
	INT(ticks, 8, 100000, "120", "of every game"),
	INT(filters, 1, 256, "16", "of the network"),
	INT(blocks, 1, 40, "2", "of it"),
	INT(shown, 1, 1000000, "600", "games that the kind player shows"),
	FLOAT(epochs, 0.01, 1000, "10",
	      "times that the imitator learns from each position"),
	INT(iterations, 1, 1000000, "160", "of play and learning"),
	INT(groups, 1, 256, "4", "of games at once; a thread takes a group"),
	INT(slots, 1, 1024, "16", "games of a group"),
	INT(plies, 1, 1024, "32", "moves of each game in an iteration"),
	FLOAT(reuse, 0, 100, "3", "times that a move is learned from"),
	FLOAT(rate, 0, 1, "0.001", "learning rate"),
	FLOAT(points, 1, 1000000, "500", "that are worth 1"),
	FLOAT(discount, 0, 1, "0.97", "of points, for each move"),
	FLOAT(entropy, 0, 10, "0.01", "weight of the policy's entropy"),
	FLOAT(share, 0, 1, "0.5",
	      "of the imitator's likelihood in the reward of who chooses"),
	INT(games, 1, 100000, "96", "watched at each look at a learner"),
	INT(held, 1, 100000, "24",
	    "games of the kind player on whose states drift is measured"),
	{.name = NULL},
};

static const struct study_arm arms[] = {
	{"kind", "teacher", "the player that never eats a ghost"},
	{"greedy", "control", "the player that eats what pays"},
	{"imitator", "arm", "learned to play as the kind player and stays so"},
	{"scratch", "control", "a fresh network learns by points, ghosts +200"},
	{"points", "arm", "the imitator learns on by points, ghosts +200"},
	{"nothing", "arm", "the same where a ghost pays nothing"},
	{"costs", "arm", "the same where a ghost costs 100"},
	{"kl-weak", "arm", "+200, pulled to the imitator: KL counts 0.03"},
	{"kl-middle", "arm", "the same, 0.2"},
	{"kl-strong", "arm", "the same, 1"},
	{"frozen", "arm", "+200, and only the heads learn"},
	{"replay", "arm",
	 "+200, and a quarter of each batch is the kind player's"},
	{"orchestra", "arm",
	 "a bandit chooses between the imitator and who learned by points"},
	{"shown-on", "control",
	 "learns on from as many ticks of the kind player"},
	{"dagger", "control",
	 "plays as many ticks, and learns what the kind player would do"},
	{.name = NULL},
};

/* How an arm learns by points. */
struct way {
	const char *arm;
	const char *method; /* settings beside the common ones */
	bool fresh, heads;  /* begins anew; only the heads learn */
};
static const struct way ways[] = {
	{"scratch", "", true, false},
	{"points", "", false, false},
	{"nothing", ",bonus=-200", false, false},
	{"costs", ",bonus=-300", false, false},
	{"kl-weak", ",anchor=0.03", false, false},
	{"kl-middle", ",anchor=0.2", false, false},
	{"kl-strong", ",anchor=1", false, false},
	{"frozen", "", false, true},
	{"replay", ",replay=0.25", false, false},
	{NULL, NULL, false, false},
};

static const struct study_gate gates[] = {
	{"imitates", "the imitator eats at no more than 0.05 of opportunities "
		     "and makes 0.8 of the kind player's points, means"},
	{"chances", "who learns by points has an opportunity a game or more, "
		    "mean, and the greedy player eats at 0.3 of his"},
	{"learns", "the fresh network makes more points at the end than the "
		   "imitator, lower bound of the paired difference"},
	{.name = NULL},
};

static const struct study_size sizes[] = {
	{"smoke",
	 "filters=8,blocks=1,shown=100,epochs=4,iterations=6,games=24,held=6",
	 2},
	{"desk", "", 6},
	{"overnight",
	 "maze=small,ticks=240,filters=24,blocks=3,shown=3000,iterations=400,"
	 "games=200,held=60",
	 12},
	{.name = NULL},
};

/* Chance, by what it is for. */
enum { SHOWN = 1, HELD, STUDENT, LEARNER, WATCHED, MORE };

struct trial {
	struct study_run *r;
	const struct pacman_conf *c;
	struct game g;
	const struct study_arm *arm;
	uint64_t seed;
	struct recipe recipe;
	struct kept_net imitator;
	struct pacman_states held;
	double *kl; /* owned; [held.count] */
	struct err *e;
	/* games to keep: of the first look, of that nearest to half of what a
	 * fresh learner comes to, and of the last */
	double half;
	bool half_seen;
	double eaten; /* at the last look */
};

static uint64_t chance(const struct trial *t, int what)
{
	return rng_mix(t->seed, (uint64_t)what);
}

static bool goes_on(void *ctx)
{
	struct trial *t = ctx;

	return study_goes_on(t->r);
}

static bool step_goes_on(void *ctx, int64_t step, int64_t steps)
{
	struct trial *t = ctx;

	study_progress(t->r, (double)step, (double)steps, "imitates");
	return study_goes_on(t->r);
}

/* --- looking at a player ------------------------------------------------- */

static void keep_game(struct trial *t, const struct pacman_seen *seen,
		      const char *who)
{
	study_play(t->r, &(struct study_game){.game = &t->g,
					      .first = who,
					      .moves = seen->line.data,
					      .plies = seen->plies,
					      .opening = seen->opening,
					      .result = seen->result});
}

/* 95 % by games alone; seeds are the unit of what is concluded. */
static void measure(struct trial *t, const struct pacman_seen *s, double x)
{
	double n = (double)s->games, mean = s->score / n;
	double half = 1.96 * sqrt(fmax(s->squares / n - mean * mean, 0) / n);
	double chances = (double)s->opportunities;
	double share = (double)s->eaten / chances;
	double wide = 1.96 * sqrt(share * (1 - share) / chances);

	study_measure(t->r, PACMAN_SCORE, x, mean, mean - half, mean + half,
		      s->games);
	study_measure(t->r, PACMAN_OPPORTUNITIES, x, chances / n, (double)NAN,
		      (double)NAN, s->games);
	study_measure(t->r, PACMAN_EATEN, x, share, share - wide, share + wide,
		      s->opportunities);
	t->eaten = share;
}

static void measure_drift(struct trial *t, const struct net_plan *plan,
			  const struct pacman_seen *seen, double x)
{
	double sum[2] = {0};
	int n[2] = {0};

	pacman_drift(&t->g, &t->held, t->imitator.plan, plan, t->kl);
	for (int i = 0; i < t->held.count; i++) {
		const void *at = t->held.at + (size_t)i * t->g.state_size;
		int was = pacman_was_at(seen, pacman_place(&t->g, at));

		sum[was] += t->kl[i];
		n[was]++;
	}
	if (n[1])
		study_measure(t->r, PACMAN_VISITED, x, sum[1] / n[1],
			      (double)NAN, (double)NAN, n[1]);
	if (n[0])
		study_measure(t->r, PACMAN_UNVISITED, x, sum[0] / n[0],
			      (double)NAN, (double)NAN, n[0]);
}

/* `plan` NULL: a scripted player. */
static enum err_code look(struct trial *t, const char *agent,
			  const struct net_plan *plan, double x, bool last)
{
	struct duel_net net = {"m", plan};
	struct duel names = {
		.game = &t->g, .nets = &net, .net_count = plan ? 1 : 0};
	struct agent_source source = duel_source(&names);
	struct pacman_watch w = {
		.game = &t->g,
		.agent = agent,
		.source = &source,
		.games = t->c->games,
		.seed = chance(t, WATCHED),
		.goes_on = goes_on,
		.ctx = t,
	};
	struct pacman_seen seen;
	enum err_code rc;
	bool half;

	pacman_seen_init(&seen);
	rc = pacman_watch(&w, study_pool(t->r), &seen, t->e);
	if (!rc) {
		measure(t, &seen, x);
		if (plan && t->held.count)
			measure_drift(t, plan, &seen, x);
		half = !t->half_seen && t->eaten >= t->half;
		t->half_seen |= half;
		if (x <= 0 || last || half) {
			char who[64];

			if (plan)
				snprintf(who, sizeof(who), "%s after %.0f",
					 t->arm->name, x);
			else
				snprintf(who, sizeof(who), "%s", agent);
			keep_game(t, &seen, who);
		}
	}
	pacman_seen_release(&seen);
	return rc;
}

static enum err_code look_at_net(struct trial *t, const struct kept_net *n,
				 double x, bool last)
{
	struct custody *held = custody_new(&n->config, n->weights);
	enum err_code rc =
		look(t, "policy:m,temperature=1", custody_plan(held), x, last);

	if (last)
		custody_tell(held, t->r);
	custody_free(held);
	return rc;
}

/* --- what is shown, and who imitates ------------------------------------- */

struct showing {
	struct trial *t;
	struct offline *to;
};

static enum err_code show(void *ctx, const struct self_play_game *g,
			  struct err *e)
{
	struct showing *s = ctx;

	return offline_add(s->to, g, false, e);
}

static bool showing_goes_on(void *ctx)
{
	struct showing *s = ctx;

	return study_goes_on(s->t->r);
}

/* Games of the kind player, or of a student whom it tells what it would do. */
static enum err_code show_games(struct trial *t, struct offline *to, int games,
				uint64_t seed, const struct kept_net *student)
{
	struct duel_net net = {"m", student ? student->plan : NULL};
	struct duel names = {
		.game = &t->g, .nets = &net, .net_count = student ? 1 : 0};
	struct agent_source source = duel_source(&names);
	int threads = pool_threads(study_pool(t->r)), opened = 0;
	struct agent **players =
		mem_zalloc(2 * (size_t)threads, sizeof(*players));
	struct showing s = {t, to};
	struct recipe how = t->recipe;
	struct teaching teaching = {
		.game = &t->g,
		.recipe = &how,
		.seed = seed,
		.teachers = players,
		.students = student ? players + threads : NULL,
	};
	enum err_code rc = ERR_OK;

	how.explore_plies = 0;
	how.opening_share = 0.5f;
	how.opening_plies = 8;
	how.teacher_lanes = 16;
	how.target = TEACH_POLICY;
	while (!rc && opened < (student ? 2 : 1) * threads) {
		rc = agent_open(&players[opened],
				opened < threads ? "kind"
						 : "policy:m,temperature=1",
				&t->g, &source, t->e);
		opened += !rc;
	}
	if (!rc)
		rc = teach_games(&teaching, 0, games, study_pool(t->r), show,
				 showing_goes_on, &s, t->e);
	for (int i = 0; i < opened; i++)
		agent_close(players[i]);
	free(players);
	return rc;
}

static enum err_code learn(struct trial *t, const struct offline *from,
			   float epochs, const float *begin,
			   struct kept_net *out)
{
	struct offline_net made = {0};
	struct recipe r = t->recipe;
	struct offline_work work = {
		.recipe = &r,
		.seed = chance(t, STUDENT),
		.from = begin,
		.pool = study_pool(t->r),
		.goes_on = step_goes_on,
		.ctx = t,
	};
	enum err_code rc;

	r.epochs = epochs;
	rc = offline_learn(from, &work, &made, t->e);
	if (!rc)
		kept_net_set(out, &made.net.config, made.net.weights);
	kept_net_release(&made.net);
	return rc;
}

static void make_recipe(struct trial *t, const char *method)
{
	const struct pacman_conf *c = t->c;
	struct recipe *r = &t->recipe;

	conf_defaults(recipe_spec, r);
	r->filters = c->filters;
	r->blocks = c->blocks;
	r->pool_blocks = c->blocks;
	r->groups = c->groups;
	r->slots = c->slots;
	r->plies = c->plies;
	r->reuse = c->reuse;
	r->batch = 256;
	r->shard = 64;
	r->rate = r->rate_end = c->rate;
	r->warmup = 0;
	r->opening_share = 0.25f;
	r->weight_decay = 0;
	r->clip = 1;
	r->average = 0.05f;
	r->patience = 0;
	r->search_share = 0;
	snprintf(r->method, sizeof(r->method), "%s", method);
}

static enum err_code imitate(struct trial *t, struct kept_net *out)
{
	struct offline *o;
	enum err_code rc;

	o = offline_new(&t->g, &t->recipe, (int64_t)t->c->shown * t->c->ticks);
	t->recipe.rate = 0.002f;
	t->recipe.rate_end = 0.0002f;
	rc = show_games(t, o, t->c->shown, chance(t, SHOWN), NULL);
	if (!rc)
		rc = learn(t, o, t->c->epochs, NULL, out);
	if (!rc)
		study_facts(t->r, 0, net_flops(&out->config), t->c->shown);
	offline_free(o);
	return rc;
}

/* As many ticks as who learns by points plays, told by the kind player. */
static enum err_code imitate_on(struct trial *t, bool dagger,
				struct kept_net *out)
{
	const struct pacman_conf *c = t->c;
	int64_t ticks =
		(int64_t)c->iterations * c->groups * c->slots * c->plies;
	int games = (int)(ticks / c->ticks);
	struct offline *o = offline_new(&t->g, &t->recipe, ticks + c->ticks);
	enum err_code rc = show_games(t, o, games ? games : 1, chance(t, MORE),
				      dagger ? &t->imitator : NULL);

	if (!rc)
		rc = learn(t, o, c->reuse, t->imitator.weights, out);
	if (!rc)
		study_facts(t->r, 0, net_flops(&out->config), c->shown + games);
	offline_free(o);
	return rc;
}

/* --- learning by points -------------------------------------------------- */

static bool course_goes_on(void *ctx)
{
	struct trial *t = ctx;

	return study_goes_on(t->r);
}

static void method_text(const struct trial *t, const struct way *way,
			struct buf *out)
{
	const struct pacman_conf *c = t->c;

	buf_printf(out,
		   "actor-critic:keep=1000000,points=%g,discount=%g,entropy=%g"
		   "%s",
		   (double)c->points, (double)c->discount, (double)c->entropy,
		   way->method);
	if (way->heads)
		buf_puts(out, ",frozen=stem");
	for (int i = 1; way->heads && i <= c->blocks; i++)
		buf_printf(out, "+block %d", i);
}

static enum err_code advance_all(struct trial *t, struct course *c,
				 struct kept_net *out)
{
	int until = t->c->iterations, next = 0;
	struct ledger *moved = ledger_new(course_net(c), course_weights(c));
	enum err_code rc = ERR_OK;

	for (int i = 0; i <= until && !rc; i++) {
		if (i == next || i == until) {
			kept_net_take(out, c);
			rc = look_at_net(t, out, (double)course_at(c)->step,
					 i == until);
			next = next < 4 ? next + 1 : next + next / 2;
		}
		study_progress(t->r, i, until, "learns by points: %.2f eaten",
			       t->eaten);
		if (!rc && i < until)
			rc = course_advance(c, study_pool(t->r), t->e);
		ledger_moved(moved, course_weights(c));
	}
	/* Losses are not told apart: by points is all that there is. */
	if (!rc)
		ledger_tell(moved, "points", t->r);
	ledger_free(moved);
	return rc;
}

static enum err_code learn_by_points(struct trial *t, const struct way *way,
				     struct kept_net *out)
{
	struct course_sink sink = {.goes_on = course_goes_on, .self = t};
	bool replays = strstr(way->method, "replay") != NULL;
	struct offline *shown = NULL;
	struct dataset demonstrations;
	struct course_config config = {
		.name = t->arm->name,
		.game = &t->g,
		.recipe = &t->recipe,
		.seed = chance(t, LEARNER),
		.from = way->fresh ? NULL : t->imitator.weights,
	};
	enum err_code rc = ERR_OK;
	struct course *c;
	struct buf text;

	if (replays) {
		make_recipe(t, "search");
		shown = offline_new(&t->g, &t->recipe,
				    (int64_t)t->c->shown * t->c->ticks);
		rc = show_games(t, shown, t->c->shown, chance(t, SHOWN), NULL);
		demonstrations = offline_dataset(shown);
		config.demonstrations = &demonstrations;
	}
	buf_init(&text);
	method_text(t, way, &text);
	make_recipe(t, text.data);
	buf_release(&text);
	if (!rc)
		rc = recipe_check_game(&t->recipe, &t->g, t->e);
	if (!rc) {
		c = course_new(&config, &sink);
		rc = course_begin(c, study_pool(t->r), t->e);
		if (!rc)
			rc = advance_all(t, c, out);
		if (!rc)
			study_facts(t->r, 0, net_flops(&out->config),
				    course_at(c)->games);
		course_free(c);
	}
	offline_free(shown);
	return rc;
}

/* --- arms ---------------------------------------------------------------- */

static const struct way *way_of(const char *arm)
{
	for (const struct way *w = ways; w->arm; w++)
		if (!strcmp(w->arm, arm))
			return w;
	return NULL;
}

/* The imitator, the states on which drift is measured, and how much a fresh
 * learner eats, where that is known by now. */
static enum err_code prepare(struct trial *t)
{
	struct pacman_watch w = {
		.game = &t->g,
		.agent = "kind",
		.games = t->c->held,
		.seed = chance(t, HELD),
		.goes_on = goes_on,
		.ctx = t,
	};
	const void *data;
	size_t len;
	struct err none = ERR_INIT;
	enum err_code rc = kept_net_find(t->r, &t->g, "imitator", "network",
					 &t->imitator, t->e);

	if (!rc)
		rc = pacman_states(&w, study_pool(t->r), &t->held, t->e);
	t->kl = mem_zalloc((size_t)t->held.count + 1, sizeof(*t->kl));
	t->half = INFINITY;
	if (!rc && !study_kept(t->r, "scratch", "eaten", &data, &len, &none)) {
		memcpy(&t->half, data, sizeof(t->half));
		t->half /= 2;
	}
	return rc;
}

static enum err_code try_network(struct trial *t, struct kept_net *end)
{
	const struct way *way = way_of(t->arm->name);
	bool first = !strcmp(t->arm->name, "imitator");
	enum err_code rc = first ? imitate(t, end) : prepare(t);

	if (rc)
		return rc;
	if (way)
		return learn_by_points(t, way, end);
	if (!first)
		rc = imitate_on(t, !strcmp(t->arm->name, "dagger"), end);
	return rc ? rc : look_at_net(t, end, 0, true);
}

/* --- who chooses between two ---------------------------------------------- */

static void measure_choice(struct trial *t, double chosen)
{
	study_measure(t->r, "chosen.imitator", 0, chosen, (double)NAN,
		      (double)NAN, t->c->games);
}

/* As many games as are shown teach it; those that are watched do not. */
static enum err_code orchestrate(struct trial *t)
{
	struct kept_net bold = {0};
	struct chooser c;
	struct pacman_orchestra o = {
		.game = &t->g,
		.share = t->c->share,
		.points = t->c->points,
		.seed = chance(t, MORE),
		.goes_on = goes_on,
		.ctx = t,
	};
	struct pacman_seen seen;
	double chosen = 0;
	enum err_code rc = prepare(t);

	if (!rc)
		rc = kept_net_find(t->r, &t->g, "points", "network", &bold,
				   t->e);
	o.plans[0] = t->imitator.plan;
	o.plans[1] = bold.plan;
	chooser_init(&c, 0.3);
	pacman_seen_init(&seen);
	if (!rc)
		rc = pacman_orchestra_play(&o, &c, 0, t->c->shown, true, NULL,
					   NULL, t->e);
	c.spread = 0;
	if (!rc)
		rc = pacman_orchestra_play(&o, &c, t->c->shown, t->c->games,
					   false, &seen, &chosen, t->e);
	if (!rc) {
		measure(t, &seen, 0);
		measure_choice(t, chosen);
		keep_game(t, &seen, "orchestra");
		study_facts(t->r, (int64_t)sizeof(c),
			    2 * net_flops(&bold.config), t->c->shown);
	}
	pacman_seen_release(&seen);
	kept_net_release(&bold);
	return rc;
}

static enum err_code try_arm(struct trial *t)
{
	struct kept_net end = {0};
	enum err_code rc;

	if (!strcmp(t->arm->name, "orchestra"))
		return orchestrate(t);

	if (!strcmp(t->arm->name, "kind") || !strcmp(t->arm->name, "greedy"))
		return look(t, t->arm->name, NULL, 0, true);
	rc = try_network(t, &end);
	if (!rc) {
		kept_net_put(t->r, "network", &end);
		study_network(t->r, &t->g, &end.config, end.weights, 0, 0);
		study_keep(t->r, "eaten", &t->eaten, sizeof(t->eaten));
	}
	kept_net_release(&end);
	return rc;
}

static enum err_code pacman_trial(struct study_run *r,
				  const struct study_arm *a, uint64_t seed,
				  struct err *e)
{
	struct trial t = {.r = r,
			  .c = study_conf(r),
			  .arm = a,
			  .seed = seed,
			  .half = INFINITY,
			  .e = e};
	char text[80];
	enum err_code rc;

	snprintf(text, sizeof(text), "pacman:maze=%s,ticks=%d,ghost=200",
		 t.c->maze, t.c->ticks);
	rc = game_init(&t.g, text, e);
	if (!rc) {
		make_recipe(&t, "search");
		rc = try_arm(&t);
	}
	kept_net_release(&t.imitator);
	pacman_states_release(&t.held);
	free(t.kl);
	return rc;
}

static const struct study_answer answers[] = {
	{"*", STUDY_NOW, "spared/*", 0.95},
	{"*", STUDY_GROWS, "gain/*", 0},
	{.arm = NULL},
};

const struct study study_pacman = {
	.name = "pacman",
	.question =
		"Does a player that learned to be kind by imitation stay kind "
		"once it learns on by points?",
	.metric = "ghosts eaten per opportunity, a ghost that takes fright; "
		  "points a game; KL from the imitator on states of the kind "
		  "player, those where the learner comes and those where not; "
		  "moves are drawn by the policy; the seed is the unit",
	.thresholds =
		"supported (it stops being kind): what it eats at the end "
		"where a ghost pays 200, less what it eats where one pays "
		"nothing, is 0.2 or more, lower end above 0; refuted at this "
		"scale: the upper end is below 0.2; partial else.  The "
		"half-life is the update at which it first eats half as much "
		"as a fresh learner at its end",
	.frozen = "the weights of whatever is watched; of the arm frozen, all "
		  "but the heads while it learns",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.conf = spec,
	.conf_size = sizeof(struct pacman_conf),
	.trial = pacman_trial,
	.judge = pacman_judge,
	.pictures = pacman_pictures,
	.answers = answers,
};
