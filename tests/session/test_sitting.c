/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/agent/kind.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/round.h"
#include "core/session/seat.h"
#include "core/session/sitting.h"
#include "store/game.h"
#include "store/store.h"
#include "tests/session/bell.h"
#include "tests/session/made_lab.h"

/* The last answer that was shown. */
static struct {
	int seat, ply, count;
	game_move move;
} shown;

static void show(void *ctx, int seat, const struct thought *th, int ply,
		 bool running)
{
	(void)ctx;
	if (running)
		return;
	shown.seat = seat;
	shown.ply = ply;
	shown.move = th->move;
	shown.count++;
}

static struct sitting s;

/* A person against `agent` (NULL: another) on the second side. */
static void sit(const char *game, const char *agent)
{
	const struct seat_host host = {.wake = bell_ring};
	struct err e = ERR_INIT;
	struct game g;

	setenv("PLYSCOPE_TEST_SEED", "7", 1);
	memset(&shown, 0, sizeof(shown));
	assert_int_equal(game_init(&g, game, &e), ERR_OK);
	sitting_init(&s, &g, &host);
	if (agent && sitting_seat(&s, 1, agent, &e))
		fail_msg("%s", e.msg);
	sitting_go_on(&s);
}

static void rise(void)
{
	sitting_release(&s);
	unsetenv("PLYSCOPE_TEST_SEED");
}

static game_move move(const char *text)
{
	const struct game *g = &s.round.game;

	return g->rules->move_parse(g, round_now(&s.round), text);
}

/* Until the agent has decided, and its move is made. */
static void let_agent_move(void)
{
	while (!s.held) {
		if (!sitting_collect(&s, show, NULL))
			bell_wait();
	}
	sitting_answer(&s);
}

static void wait_for_hint(void)
{
	int before = shown.count;

	while (shown.count == before) {
		if (!sitting_collect(&s, show, NULL))
			bell_wait();
	}
	assert_int_equal(shown.seat, SITTING_HINT);
}

/* A whole game: a hint, a move taken back, another, and to the end; stored with
 * what the agent thought. */
static void test_a_game(void **state)
{
	struct store_bag bag = {0};
	struct store_game row;
	struct err e = ERR_INIT;
	struct made_lab lab;
	int thoughts = 0;

	(void)state;
	made_lab_open(&lab);
	sit("connect4", "tactical");
	assert_int_equal(sitting_opponent(&s), 1);
	assert_true(sitting_person_to_move(&s));
	assert_false(sitting_is_thinking(&s));

	/* hints come from the opponent, and are no move */
	assert_int_equal(sitting_hint(&s, &e), ERR_OK);
	assert_true(s.hinted);
	wait_for_hint();
	assert_string_equal(seat_name(&s.seats[SITTING_HINT]), "tactical");
	assert_int_equal(shown.ply, 0);
	assert_int_equal(s.round.plies, 0);

	while (!s.hint.moves)
		if (!sitting_collect(&s, show, NULL))
			bell_wait();

	/* it stays with the move that was played, and goes when that is taken
	 * back */
	sitting_play(&s, move("1"));
	assert_false(s.hinted);
	assert_null(s.hint.moves);
	assert_non_null(s.round.thoughts[0].moves);
	assert_string_equal(s.round.thinkers[0], "tactical");
	assert_int_equal(s.asked, 1);
	let_agent_move();
	assert_int_equal(s.round.plies, 2);
	assert_true(sitting_take_back(&s));
	assert_int_equal(s.round.plies, 0);
	assert_false(sitting_take_back(&s));

	assert_null(s.round.thoughts[0].moves);

	/* while the agent thinks, its turn is taken back with the move */
	sitting_play(&s, move("2"));
	assert_true(sitting_take_back(&s));
	assert_int_equal(s.round.plies, 0);
	assert_false(sitting_is_thinking(&s));

	while (!round_over(&s.round)) {
		game_move legal[7];

		s.round.game.rules->legal(&s.round.game, round_now(&s.round),
					  legal);
		sitting_play(&s, legal[0]);
		if (!round_over(&s.round))
			let_agent_move();
	}
	assert_false(isnan(round_result(&s.round)));
	for (int i = 0; i < s.round.plies; i++)
		thoughts += s.round.thoughts[i].moves != NULL;
	assert_int_equal(thoughts, s.round.plies / 2);

	assert_int_equal(sitting_save(&s, lab_store(lab.lab), "human", &e),
			 ERR_OK);
	assert_int_equal(
		store_game_get(lab_store(lab.lab), &bag, s.round.row, &row),
		STORE_OK);
	assert_string_equal(row.first, "human");
	assert_string_equal(row.second, "tactical");
	assert_int_equal(row.searches, thoughts);
	store_bag_release(&bag);
	rise();
	made_lab_close(&lab);
}

/* The agent takes the side that is left, and goes on from there. */
static void test_sides(void **state)
{
	(void)state;
	sit("connect4", "tactical");
	assert_true(sitting_swap(&s));
	assert_int_equal(sitting_opponent(&s), 0);
	assert_true(sitting_is_thinking(&s));
	let_agent_move();
	assert_true(sitting_person_to_move(&s));
	assert_int_equal(s.asked, 0);
	sitting_begin(&s, 2);
	assert_int_equal(s.number, 2);
	assert_int_equal(s.round.plies, 0);
	let_agent_move();
	assert_int_equal(s.round.plies, 1);
	rise();
}

/* It is always the person who gives up, and taking back is going on. */
static void test_resigning(void **state)
{
	(void)state;
	sit("connect4", "mcts:rollout,sims=100000");
	sitting_play(&s, move("4"));
	assert_true(sitting_is_thinking(&s));
	assert_true(sitting_resign(&s));
	assert_false(sitting_is_thinking(&s));
	assert_true(round_result(&s.round) < 0);
	assert_false(sitting_resign(&s));
	assert_true(sitting_take_back(&s));
	assert_int_equal(s.round.plies, 0);
	rise();
}

/* A search of days is content with what it has. */
static void test_hurry(void **state)
{
	(void)state;
	sit("connect4", "mcts:rollout,sims=1000000");
	sitting_play(&s, move("4"));
	/* a worker that has not begun does not listen */
	while (!s.held) {
		sitting_hurry(&s);
		sitting_collect(&s, show, NULL);
	}
	sitting_answer(&s);
	assert_int_equal(s.round.plies, 2);
	rise();
}

static void test_other_agents(void **state)
{
	struct err e = ERR_INIT;
	bool person;
	int guest;

	(void)state;
	sit("connect4", "tactical");
	guest = s.seats[1].guest;
	assert_int_not_equal(sitting_replace(&s, "nobody", &e), ERR_OK);
	assert_int_equal(s.seats[1].guest, guest);
	assert_int_equal(sitting_replace(&s, "random", &e), ERR_OK);
	assert_string_equal(seat_name(&s.seats[1]), "random");
	assert_int_not_equal(s.seats[1].guest, guest);

	assert_int_equal(sitting_hint_from(&s, "human", &person, &e), ERR_OK);
	assert_true(person);
	assert_true(seat_is_human(&s.seats[SITTING_HINT]));
	assert_int_equal(sitting_hint_from(&s, "tactical", &person, &e),
			 ERR_OK);
	assert_false(person);
	assert_int_equal(sitting_hint(&s, &e), ERR_OK);
	wait_for_hint();
	assert_string_equal(seat_name(&s.seats[SITTING_HINT]), "tactical");
	/* a new opponent gives the hints */
	assert_int_equal(sitting_replace(&s, "tactical", &e), ERR_OK);
	assert_true(seat_is_human(&s.seats[SITTING_HINT]));
	rise();
}

/* Between two people nobody thinks; who is asked needs no network. */
static void test_two_people(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	sit("mnk:3,3,3", NULL);
	assert_int_equal(sitting_opponent(&s), -1);
	sitting_play(&s, move("b2"));
	assert_true(sitting_person_to_move(&s));
	assert_int_equal(sitting_hint(&s, &e), ERR_OK);
	wait_for_hint();
	assert_int_equal(shown.ply, 1);
	assert_non_null(strstr(seat_name(&s.seats[SITTING_HINT]), "rollout"));
	assert_true(sitting_take_back(&s));
	assert_int_equal(s.round.plies, 0);
	rise();
}

enum { TICKS = 40 };

static void stay(void)
{
	for (int i = 0; i < TICKS && sitting_person_to_move(&s); i++)
		sitting_play(&s, move("s"));
}

/* Chance moves by itself, the same for the same seed. */
static void test_chance(void **state)
{
	unsigned char *end;
	int plies;

	(void)state;
	sit("pacman", NULL);
	stay();
	plies = s.round.plies;
	assert_true(plies > TICKS); /* ghosts have turned */
	end = mem_alloc(s.round.game.state_size);
	memcpy(end, round_now(&s.round), s.round.game.state_size);
	sitting_begin(&s, 1);
	stay();
	assert_int_equal(s.round.plies, plies);
	assert_memory_equal(end, round_now(&s.round), s.round.game.state_size);
	assert_false(sitting_swap(&s));
	free(end);
	rise();
}

static void test_spec_simulations(void **state)
{
	static const struct {
		const char *spec;
		int sims;
		const char *want; /* NULL: refused */
		int before;
	} cases[] = {
		{"mcts:c4/12,sims=100", 200, "mcts:c4/12,sims=200", 100},
		{"mcts:c4/12", 50, "mcts:c4/12,sims=50", 200},
		{"mcts:c4/12,sims=8,batch=4", 0, "policy:c4/12", 8},
		{"mcts:c4/12,batch=4,sims=8", 9, "mcts:c4/12,sims=9,batch=4",
		 8},
		{"policy:c4/12,temperature=1", 10, "mcts:c4/12,sims=10", 0},
		{"policy:c4/12,temperature=1", 0, "policy:c4/12,temperature=1",
		 0},
		{"mcts:uniform,sims=5", 0, NULL, 5},
		{"mcts:uniform,sims=5", 6, "mcts:uniform,sims=6", 5},
		{"random", 10, NULL, -1},
		{"tactical", 0, NULL, -1},
	};
	char out[SEAT_SPEC_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool ok = seat_spec_simulations(cases[i].spec, cases[i].sims,
						out);

		assert_int_equal(ok, cases[i].want != NULL);
		if (ok)
			assert_string_equal(out, cases[i].want);
		assert_int_equal(seat_simulations(cases[i].spec),
				 cases[i].before);
	}
	assert_int_equal(seat_scale_simulations(0, true), 1);
	assert_int_equal(seat_scale_simulations(8, true), 16);
	assert_int_equal(seat_scale_simulations(700000, true), 1000000);
	assert_int_equal(seat_scale_simulations(1, false), 0);
	assert_int_equal(seat_scale_simulations(0, false), 0);
}

/* Agent `pupil` remembers what it is told. */
static struct {
	int games, count, player;
	float result;
} heard;

static void pupil_think(struct agent *a, const void *state, struct rng *r,
			const atomic_bool *cancel, struct thought *out)
{
	(void)a;
	(void)state;
	(void)r;
	(void)cancel;
	out->reading.known = true;
	out->reading.games = heard.games;
}

static void pupil_learn(struct agent *a, const struct agent_game *game)
{
	(void)a;
	heard.games++;
	heard.count = game->count;
	heard.player = game->player;
	heard.result = game->result;
}

static const struct agent_kind pupil = {
	.name = "pupil", .think = pupil_think, .learn = pupil_learn};

/* Agents hear of a finished game when the next one begins, and of no other. */
static void test_agents_are_told(void **state)
{
	static const struct agent_kind *const kinds[] = {&pupil, NULL};
	const struct agent_source source = {.kinds = kinds};
	const struct seat_host host = {.networks = &source, .wake = bell_ring};
	struct err e = ERR_INIT;
	struct game g;

	(void)state;
	memset(&heard, 0, sizeof(heard));
	assert_int_equal(game_init(&g, "connect4", &e), ERR_OK);
	sitting_init(&s, &g, &host);
	if (sitting_seat(&s, 1, "pupil", &e))
		fail_msg("%s", e.msg);
	sitting_play(&s, move("4"));
	let_agent_move();
	sitting_begin(&s, 2); /* the first was not finished */
	sitting_play(&s, move("4"));
	let_agent_move();
	assert_int_equal(s.round.thoughts[1].reading.games, 0);
	sitting_play(&s, move("4"));
	let_agent_move();
	assert_true(sitting_resign(&s));
	sitting_begin(&s, 3);
	sitting_play(&s, move("4"));
	let_agent_move();
	assert_int_equal(s.round.thoughts[1].reading.games, 1);
	assert_int_equal(heard.count, 4);
	assert_int_equal(heard.player, 1);
	assert_true(heard.result == 1);
	sitting_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_game),
		cmocka_unit_test(test_sides),
		cmocka_unit_test(test_resigning),
		cmocka_unit_test(test_hurry),
		cmocka_unit_test(test_other_agents),
		cmocka_unit_test(test_two_people),
		cmocka_unit_test(test_chance),
		cmocka_unit_test(test_spec_simulations),
		cmocka_unit_test(test_agents_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
