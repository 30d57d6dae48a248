/* SPDX-License-Identifier: MIT */
/* The judge of the study `own-outputs` on planted tables, what a network's own
 * games teach, and the study itself at a size that says nothing. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/learn/targets.h"
#include "core/net/net.h"
#include "core/study/bench.h"
#include "core/study/own_games.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "tests/study/planted.h"

/* --- planted tables ------------------------------------------------------ */

/* Elo above D_c, mean over seeds; the student's seeds differ by 10 and the
 * others' by 10 more, so that what they gain differs by 10. */
struct truth {
	double end, student, all, wins, one_ply, search, vote, anyhow, again;
};
static const struct truth improves = {
	.end = 280,
	.student = -150,
	.all = -140,
	.wins = -100,
	.one_ply = -80,
	.search = 0,
	.vote = -130,
	.anyhow = -400,
	.again = -100,
};

static void plant_all(struct planted *t, const struct truth *w)
{
	plant_plan(t, &study_own_outputs);
	plant(t, "continued", "elo", 0, w->end, 10);
	plant(t, "student", "elo", 0, w->student, 10);
	/* Points before the last do not count. */
	plant(t, "all", "elo", 512, 900, 0);
	plant(t, "all", "elo", 4096, w->all, 20);
	plant(t, "wins", "elo", 4096, w->wins, 20);
	plant(t, "one-ply", "elo", 4096, w->one_ply, 20);
	plant(t, "search", "elo", 512, -900, 0);
	plant(t, "search", "elo", 4096, w->search, 20);
	plant(t, "vote", "elo", 4096, w->vote, 20);
	plant(t, "anyhow", "elo", 4096, w->anyhow, 20);
	plant(t, "again", "elo", 4096, w->again, 20);
}

static void test_supported(void **state)
{
	struct truth w = improves;
	struct planted t;

	(void)state;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_SUPPORTED, "search makes the student +150");
	/* One-ply takes its place, once again is below it. */
	w.search = w.student;
	w.again = w.one_ply;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_PARTIAL, "one-ply makes the student +70");
	w.again = w.student;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_SUPPORTED, "one-ply makes the student +70");
}

/* Not enough, or no better than a control, or no better than all. */
static void test_partial(void **state)
{
	struct truth w = improves;
	struct planted t;

	(void)state;
	w.search = w.student + 59;
	w.one_ply = w.wins = w.again = w.student;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_PARTIAL, "search makes the student +59");
	w = improves;
	w.vote = w.search;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_PARTIAL, "search");
	w = improves;
	w.all = w.search - 19; /* 19.6 to either side */
	plant_all(&t, &w);
	plant_judged(&t, STUDY_PARTIAL, "all its moves +131");
	w.all = w.search - 20;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_SUPPORTED, "all its moves +130");
}

static void test_refuted(void **state)
{
	struct truth w = improves;
	struct planted t;

	(void)state;
	w.search = w.one_ply = w.wins = w.student + 10; /* 29.6 at most */
	plant_all(&t, &w);
	plant_judged(&t, STUDY_REFUTED, "no move of its own");
	w.search = w.student - 20; /* what is worse is no reason */
	w.wins = w.student + 19;   /* -0.6 .. 38.6 */
	plant_all(&t, &w);
	plant_judged(&t, STUDY_REFUTED, "no move of its own");
}

static void test_surprises(void **state)
{
	struct truth w = improves;
	struct planted t;

	(void)state;
	w.all = 40; /* 0.7 at least: spreads of 20 */
	plant_all(&t, &w);
	plant_judged(&t, STUDY_PARTIAL, "surprising: all is above D_c");
	w.vote = 40;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_PARTIAL, "all and vote are above D_c");
	w = improves;
	w.vote = 38;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_PARTIAL, "all its moves +10 [-10, 30]");
}

static void test_gates(void **state)
{
	struct truth w = improves;
	struct planted t;

	(void)state;
	w.end = w.student + 149;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_UNINTERPRETABLE, "room");
	w = improves;
	w.anyhow = w.student + 20; /* 0.4 at least */
	plant_all(&t, &w);
	plant_judged(&t, STUDY_UNINTERPRETABLE, "null");
}

static void test_an_arm_is_missing(void **state)
{
	struct planted t;

	(void)state;
	plant_all(&t, &improves);
	plant_out(&t, "again");
	plant_judged(&t, STUDY_PARTIAL, "search");
	plant_all(&t, &improves);
	plant_out(&t, "student");
	plant_judged(&t, STUDY_UNINTERPRETABLE, "not measured");
}

/* --- own games ----------------------------------------------------------- */

struct room {
	struct game g;
	struct net_config net;
	struct net_plan *plan;
	float *params;
	struct pool *pool;
};

static void open_room(struct room *s, int threads)
{
	struct recipe r;
	struct err e = ERR_INIT;

	if (game_init(&s->g, "drop:rows=4,cols=5,line=4", &e))
		fail_msg("%s", e.msg);
	conf_defaults(recipe_spec, &r);
	r.filters = 4;
	r.blocks = 1;
	recipe_net(&r, &s->g, &s->net);
	s->params = mem_floats(net_param_count(&s->net));
	net_init(&s->net, 5, s->params);
	s->plan = net_plan_new(&s->net, s->params);
	s->pool = pool_new(threads);
}

static void close_room(struct room *s)
{
	net_plan_free(s->plan);
	pool_free(s->pool);
	free(s->params);
}

enum { GAMES = 12 };

struct seen {
	struct room *s;
	bool one_move; /* every label is one move: that which was played */
	bool played;
	int games, plies;
	uint64_t hash;
};

static void look(struct seen *seen, const struct target *t, int move)
{
	int most = 0;

	for (int i = 0; i < t->count; i++) {
		int p = t->policy[2 * i] | t->policy[2 * i + 1] << 8;

		most = p > most ? p : most;
		if (i == move)
			seen->played = seen->played && p == 65535;
	}
	seen->one_move = seen->one_move && most == 65535;
	seen->plies++;
}

static enum err_code see(void *ctx, const struct self_play_game *g,
			 struct err *e)
{
	struct seen *seen = ctx;
	const struct game *rules = &seen->s->g;
	void *state = game_state_new(rules, 0);
	game_move legal[16];
	struct reader r;
	struct target t;

	assert_int_equal(targets_open(&r, g->targets, g->targets_len, e), 0);
	for (int ply = 0; ply < g->count; ply++) {
		int n = rules->rules->legal(rules, state, legal), move = 0;

		while (legal[move] != g->moves[ply])
			move++;
		targets_next(&r, &t);
		assert_int_equal(t.count, ply < g->opening ? 0 : n);
		if (t.count)
			look(seen, &t, move);
		rules->rules->apply(rules, state, g->moves[ply]);
		seen->hash = seen->hash * 31 + g->moves[ply];
	}
	free(state);
	seen->games++;
	return ERR_OK;
}

static bool always(void *ctx)
{
	(void)ctx;
	return true;
}

static struct seen play(struct room *s, enum own_label label)
{
	struct seen seen = {.s = s, .one_move = true, .played = true};
	const struct own_games games = {
		.game = &s->g,
		.plan = s->plan,
		.label = label,
		.simulations = 8,
		.temperature = 1,
		.opening_share = 0.5f,
		.opening_plies = 4,
		.seed = 9,
	};
	struct err e = ERR_INIT;

	if (own_games_play(&games, 0, GAMES, s->pool, see, always, &seen, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(seen.games, GAMES);
	return seen;
}

/* The same games by all, however they are labelled and on any number of
 * threads; the labels are what they are said to be. */
static void test_labels(void **state)
{
	struct seen policy, move, one_ply, search;
	struct room s, two;

	(void)state;
	open_room(&s, 1);
	open_room(&two, 2);
	policy = play(&s, OWN_POLICY);
	move = play(&s, OWN_MOVE);
	one_ply = play(&two, OWN_ONE_PLY);
	search = play(&two, OWN_SEARCH);
	assert_true(policy.hash == move.hash && move.hash == one_ply.hash &&
		    one_ply.hash == search.hash);
	assert_true(move.one_move && move.played);
	assert_true(one_ply.one_move && !one_ply.played);
	assert_true(!policy.one_move && !search.one_move);
	close_room(&s);
	close_room(&two);
}

/* --- retelling ----------------------------------------------------------- */

static void write_game(struct targets_writer *w)
{
	static const float policy[] = {0.5f, 0.25f, 0.25f, 0, 0};

	targets_begin(w);
	targets_skip(w);
	for (int i = 1; i < 7; i++)
		targets_ply(w, 5, policy, NULL);
}

static void retell(const struct game *g, const struct own_retelling *how,
		   struct target out[7], struct targets_writer *w)
{
	static const game_move moves[] = {0, 1, 0, 1, 0, 1, 0};
	struct targets_writer was;
	struct err e = ERR_INIT;
	struct reader r;
	struct self_play_game in = {
		.moves = moves, .count = 7, .opening = 1, .result = 1};

	write_game(&was);
	in.targets = was.out.data;
	in.targets_len = was.out.len;
	if (own_games_retell(g, &in, how, w, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(targets_open(&r, w->out.data, w->out.len, &e), 0);
	for (int i = 0; i < 7; i++)
		targets_next(&r, &out[i]);
	assert_false(r.failed);
	assert_int_equal(out[0].count, 0);
	buf_release(&was.out);
}

static int share(const struct target *t, int move)
{
	return t->policy[2 * move] | t->policy[2 * move + 1] << 8;
}

static void test_retold(void **state)
{
	struct own_retelling how = {.how = OWN_WON};
	struct targets_writer w;
	struct target t[7];
	struct room s;
	int moved = 0;

	(void)state;
	open_room(&s, 1);
	/* The first player won, who moves at plies 0, 2, 4 and 6. */
	retell(&s.g, &how, t, &w);
	for (int i = 1; i < 7; i++)
		assert_int_equal(t[i].count, i % 2 ? 0 : 5);
	buf_release(&w.out);
	/* Squares: 4 to 1 to 1. */
	how = (struct own_retelling){.how = OWN_SHARP, .temperature = 0.5f};
	retell(&s.g, &how, t, &w);
	assert_int_equal(share(&t[1], 0), 43690);
	assert_in_range(share(&t[1], 1), 10922, 10923);
	assert_false(t[1].has_value);
	buf_release(&w.out);
	how = (struct own_retelling){.how = OWN_ANYHOW, .seed = 3};
	retell(&s.g, &how, t, &w);
	for (int i = 1; i < 7; i++) {
		int sum = 0;

		for (int k = 0; k < 5; k++)
			sum += share(&t[i], k);
		assert_in_range(sum, 65534, 65536);
		moved += share(&t[i], 0) != 32768;
	}
	assert_true(moved > 1);
	buf_release(&w.out);
	close_room(&s);
}

static void test_what_does_not_fit(void **state)
{
	static const game_move moves[] = {0, 1};
	struct own_retelling how = {.how = OWN_WON};
	struct targets_writer w;
	struct err e = ERR_INIT;
	struct room s;
	struct self_play_game in = {.moves = moves,
				    .count = 2,
				    .targets = "\1\0",
				    .targets_len = 3};

	(void)state;
	open_room(&s, 1);
	assert_int_equal(own_games_retell(&s.g, &in, &how, &w, &e), ERR_FORMAT);
	buf_release(&w.out);
	close_room(&s);
}

/* --- the study itself ---------------------------------------------------- */

static const struct study_figure *last(const struct study_bench *b,
				       const char *arm)
{
	const struct study_figure *out = NULL;

	for (size_t i = 0; i < b->figure_count; i++)
		if (!strcmp(b->figures[i].arm, arm) &&
		    !strcmp(b->figures[i].name, "elo"))
			out = &b->figures[i];
	if (!out)
		fail_msg("nothing was measured of %s", arm);
	return out;
}

static void run(struct study_bench *b, int threads)
{
	struct study_request want = {
		.study = &study_own_outputs,
		.size = "smoke",
		.settings = "games=120,cut=40,before=2,after=2,per_stage=4,"
			    "filters=4,blocks=1,zero_filters=4,zero_blocks=1,"
			    "zero_votes=0,zero_epochs=1,student_games=12,"
			    "tuned=16,round=8,steps=2,pairs=6,curve_pairs=4",
		.seeds = 1,
		.development = true,
	};
	struct err e = ERR_INIT;

	if (study_bench_run(b, &want, threads, &e))
		fail_msg("%s", e.msg);
}

/* All arms are measured, to the same bits on any number of threads, and differ:
 * what each learned from is another thing. */
static void test_at_a_size_that_says_nothing(void **state)
{
	static const char *const names[] = {"continued", "student", "all",
					    "wins",      "one-ply", "search",
					    "vote",      "anyhow",  "again"};
	struct study_bench a, b;

	(void)state;
	run(&a, 1);
	run(&b, 2);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct study_figure *x = last(&a, names[i]);

		assert_true(isfinite(x->value) && x->low < x->value &&
			    x->value < x->high);
		assert_true(x->value == last(&b, names[i])->value);
	}
	study_bench_release(&a);
	study_bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_supported),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_refuted),
		cmocka_unit_test(test_surprises),
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_an_arm_is_missing),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_retold),
		cmocka_unit_test(test_what_does_not_fit),
		cmocka_unit_test(test_at_a_size_that_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
