/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/agent/page.h"
#include "core/agent/scribe.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/course.h"
#include "core/learn/recipe.h"
#include "core/learn/serial.h"
#include "core/net/net.h"
#include "core/rate/duel.h"
#include "core/rate/grade.h"
#include "core/rate/graded.h"
#include "core/study/answer.h"
#include "core/study/custody.h"
#include "core/study/kept_net.h"
#include "core/study/picture.h"
#include "core/study/serial_int.h"
#include "core/study/study.h"

/*
 * The debate's own loop (core/learn/serial.h), taken apart.  All arms begin
 * with one network that drills have taught form, rules and arithmetic, and
 * nothing of who is better; 0 is its strength.
 */

#define INT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct serial_study_conf, CONF_INT, key, lo, hi, dflt, text)

const struct conf_spec serial_study_spec[] = {
	INT(rows, 3, 12, "4", "of the board"),
	INT(cols, 3, 12, "5", "of the board"),
	INT(line, 3, 6, "4", "in a row win"),
	INT(width, 1, 12, "5", "moves of a board that are looked at"),
	INT(page, 1, 16, "2", "boards in one context"),
	INT(lanes, 1, 1024, "16", "pages that a step learns from"),
	INT(drills, 0, 1000000, "600", "rounds of made-up values"),
	INT(boards, 1, 100000000, "60000", "that each arm writes"),
	INT(single, 1, 100000000, "6000", "that the single lane writes"),
	CONF_NUMBER(struct serial_study_conf, CONF_FLOAT, rate, 0, 1, "0.002",
		    "learning rate"),
	INT(layers, 1, 12, "3", "of the network"),
	INT(channels, 8, 512, "64", "of a token"),
	INT(filters, 1, 256, "16", "of the searching learner's tower"),
	INT(blocks, 1, 40, "2", "of it"),
	INT(simulations, 2, 10000, "16", "of its searches"),
	INT(graded, 1, 10000, "400", "positions of random play"),
	INT(opening_plies, 0, 100, "4", "random moves before scored games"),
	INT(pairs, 1, 1000000, "400", "of scored games"),
	{.name = NULL},
};

static const struct study_arm arms[] = {
	{"drilled", "control",
	 "form, rules and arithmetic, from drills with made-up values"},
	{"on", "arm", "better values by arithmetic, learned by a step"},
	{"off", "arm", "the same, and nothing is learned"},
	{"written", "arm", "better values that it writes itself, learned"},
	{"written-off", "arm", "the same, and nothing is learned"},
	{"imagined", "arm",
	 "as on, the boards after moves written by itself, too"},
	{"rollouts", "arm",
	 "as on, half of the searches games to the end by its own moves"},
	{"single", "arm", "as on, a single lane: a step for each page"},
	{"placebo", "control", "as on, a step on its own first estimates"},
	{"permuted", "control", "as on, better values in a drawn order"},
	{"search", "control",
	 "self-play with a search (Gumbel AlphaZero), as many boards"},
	{.name = NULL},
};

static const struct study_gate gates[] = {
	{"form", "after the drills 80 % of boards and of better values are "
		 "written right, in the mean over seeds"},
	{"room", "self-play with a search gains 100 Elo from as many boards, "
		 "lower bound above 0"},
	{"null", "networks with the weights of the drills are within 30 Elo "
		 "of each other"},
	{.name = NULL},
};

static const struct study_size sizes[] = {
	{"smoke",
	 "width=3,drills=40,lanes=8,boards=320,single=16,layers=1,channels=16,"
	 "filters=8,blocks=1,simulations=4,graded=40,pairs=20",
	 2},
	{"desk", "", 3},
	{"overnight", "boards=300000,single=30000,pairs=1000,graded=1000", 6},
	{.name = NULL},
};

enum { STOPS = 12, PROBE = 256, SAVES = 10, START = 1, OPENINGS };

struct trial {
	struct study_run *r;
	const struct serial_study_conf *c;
	const struct study_arm *arm;
	uint64_t seed;
	struct game g;
	struct serial_conf conf;
	struct kept_net zero; /* the drilled network */
	struct graded_set graded;
};

static bool is(const struct trial *t, const char *arm)
{
	return !strcmp(t->arm->name, arm);
}

static bool goes_on(void *ctx)
{
	struct trial *t = ctx;

	return study_goes_on(t->r);
}

static enum err_code stopped(struct err *e)
{
	return err_set(e, ERR_CANCELLED, "stopped");
}

/* --- settings ------------------------------------------------------------ */

static enum err_code make_conf(struct trial *t, struct err *e)
{
	const struct serial_study_conf *c = t->c;
	struct serial_conf *o = &t->conf;
	char *game = mem_printf("drop:rows=%d,cols=%d,line=%d", c->rows,
				c->cols, c->line);
	enum err_code rc = game_init(&t->g, game, e);

	free(game);
	if (rc)
		return rc;
	conf_defaults(serial_spec, o);
	o->width = c->width;
	o->page = c->page;
	o->lanes = is(t, "single") ? 1 : c->lanes;
	o->drills = is(t, "single") ? 0 : c->drills;
	o->backups = is(t, "single") ? c->single : c->boards;
	o->rate = c->rate;
	o->rate_end = c->rate / 10;
	o->writes_backups = is(t, "written") || is(t, "written-off");
	o->writes_boards = is(t, "imagined");
	o->rollouts = is(t, "rollouts") ? SCRIBE_HALF : SCRIBE_NEVER;
	o->update = is(t, "placebo")                       ? SERIAL_PLACEBO
		    : is(t, "permuted")                    ? SERIAL_PERMUTED
		    : is(t, "off") || is(t, "written-off") ? SERIAL_NONE
							   : SERIAL_IMPROVED;
	snprintf(o->network, sizeof(o->network),
		 "tokens:width=%d,layers=%d,heads=4,context=1024,position="
		 "rotary",
		 c->channels, c->layers);
	return serial_check(o, &t->g, e);
}

static enum err_code sample_positions(struct trial *t, struct err *e)
{
	struct graded_work work = {.pool = study_pool(t->r)};
	struct graded_sampling want = {
		.count = t->c->graded,
		.least_ply = 2,
		.most_ply = t->g.max_plies - 1,
		.seed = rng_mix(7, t->seed),
	};

	graded_init(&t->graded, &t->g, "positions of random play");
	return graded_sample(&t->graded, &want, &work, e);
}

/* --- scoring ------------------------------------------------------------- */

/* Share of positions where the class of the best move is kept. */
static enum err_code measure_class(struct trial *t, const struct net_plan *plan,
				   const char *agent, double x, struct err *e)
{
	struct duel_net net = {"m", plan};
	struct duel names = {.game = &t->g, .nets = &net, .net_count = 1};
	struct agent_source source = duel_source(&names);
	struct grade_request want = {
		.set = &t->graded,
		.agent = agent,
		.source = &source,
		.seed = t->seed,
	};
	struct grade_result result;
	enum err_code rc = grade_agent(&want, study_pool(t->r), &result, e);

	if (rc)
		return rc;
	study_measure(t->r, "class", x,
		      grade_share(result.all.class_kept, &result.all),
		      (double)NAN, (double)NAN, result.all.positions);
	grade_result_release(&result);
	return ERR_OK;
}

/* Elo over the drilled network, in direct games. */
static enum err_code measure_elo(struct trial *t, const struct net_plan *plan,
				 const char *agent, const char *zero,
				 const char *name, struct err *e)
{
	struct duel_net nets[] = {{"m", plan}, {"zero", t->zero.plan}};
	struct duel_result result;
	struct duel d = {
		.game = &t->g,
		.agents = {agent, zero},
		.nets = nets,
		.net_count = 2,
		.plies = t->c->opening_plies,
		.pairs = t->c->pairs,
		.seed = rng_mix(t->seed, OPENINGS),
		.goes_on = goes_on,
		.ctx = t,
	};
	enum err_code rc = duel_play(&d, study_pool(t->r), &result, e);

	if (!rc)
		study_measure(t->r, name, 0, result.elo.elo, result.elo.low,
			      result.elo.high, (int64_t)result.shares.count);
	return rc;
}

/* By first estimates, and after a look ahead: with the arm's own backups. */
static enum err_code score(struct trial *t, const struct net_config *net,
			   const float *weights, struct err *e)
{
	struct custody *held = custody_new(net, weights);
	const struct net_plan *plan = custody_plan(held);
	bool own = t->conf.writes_backups, boards = t->conf.writes_boards;
	char *looks = mem_printf("serial:m,width=%d%s%s", t->c->width,
				 own ? ",backups=yes" : "",
				 boards ? ",boards=yes" : "");
	char *zero = mem_printf("serial:zero,width=%d", t->c->width);
	enum err_code rc =
		measure_elo(t, plan, "serial:m", "serial:zero", "elo", e);

	if (!rc)
		rc = measure_elo(t, plan, looks, zero, "looked", e);
	free(looks);
	free(zero);
	custody_tell(held, t->r);
	custody_free(held);
	return rc;
}

/* --- the loop ------------------------------------------------------------ */

static double share(int64_t part, int64_t all)
{
	return all ? (double)part / (double)all : (double)NAN;
}

static void plain(struct trial *t, const char *name, double x, double value,
		  int64_t n)
{
	study_measure(t->r, name, x, value, (double)NAN, (double)NAN, n);
}

/* How it writes, where it writes everything itself. */
static void measure_form(struct trial *t, const struct serial *s)
{
	struct scribe_counts c;

	serial_probe(s, PROBE, study_pool(t->r), &c);
	plain(t, "written.cells", 0, share(c.cells_right, c.cells), c.cells);
	plain(t, "written.boards", 0, share(c.boards_right, c.boards),
	      c.boards);
	plain(t, "written.legal", 0, share(c.boards_legal, c.boards), c.boards);
	plain(t, "written.ends", 0,
	      2 * share(c.ends, 2 * c.ends + c.ends_false + c.ends_missed),
	      c.ends + c.ends_missed);
	plain(t, "written.values", 0, share(c.values_right, c.values),
	      c.values);
	plain(t, "written.off", 0, c.values_off / (double)c.values, c.values);
}

static int64_t stop_at(const struct trial *t, int number)
{
	return t->conf.backups * number / STOPS;
}

/* How far it is at a stop. */
static enum err_code measure_stop(struct trial *t, struct serial *s, int stop,
				  struct err *e)
{
	double x = (double)stop_at(t, stop);
	struct net_plan *plan =
		net_plan_new(serial_net_of(s), serial_weights(s));
	struct serial_figures f;
	enum err_code rc = measure_class(t, plan, "serial:m", x, e);

	serial_take_figures(s, &f);
	if (f.values) {
		plain(t, "surprise", x, f.surprise / (double)f.values,
		      f.values);
	}
	/* Of the last twelfth. */
	if (stop == STOPS && f.openings && f.seconds)
		plain(t, "place", 0,
		      f.opening / (double)f.openings -
			      f.second / (double)f.seconds,
		      f.seconds);
	if (f.firsts)
		plain(t, "surprise.left", x, f.left / f.first, f.firsts);
	net_plan_free(plan);
	return rc;
}

static enum err_code save(struct trial *t, const struct serial *s, int stop,
			  struct err *e)
{
	enum err_code rc;
	struct buf b;

	buf_init(&b);
	buf_u32(&b, (uint32_t)stop);
	serial_save(s, &b);
	rc = study_save(t->r, &b, e);
	buf_release(&b);
	return rc;
}

static bool drilling(const struct serial *s)
{
	return serial_at(s)->rounds < serial_at(s)->drills;
}

static void say_where(struct trial *t, const struct serial *s)
{
	const struct serial_mark *at = serial_at(s);

	if (drilling(s))
		study_progress(t->r, (double)at->rounds, (double)at->drills,
			       "drills");
	else
		study_progress(t->r, (double)at->backups,
			       (double)t->conf.backups, "boards");
}

/* From where it stands to its end, measured at every stop. */
static enum err_code write_boards(struct trial *t, struct serial *s, int stop,
				  struct err *e)
{
	enum err_code rc = ERR_OK;

	while (!rc && stop <= STOPS) {
		if (!study_goes_on(t->r))
			return stopped(e);
		if (serial_at(s)->backups < stop_at(t, stop)) {
			serial_round(s, study_pool(t->r));
			say_where(t, s);
			continue;
		}
		/* Where there are fewer boards than stops. */
		if (stop_at(t, stop) < stop_at(t, stop + 1))
			rc = measure_stop(t, s, stop, e);
		stop++;
		if (!rc && stop <= STOPS)
			rc = save(t, s, stop, e);
	}
	return rc;
}

static enum err_code drill(struct trial *t, struct serial *s, struct err *e)
{
	enum err_code rc = ERR_OK;
	struct buf b;

	while (!rc && drilling(s)) {
		if (!study_goes_on(t->r))
			return stopped(e);
		serial_round(s, study_pool(t->r));
		say_where(t, s);
		if (serial_at(s)->rounds % (t->c->drills / SAVES + 1) == 0)
			rc = save(t, s, 0, e);
	}
	if (rc)
		return rc;
	buf_init(&b);
	serial_save(s, &b);
	study_keep(t->r, "state", b.data, b.len);
	buf_release(&b);
	return ERR_OK;
}

/* As the drills left it; a single lane has its weights alone. */
static enum err_code take_drilled(struct trial *t, struct serial *s,
				  struct err *e)
{
	const void *data;
	size_t len;
	struct reader r;
	enum err_code rc = study_kept(t->r, "drilled", "state", &data, &len, e);

	if (rc)
		return rc;
	if (is(t, "single")) {
		serial_begin_with(s, t->zero.weights);
		return ERR_OK;
	}
	reader_init(&r, data, len);
	return serial_load(s, &r, e);
}

static void keep_page(struct trial *t, struct serial *s)
{
	const struct page *p = serial_page(s);
	struct buf b;

	if (!p->backup_count)
		return;
	buf_init(&b);
	page_save(p, &b);
	study_keep(t->r, "page", b.data, b.len);
	buf_release(&b);
}

static enum err_code finish(struct trial *t, struct serial *s, struct err *e)
{
	const struct net_config *net = serial_net_of(s);
	const struct serial_mark *at = serial_at(s);
	struct kept_net made = {0};
	enum err_code rc;

	kept_net_set(&made, net, serial_weights(s));
	kept_net_put(t->r, "network", &made);
	if (!t->zero.plan)
		kept_net_set(&t->zero, net, made.weights);
	measure_form(t, s);
	rc = score(t, net, made.weights, e);
	if (!rc) {
		study_network(t->r, &t->g, net, made.weights, at->games,
			      at->words);
		study_facts(t->r, (int64_t)net_memory_bytes(net, 1),
			    net_flops(net) * (t->g.rows * t->g.cols +
					      t->g.move_count + 2),
			    at->games);
		keep_page(t, s);
	}
	kept_net_release(&made);
	return rc;
}

static enum err_code try_loop(struct trial *t, struct err *e)
{
	struct serial *s = serial_new(&t->g, &t->conf, t->seed);
	struct reader saved;
	enum err_code rc = ERR_OK;
	int stop = 1;

	if (study_saved(t->r, &saved)) {
		stop = (int)reader_u32(&saved);
		rc = serial_load(s, &saved, e);
	} else if (!is(t, "drilled")) {
		rc = take_drilled(t, s, e);
	}
	if (!rc)
		rc = is(t, "drilled") ? drill(t, s, e)
				      : write_boards(t, s, stop, e);
	if (!rc)
		rc = finish(t, s, e);
	serial_free(s);
	return rc;
}

/* --- a searching learner ------------------------------------------------- */

static void search_recipe(const struct trial *t, struct recipe *r)
{
	const struct serial_study_conf *c = t->c;

	conf_defaults(recipe_spec, r);
	r->filters = c->filters;
	r->blocks = c->blocks;
	r->simulations = c->simulations;
	r->groups = 2;
	r->slots = 16;
	r->start_positions = c->boards / 60;
	r->window_min = c->boards / 6 + 1;
	r->rate_games = c->boards / 12 + 1;
	r->rate_match_games = 0;
	r->grade_positions = 0;
}

static bool course_goes_on(void *self)
{
	return goes_on(self);
}

static enum err_code search_plays(struct trial *t, struct course *c,
				  struct err *e)
{
	enum err_code rc = course_begin(c, study_pool(t->r), e);
	int stop = 1;

	while (!rc && stop <= STOPS) {
		struct net_plan *plan;
		int64_t at = course_positions(c);

		if (at < stop_at(t, stop)) {
			rc = course_advance(c, study_pool(t->r), e);
			study_progress(t->r, (double)course_positions(c),
				       t->c->boards, "self-play with a search");
			continue;
		}
		plan = net_plan_new(course_net(c), course_weights(c));
		rc = measure_class(t, plan, "policy:m",
				   (double)stop_at(t, stop), e);
		net_plan_free(plan);
		stop++;
	}
	return rc;
}

static enum err_code try_search(struct trial *t, struct err *e)
{
	struct course_sink sink = {.goes_on = course_goes_on, .self = t};
	struct recipe recipe;
	struct course_config config = {
		.name = "serial",
		.game = &t->g,
		.recipe = &recipe,
		.seed = rng_mix(t->seed, START),
	};
	struct custody *held;
	struct course *c;
	enum err_code rc;

	search_recipe(t, &recipe);
	rc = recipe_check(&recipe, e);
	if (rc)
		return rc;
	c = course_new(&config, &sink);
	rc = search_plays(t, c, e);
	if (!rc) {
		held = custody_new(course_net(c), course_weights(c));
		rc = measure_elo(t, custody_plan(held), "policy:m",
				 "serial:zero", "elo", e);
		custody_tell(held, t->r);
		custody_free(held);
	}
	if (!rc) {
		study_network(t->r, &t->g, course_net(c), course_weights(c),
			      course_at(c)->games, course_positions(c));
		study_facts(t->r, 0, net_flops(course_net(c)),
			    course_at(c)->games);
	}
	course_free(c);
	if (rc == ERR_CANCELLED)
		return stopped(e);
	return rc;
}

static enum err_code run_trial(struct study_run *r, const struct study_arm *a,
			       uint64_t seed, struct err *e)
{
	struct trial t = {.r = r, .c = study_conf(r), .arm = a, .seed = seed};
	enum err_code rc = make_conf(&t, e);

	if (!rc)
		rc = sample_positions(&t, e);
	if (!rc && !is(&t, "drilled"))
		rc = kept_net_find(r, &t.g, "drilled", "network", &t.zero, e);
	if (!rc)
		rc = is(&t, "search") ? try_search(&t, e) : try_loop(&t, e);
	kept_net_release(&t.zero);
	graded_release(&t.graded);
	return rc;
}

static const struct study_answer answers[] = {
	{"*", STUDY_GROWS, "gain/*", 0},
	{.arm = NULL},
};

static const struct study_trace curves[] = {
	{.label = "search", .arm = "search", .measure = "class"},
	{.label = "on", .arm = "on", .measure = "class"},
	{.label = "written", .arm = "written", .measure = "class"},
	{.label = "off", .arm = "off", .measure = "class"},
	{.label = "placebo", .arm = "placebo", .measure = "class"},
	{.label = "permuted", .arm = "permuted", .measure = "class"},
	{.label = NULL},
};

static const struct study_picture pictures[] = {
	{.kind = STUDY_PICTURE_CURVES,
	 .title = "Share of moves that keep the class, over boards",
	 .unit = "share",
	 .of = curves},
	{.title = NULL},
};

const struct study study_serial = {
	.name = "serial",
	.question = "Does one sequence model that writes boards, looks ahead "
		    "in its own context and learns its better estimates by a "
		    "step of gradient descent rise from nothing, and does it "
		    "rise without the step?",
	.metric = "Elo over the network that only the drills taught, by first "
		  "estimates, in direct games on distinct openings; and the "
		  "share of positions where its move keeps the class; the "
		  "seed is the unit",
	.thresholds =
		"supported: on over off is at least 100 Elo with the lower end "
		"above 0, and on beats both placebos at one-sided 5 %; "
		"refuted: its upper end is below 100; partial: its lower end "
		"is above 0.  Written backups: four fifths of the gain by "
		"arithmetic, or less, or open.  What a gradient step cannot "
		"do is told by off: its weights are those of the drills, so "
		"that its first estimates cannot rise, and what its context "
		"does is the surprise of a second board",
	.frozen = "the weights of the drills, in off and written-off",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.conf = serial_study_spec,
	.conf_size = sizeof(struct serial_study_conf),
	.trial = run_trial,
	.judge = serial_judge,
	.pictures = pictures,
	.answers = answers,
};
