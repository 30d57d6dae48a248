/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/agent/kind.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/net/batch.h"
#include "core/net/net.h"
#include "core/search/trace.h"
#include "tests/agent/one_network.h"

static struct game connect4, tictactoe;

static int setup(void **state)
{
	(void)state;
	return game_init(&connect4, "connect4", NULL) ||
	       game_init(&tictactoe, "tictactoe", NULL);
}

static int no_plan_is_left(void **state)
{
	(void)state;
	return one_network_out;
}

static struct agent *opened(const char *spec, const struct game *g)
{
	struct err e = ERR_INIT;
	struct agent *a;

	if (agent_open(&a, spec, g, &one_network, &e))
		fail_msg("%s: %s", spec, e.msg);
	return a;
}

static void *position(const struct game *g, const char *line)
{
	game_move *moves = mem_zalloc((size_t)g->max_plies, sizeof(*moves));
	void *s = game_state_new(g, 0);
	int n;

	assert_int_equal(game_play_text(g, s, line, moves, &n, NULL), ERR_OK);
	free(moves);
	return s;
}

static struct thought think(const char *spec, const struct game *g,
			    const char *line, uint64_t seed)
{
	struct agent *a = opened(spec, g);
	void *s = position(g, line);
	struct thought t;

	agent_think(a, s, seed, 0, (int)strlen(line), NULL, &t);
	agent_close(a);
	free(s);
	return t;
}

static void test_names(void **state)
{
	static const char *const names[][2] = {
		{"random", "random"},
		{"tactical", "tactical"},
		{"human", "human"},
		{"policy:c4/latest", "policy:c4/64"},
		{"policy:c4", "policy:c4/64"},
		{"policy:c4/64,temperature=0", "policy:c4/64"},
		{"policy:c4/64,temperature=0.5",
		 "policy:c4/64,temperature=0.5"},
		{"lookahead:c4/latest", "lookahead:c4/64"},
		{"mcts:c4/latest", "mcts:c4/64,sims=200"},
		{"solver", "solver"},
		{"solver:memory=64,nodes=5", "solver:nodes=5"},
		{"mcts:uniform,sims=50", "mcts:uniform,sims=50"},
		{"mcts:rollout,gumbel=yes,sims=20,memory=256",
		 "mcts:rollout,sims=20,gumbel=yes"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct agent *a = opened(names[i][0], &connect4), *b;

		assert_string_equal(agent_name(a), names[i][1]);
		/* A name is a spec of the same agent. */
		b = opened(agent_name(a), &connect4);
		assert_string_equal(agent_name(b), agent_name(a));
		assert_int_equal(agent_is_human(a),
				 !strcmp(names[i][0], "human"));
		agent_close(a);
		agent_close(b);
	}
}

static void test_errors(void **state)
{
	static const struct {
		const char *spec, *expect;
		enum err_code code;
	} cases[] = {
		{"", "unknown agent '': known are random, tactical, ",
		 ERR_USAGE},
		{"randm", "did you mean 'random'", ERR_USAGE},
		{"mtcs:c4/latest", "did you mean 'mcts'", ERR_USAGE},
		{"policy", "needs a network", ERR_USAGE},
		{"mcts", "needs a network", ERR_USAGE},
		{"mcts:sims=4", "needs a network", ERR_USAGE},
		{"policy:/4", "needs a network", ERR_USAGE},
		{"policy:c4/", "needs a network", ERR_USAGE},
		{"policy:uniform", "no run 'uniform'", ERR_NOTFOUND},
		{"policy:c5/latest", "no run 'c5'", ERR_NOTFOUND},
		{"policy:c4/65", "no step 65", ERR_NOTFOUND},
		{"mcts:uniform,sim=5", "did you mean 'sims'", ERR_USAGE},
		{"mcts:uniform,sims=0", "sims = 0", ERR_USAGE},
		{"mcts:uniform,sims=many", "sims = many", ERR_USAGE},
		{"mcts:uniform,sims", "not key = value", ERR_USAGE},
		{"random:c4/latest", "takes no 'c4/latest'", ERR_USAGE},
		{"random,sims=4", "takes no settings", ERR_USAGE},
		{"tactical:sims=4", "takes no settings", ERR_USAGE},
		{"lookahead:c4/64,temperature=1", "takes no settings",
		 ERR_USAGE},
	};
	struct agent *a;
	struct err e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		memset(&e, 0, sizeof(e));
		if (agent_open(&a, cases[i].spec, &connect4, &one_network,
			       &e) != cases[i].code ||
		    !strstr(e.msg, cases[i].expect))
			fail_msg("'%s': %s", cases[i].spec, e.msg);
		assert_null(a);
	}
	assert_int_equal(agent_open(&a, "policy:c4/64", &connect4, NULL, &e),
			 ERR_NOTFOUND);
	assert_int_equal(agent_open(&a, "random", &connect4, NULL, NULL),
			 ERR_OK);
	agent_close(a);
}

/* Help and menus have something to show of each kind, and say how it is named.
 */
static void test_kinds_are_whole(void **state)
{
	struct err e = ERR_INIT;
	struct agent *a;

	(void)state;
	assert_int_equal(agent_open(&a, "", &connect4, NULL, &e), ERR_USAGE);
	for (const struct agent_kind *const *k = agent_kinds; *k; k++) {
		size_t n = strlen((*k)->name);

		assert_true(n && !strncmp((*k)->form, (*k)->name, n));
		assert_non_null(strchr(":[", (*k)->form[n]));
		assert_true(*(*k)->help);
		assert_non_null(strstr(e.msg, (*k)->name));
		assert_int_equal((*k)->conf != NULL, (*k)->conf_size > 0);
		assert_int_equal((*k)->together != NULL,
				 (*k)->company == AGENT_TOGETHER);
		assert_true((*k)->together || !(*k)->think_many);
		for (const struct agent_kind *const *b = agent_kinds; b < k;
		     b++)
			assert_string_not_equal((*b)->name, (*k)->name);
		for (const struct conf_spec *c = (*k)->conf; c && c->name; c++)
			assert_true(*c->help);
	}
}

/* Every kind fills a thought that screens and stores can rely on. */
static void test_thoughts_are_whole(void **state)
{
	static const char *const specs[] = {
		"random",
		"tactical",
		"policy:c4/64",
		"policy:c4/64,temperature=1",
		"lookahead:c4/64",
		"mcts:c4/64,sims=40",
		"mcts:c4/64,sims=16,gumbel=yes,noise=1",
		"mcts:c4/64,sims=40,noise=0.25,temperature=1",
		"mcts:uniform,sims=40",
		"mcts:rollout,sims=40",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(specs); i++) {
		struct thought t = think(specs[i], &connect4, "44444", 7);
		double policy = 0, prior = 0;
		bool chosen = false;
		uint32_t visits = 0;

		assert_int_equal(t.count, 7);
		for (int k = 0; k < t.count; k++) {
			const struct agent_move *m = &t.moves[k];

			assert_int_equal(m->move, k);
			chosen |= m->move == t.move;
			policy += (double)m->policy;
			prior += (double)m->prior;
			visits += m->visits;
			assert_true(isnan(m->q) || fabsf(m->q) <= 1);
			assert_true(isnan(m->value) || fabsf(m->value) <= 1);
		}
		assert_true(chosen);
		assert_true(fabs(policy - 1) < 1e-5);
		assert_true(fabs(prior - 1) < 1e-5);
		if (t.has_value)
			assert_true(fabsf(t.wdl[0] + t.wdl[1] + t.wdl[2] - 1) <
				    1e-5f);
		assert_int_equal(visits, t.simulations);
		assert_int_equal(!strncmp(specs[i], "mcts", 4),
				 t.trace != NULL);
		if (t.trace)
			assert_int_equal(t.trace->sim_count, t.simulations);
		thought_release(&t);
	}
}

static void test_wins_and_blocks(void **state)
{
	static const struct {
		const char *spec, *game, *line;
		game_move move;
	} cases[] = {
		{"tactical", "connect4", "112233", 3},
		{"tactical", "connect4", "11223", 3},
		{"lookahead:c4/64", "connect4", "112233", 3},
		{"mcts:c4/64,sims=50", "connect4", "112233", 3},
		{"mcts:c4/64,sims=50", "connect4", "11223", 3},
		{"mcts:uniform,sims=60,gumbel=yes", "connect4", "11223", 3},
		{"tactical", "tictactoe", "a3 a2 b3 b2", 2},
		{"tactical", "tictactoe", "a3 b2 b3", 2},
		{"mcts:rollout,sims=60", "tictactoe", "a3 b2 b3", 2},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (uint64_t seed = 0; seed < 10; seed++) {
			const struct game *g =
				!strcmp(cases[i].game, "connect4") ? &connect4
								   : &tictactoe;
			struct thought t;

			t = think(cases[i].spec, g, cases[i].line, seed);
			if (t.move != cases[i].move)
				fail_msg("%s %s: %d", cases[i].spec,
					 cases[i].line, t.move);
			thought_release(&t);
		}
}

/* A random agent plays every move; a tactical one every safe move. */
static void test_draws_are_even(void **state)
{
	int seen[2][7] = {0};

	(void)state;
	for (uint64_t seed = 0; seed < 700; seed++) {
		struct thought t = think("random", &connect4, "44", seed);

		seen[0][t.move]++;
		thought_release(&t);
		t = think("tactical", &connect4, "44", seed);
		seen[1][t.move]++;
		thought_release(&t);
	}
	for (int i = 0; i < 7; i++) {
		assert_in_range(seen[0][i], 60, 140);
		assert_in_range(seen[1][i], 60, 140);
	}
}

static bool same_thought(const struct thought *a, const struct thought *b)
{
	if (a->move != b->move || a->count != b->count ||
	    a->simulations != b->simulations)
		return false;
	for (int i = 0; i < a->count; i++)
		if (a->moves[i].visits != b->moves[i].visits ||
		    a->moves[i].policy != b->moves[i].policy)
			return false;
	return true;
}

static int reports;

static void count_reports(void *ctx, const struct thought *so_far)
{
	(void)ctx;
	assert_int_equal(so_far->count, 7);
	assert_true(so_far->simulations > 0);
	assert_null(so_far->trace);
	reports++;
}

/* The same seed, game and ply: the same thought, watched or not. */
static void test_determinism(void **state)
{
	static const char *const specs[] = {
		"random",
		"tactical",
		"policy:c4/64,temperature=1",
		"mcts:c4/64,sims=300,noise=0.5,temperature=1",
		"mcts:uniform,sims=5000",
		"solver:nodes=50000"};
	void *s = position(&connect4, "4");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(specs); i++) {
		struct agent *a = opened(specs[i], &connect4);
		struct agent *b = opened(specs[i], &connect4);
		struct thought x, y;

		reports = 0;
		agent_watch(b, count_reports, NULL);
		/* What it did before makes no difference. */
		agent_think(b, s, 9, 8, 1, NULL, &y);
		thought_release(&y);
		agent_think(a, s, 5, 6, 1, NULL, &x);
		agent_think(b, s, 5, 6, 1, NULL, &y);
		assert_true(same_thought(&x, &y));
		assert_int_equal(reports > 0, !strncmp(specs[i], "mcts", 4));
		thought_release(&x);
		thought_release(&y);
		agent_close(a);
		agent_close(b);
	}
	free(s);
}

static void test_traces_can_be_left_out(void **state)
{
	struct agent *a = opened("mcts:uniform,sims=10", &connect4);
	void *s = position(&connect4, "");
	struct thought t;

	(void)state;
	agent_keep_trace(a, false);
	agent_think(a, s, 1, 1, 0, NULL, &t);
	assert_null(t.trace);
	assert_int_equal(t.simulations, 10);
	thought_release(&t);
	agent_close(a);
	free(s);
}

/* Result of one game for the agent that moves as player `side`. */
static float play(const struct game *g, struct agent *a, struct agent *b,
		  int side, uint64_t number, int *carried)
{
	void *s = game_state_new(g, 0);
	float value[2];
	int player, ply = 0;

	while ((player = g->rules->to_act(g, s)) >= 0) {
		struct thought t;

		agent_think(player == side ? a : b, s, 11, number, ply++, NULL,
			    &t);
		if (t.trace && t.trace->nodes[0].base_visits)
			++*carried;
		g->rules->apply(g, s, t.move);
		thought_release(&t);
	}
	g->rules->score(g, s, value);
	free(s);
	return value[side];
}

static void test_search_beats_random(void **state)
{
	struct {
		const struct game *g;
		const char *spec;
		int games, lost;
		float least;
	} cases[] = {
		{&tictactoe, "mcts:uniform,sims=200", 40, 0, 25},
		{&connect4, "mcts:uniform,sims=200", 20, 0, 19},
		{&connect4, "mcts:rollout,sims=50", 20, 1, 17},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct agent *a = opened(cases[i].spec, cases[i].g);
		struct agent *b = opened("random", cases[i].g);
		int lost = 0, carried = 0;
		float sum = 0;

		for (int n = 0; n < cases[i].games; n++) {
			float r = play(cases[i].g, a, b, n % 2, (uint64_t)n,
				       &carried);

			lost += r < 0;
			sum += r;
		}
		assert_in_range(lost, 0, cases[i].lost);
		assert_true(sum >= cases[i].least);
		/* The tree was kept from move to move. */
		assert_true(carried > cases[i].games);
		agent_close(a);
		agent_close(b);
	}
}

/* A game played again, after others, is the same game: what is kept of a tree
 * never crosses from one game to the next. */
/* Seen from both sides, a board and its mirror image are one; priors only
 * flatten with their temperature. */
static void test_views_of_the_board(void **state)
{
	struct thought one =
		think("mcts:c4/64,sims=1,symmetries=2", &connect4, "4453", 1);
	struct thought two =
		think("mcts:c4/64,sims=1,symmetries=8", &connect4, "4435", 1);
	struct thought plain = think("mcts:c4/64,sims=1", &connect4, "4453", 1);
	struct thought flat = think("mcts:c4/64,sims=1,prior_temperature=2",
				    &connect4, "4453", 1);
	bool differs = false;

	(void)state;
	for (int i = 0; i < 7; i++) {
		double p = (double)plain.moves[i].prior;

		assert_true(fabsf(one.moves[i].prior - two.moves[6 - i].prior) <
			    1e-5f);
		differs |= fabsf(one.moves[i].prior - plain.moves[i].prior) >
			   1e-3f;
		for (int k = 0; k < 7; k++)
			assert_true(fabs(log((double)flat.moves[i].prior /
					     (double)flat.moves[k].prior) -
					 0.5 * log(p / (double)plain.moves[k]
							       .prior)) < 1e-4);
	}
	assert_true(differs);
	thought_release(&one);
	thought_release(&two);
	thought_release(&plain);
	thought_release(&flat);
}

static void test_reuse_stays_within_a_game(void **state)
{
	struct agent *a = opened("mcts:c4/64,sims=60", &connect4);
	struct agent *b = opened("mcts:uniform,sims=40", &connect4);
	struct thought first[42], again;
	game_move moves[42];
	int count = 0;

	(void)state;
	for (uint64_t round = 0; round < 3; round++) {
		void *s = game_state_new(&connect4, 0);
		int player, ply = 0;

		while ((player = connect4.rules->to_act(&connect4, s)) >= 0) {
			agent_think(player ? b : a, s, 3, round == 1, ply, NULL,
				    &again);
			if (round == 0) {
				moves[count] = again.move;
				first[count++] = again;
			} else {
				if (round == 2)
					assert_true(same_thought(&first[ply],
								 &again));
				thought_release(&again);
			}
			connect4.rules->apply(&connect4, s,
					      round == 1 ? moves[ply]
							 : first[ply].move);
			ply++;
		}
		free(s);
	}
	while (count)
		thought_release(&first[--count]);
	agent_close(a);
	agent_close(b);
}

/* A question's own limits, for every agent; afterwards it is as before. */
static void test_limits_of_a_question(void **state)
{
	static const char *const specs[] = {"random",
					    "tactical",
					    "policy:c4/latest",
					    "mcts:c4/latest,sims=40",
					    "mcts:rollout,sims=40",
					    "mcts:uniform,sims=40,gumbel=yes"};
	static const game_move only[] = {0, 6};
	struct agent_limits limits = {
		.simulations = 70, .lines = 5, .only = only, .only_count = 2};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(specs); i++) {
		struct agent *a = opened(specs[i], &connect4);
		void *s = position(&connect4, "415343");
		struct thought t;

		agent_limit(a, &limits);
		agent_think(a, s, 1, 1, 6, NULL, &t);
		assert_true(t.move == 0 || t.move == 6);
		assert_int_equal(t.line_count, 2);
		assert_int_equal(t.lines[0].moves[0], t.move);
		assert_int_not_equal(t.lines[1].moves[0], t.move);
		if (t.simulations) {
			assert_int_equal(t.simulations, 70);
			assert_true(t.lines[0].count > 1);
			assert_int_equal(t.moves[3].visits, 0);
		}
		thought_release(&t);
		agent_limit(a, NULL);
		agent_think(a, s, 1, 1, 6, NULL, &t);
		assert_null(t.lines);
		thought_release(&t);
		agent_close(a);
		free(s);
	}
}

static float tenth(const struct game *g, const void *s)
{
	(void)g;
	(void)s;
	return 0.1f;
}

static float ten(const struct game *g)
{
	(void)g;
	return 10;
}

static void nobody(const struct game *g, const void *s, float *out)
{
	(void)s;
	memset(out, 0, (size_t)(g->rows * g->cols) * sizeof(*out));
}

/* The same network asked directly, for the player to act. */
static void ask(const struct game *g, const void *s, float *ownership,
		float *lead)
{
	float *x = mem_floats(2 * 42);
	struct net_batch batch = {.sequences = 1, .x = x};
	float *out[NET_HEADS] = {
		[NET_OWNERSHIP] = ownership, [NET_LEAD] = lead};
	const struct net_plan *plan;
	struct net_work *work;
	int64_t step;

	assert_int_equal(
		one_network.load(NULL, "c4", "64", g, &plan, &step, NULL),
		ERR_OK);
	work = net_work_new(plan, 1);
	g->rules->encode(g, s, x);
	net_infer(plan, work, NULL, &batch, out);
	net_work_free(work);
	one_network.release(NULL, plan);
	free(x);
}

/* Owners and lead are seen from player 0, whoever is to act, and only asked
 * for where they are shown. */
static void test_owners(void **state)
{
	static const char *const specs[] = {"policy:c4/64", "lookahead:c4/64",
					    "mcts:c4/64,sims=10"};
	struct game_rules rules = *connect4.rules;
	struct game g = connect4;

	(void)state;
	rules.ownership = nobody;
	rules.lead = tenth;
	rules.lead_scale = ten;
	g.rules = &rules;
	for (int i = 0; i < 6; i++) {
		const char *line = i % 2 ? "445" : "44";
		float sign = i % 2 ? -1 : 1, owners[42], lead;
		struct thought t = think(specs[i / 2], &g, line, 1);
		struct agent *a = opened(specs[i / 2], &g);
		void *s = position(&g, line);

		ask(&g, s, owners, &lead);
		assert_non_null(t.ownership);
		assert_true(t.lead == 10 * sign * lead);
		for (int c = 0; c < 42; c++)
			assert_true(t.ownership[c] == sign * owners[c]);
		thought_release(&t);
		agent_keep_trace(a, false);
		agent_think(a, s, 1, 0, 3, NULL, &t);
		assert_null(t.ownership);
		assert_true(isnan(t.lead));
		thought_release(&t);
		t = think(specs[i / 2], &connect4, line, 1);
		assert_null(t.ownership);
		assert_true(isnan(t.lead));
		thought_release(&t);
		agent_close(a);
		free(s);
	}
}

/* Perfect, and when it is cut short still a move; Pons' program gives 44444261
 * 16 and has column 5 as its best. */
static void test_solver(void **state)
{
	struct agent *sure = opened("solver", &connect4);
	struct agent *unsure = opened("solver:nodes=1", &connect4);
	void *at = game_state_new(&connect4, 0);
	atomic_bool cancel = true;
	struct thought t;
	game_move line[42];
	int plies;

	(void)state;
	agent_think(unsure, at, 1, 0, 0, NULL, &t);
	assert_int_equal(t.move, 3);
	assert_false(t.has_value);
	thought_release(&t);
	agent_think(sure, at, 1, 0, 0, &cancel, &t);
	assert_int_equal(t.move, 3);
	thought_release(&t);
	assert_int_equal(
		game_play_text(&connect4, at, "44444261", line, &plies, NULL),
		ERR_OK);
	agent_think(sure, at, 1, 0, plies, NULL, &t);
	assert_int_equal(t.move, 4);
	assert_true(t.has_value && t.wdl[0] == 1.0f);
	assert_true(t.moves[4].policy == 1.0f && t.moves[6].q == 0.0f);
	thought_release(&t);
	agent_close(sure);
	agent_close(unsure);
	free(at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_kinds_are_whole),
		cmocka_unit_test(test_thoughts_are_whole),
		cmocka_unit_test(test_wins_and_blocks),
		cmocka_unit_test(test_draws_are_even),
		cmocka_unit_test(test_determinism),
		cmocka_unit_test(test_traces_can_be_left_out),
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_search_beats_random),
		cmocka_unit_test(test_views_of_the_board),
		cmocka_unit_test(test_reuse_stays_within_a_game),
		cmocka_unit_test(test_limits_of_a_question),
		cmocka_unit_test(test_solver),
	};

	return cmocka_run_group_tests(tests, setup, no_plan_is_left);
}
