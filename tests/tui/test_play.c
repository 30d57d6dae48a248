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

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/net/net.h"
#include "core/search/trace.h"
#include "store/game.h"
#include "store/run.h"
#include "store/store.h"
#include "tests/tui/play_fixture.h"
#include "tui/canvas.h"
#include "tui/screen.h"
#include "tui/screen/screens.h"

/* The stepper's place, so that what `play` opens is seen. */
struct opened {
	char arg[32];
};

static enum err_code opened_open(void *self, struct app *app, const char *arg,
				 struct err *e)
{
	struct opened *o = self;

	(void)app;
	(void)e;
	snprintf(o->arg, sizeof(o->arg), "%s", arg);
	return ERR_OK;
}

static void opened_draw(const void *self, struct canvas *c)
{
	canvas_printf(c, 0, 0, STYLE_NORMAL, "stored game %s",
		      ((const struct opened *)self)->arg);
}

static const struct screen screen_opened = {
	.name = "game",
	.title = "Game",
	.self_size = sizeof(struct opened),
	.open = opened_open,
	.draw = opened_draw,
};

const struct screen *const screen_table[] = {
	&screen_help,  &screen_newgame, &screen_newwatch, &screen_play,
	&screen_watch, &screen_opened,  &screen_position, NULL,
};

static int64_t games(struct fixture *f, const struct store_game_filter *filter)
{
	int64_t n = -1;

	assert_int_equal(store_game_count(lab_store(f->lab), filter, &n),
			 STORE_OK);
	return n;
}

static void read_game(struct fixture *f, struct store_bag *bag, int64_t id,
		      struct store_game *g)
{
	assert_int_equal(store_game_get(lab_store(f->lab), bag, id, g),
			 STORE_OK);
}

static void test_two_persons(void **state)
{
	struct fixture f;
	struct store_bag bag = {0};
	struct store_game g;

	(void)state;
	fixture_open(&f, "play", "human game=tictactoe", 24, 80);
	fixture_run(&f, "expect Tic-tac-toe\nexpect Move 1: your turn\n"
			"type b2\nexpect Move 2\n"
			"type a\nexpect Move: a_\nkey 3\nexpect Move 3\n"
			"type b2\nexpect b2 is not a legal move here\n"
			"key m\ntype c3\nkey Enter\nexpect Move 4\n"
			"type a1\ntype b1\ntype a2\nexpect Game over: O wins");
	fixture_picture(&f, "play-tictactoe-over");
	read_game(&f, &bag, 1, &g);
	assert_string_equal(g.purpose, "human");
	assert_string_equal(g.game, "mnk:rows=3,cols=3,line=3");
	assert_string_equal(g.first, "human");
	assert_string_equal(g.second, "human");
	assert_string_equal(g.moves, "b2 a3 c3 a1 b1 a2");
	assert_true(g.result < -0.5);
	assert_string_equal(g.ended, "rules");
	store_bag_release(&bag);
	fixture_run(&f, "key Enter\nexpect stored game 1 6");
	fixture_close(&f);
}

/* Beside a wide board there is no pane that would cover its last columns. */
static void test_board_before_panes(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "play", "human game=go:size=19", 24, 60);
	fixture_run(&f, "expect S T\n"
			"size 20 60\nexpect ─┬─┐\n"
			"size 24 50\nexpect S T\nrefuse Moves\n"
			"size 24 80\nexpect S T\nexpect Moves\n");
	fixture_close(&f);
}

/* The letter of a column starts a move, unless it means something here. */
static void test_typed_letters(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "play", "human game=chess", 24, 80);
	fixture_run(&f, "key e\nexpect Move: e\nkey 4 Enter\n"
			"expect Move 2\ntype e7e5\nkey Enter\n"
			"expect Move 3\nkey h\nexpect Move: h\nkey Esc\n"
			"key B\nexpect Move: B\ntype c4\nkey Enter\n"
			"expect Move 4\n"
			/* What the letters meant is a command still. */
			"key N\nexpect Move: N\ntype c6\nkey Enter\n"
			"expect Move 5\ntype f\nexpect Move: f\nkey Esc\n"
			"key R\nexpect Move: R\nkey Esc\n"
			"key O\nexpect Move: O\nkey Esc\n"
			"command resign\nexpect Give the game up?\nkey Esc\n"
			"command play human game=othello\n"
			"key d\nexpect Move: d_\nkey 3\nexpect Move 2\n"
			"key a\nexpect a is not a legal move here\n"
			"key f\nexpect f is not a legal move here\n"
			"key e\nexpect Move: e_\nkey Esc\n"
			"command flip\nexpect h   g   f\n"
			"command play human game=go:size=19\n"
			"type d1\nexpect Move: d1_\nkey 6\nexpect Move 2\n"
			"type D4\nexpect Move 3\n"
			/* H is a column of Go: the hint has another key. */
			"expect F2 hint\ntype H\nexpect Move: h_\n"
			"type 3\nexpect Move 4\n");
	fixture_close(&f);
}

/* Esc puts a piece down before it leaves. */
static void test_put_down(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "position", "chess", 24, 80);
	fixture_run(&f, "command play human game=chess\n"
			"key Down Down Enter\nexpect •\n"
			"key Esc\nrefuse •\nexpect Play  Chess\n"
			"key Esc\nexpect Position  Chess\n"
			"key Down Down Enter\nexpect •\nkey Esc\n"
			"refuse •\nexpect Position  Chess\n"
			"key Esc\nexpect q leaves plyscope\n");
	fixture_close(&f);
}

static void test_cursor_and_mouse(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "play", "human game=connect4", 24, 80);
	/* The cursor starts in the middle and goes round. */
	fixture_run(&f, "key Enter\nexpect 1. [4]\n"
			"key Left Left Space\nexpect [2]\n"
			"key Left Left Left Enter\nexpect 2. [6]\n"
			"key l Enter\nexpect [7]\n");
	/* A click on a column, or under it, plays there; the title line, the
	 * frame and the pane beside the board mean nothing. */
	fixture_run(&f, "click 0 22\nexpect Move 5\nclick 10 1\n"
			"expect Move 5\nclick 10 60\nexpect Move 5\n"
			"click 10 22 3\nexpect Move 5\n"
			"click 10 22\nexpect 3. [4]\nclick 19 4\n"
			"expect [1]\n");
	fixture_close(&f);
}

static void test_against_an_agent(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "play", "tactical game=connect4 side=first", 24, 80);
	fixture_run(&f, "expect >● you\nexpect ○ tactical\nkey 4\nwait idle\n"
			"expect Move 3: your turn\nkey 4\nwait idle\n"
			"expect Move 5\n");
	fixture_picture(&f, "play-tactical");
	/* Back to the person's last turn, then to the one before. */
	fixture_run(&f, "key u\nexpect Move 3: your turn\nkey z\n"
			"expect Move 1: your turn\nkey u\n"
			"expect there is no move to take back\n"
			"key 4 \nwait idle\nexpect Move 3\n");
	/* What is left unfinished is stored as such. */
	fixture_run(&f, "key n\nexpect Opponent\nkey Esc\nkey r\n"
			"expect Move 1\n");
	assert_int_equal(
		games(&f,
		      &(struct store_game_filter){.purpose = "human",
						  .outcome = STORE_UNFINISHED}),
		1);
	fixture_close(&f);
}

static void test_agent_moves_first(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "play", "random side=second", 24, 80);
	fixture_run(&f, "wait idle\nexpect Move 2: your turn\n"
			"expect ○ you\nkey s\nwait idle\nexpect Move 3\n"
			"expect ● you\n");
	fixture_close(&f);
}

/* Every search of a finished game is kept, each at its own ply. */
static void test_searches_are_stored(void **state)
{
	struct fixture f;
	struct store_bag bag = {0};
	struct store_search *rows;
	struct store_game g;
	const void *data;
	struct trace *t;
	size_t count, len;

	(void)state;
	fixture_open(&f, "play", "mcts:uniform,sims=40 moves=4433", 24, 80);
	fixture_run(&f, "key 5\nwait idle\nexpect Move 7\nexpect Thoughts\n"
			"key R\nexpect Give the game up?\nkey y Enter\n"
			"expect ● resigns, ○ wins\nkey i\n"
			"expect stored game 1\n");
	read_game(&f, &bag, 1, &g);
	assert_string_equal(g.ended, "resignation");
	assert_true(g.result < -0.5);
	assert_int_equal(g.plies, 6);
	assert_int_equal(
		store_search_list(lab_store(f.lab), &bag, 1, &rows, &count),
		STORE_OK);
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].ply, 5);
	assert_string_equal(rows[0].agent, "mcts:uniform,sims=40");
	assert_non_null(strstr(rows[0].moves, "\"visits\""));
	assert_int_equal(store_search_trace(lab_store(f.lab), &bag, rows[0].id,
					    &data, &len),
			 STORE_OK);
	assert_int_equal(trace_decode(data, len, &t, NULL), ERR_OK);
	assert_true(t->sim_count > 0);
	trace_free(t);
	store_bag_release(&bag);
	fixture_close(&f);
}

/* Saved in the middle and played on, it stays one game with all searches. */
static void test_saved_twice_is_one_game(void **state)
{
	struct fixture f;
	struct store_bag bag = {0};
	struct store_game g;

	(void)state;
	fixture_open(&f, "play", "mcts:uniform,sims=20", 24, 80);
	fixture_run(&f, "key 4\nwait idle\nkey i\nexpect stored game 1\nkey q\n"
			"key 4\nwait idle\nkey i\nexpect stored game 1\n");
	read_game(&f, &bag, 1, &g);
	assert_int_equal(g.plies, 4);
	assert_int_equal(g.searches, 2);
	assert_true(isnan(g.result));
	assert_int_equal(games(&f, &(struct store_game_filter){0}), 1);
	store_bag_release(&bag);
	fixture_close(&f);
}

static void test_hint_and_thoughts(void **state)
{
	struct fixture f;

	(void)state;
	/* Three in a row: the hint must complete it. */
	fixture_open(&f, "play", "mcts:uniform,sims=200 moves=414243", 24, 80);
	fixture_run(&f, "refuse Hint\nkey H\nwait idle\nexpect Hint\n"
			"expect would play 4\n");
	fixture_picture(&f, "play-hint");
	fixture_run(&f, "key Enter\nexpect ● wins\n");
	fixture_close(&f);
}

/* Judged positions, another expert, and an agent that is told to move. */
static void test_judge_and_hurry(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "play", "random", 24, 80);
	fixture_run(&f, "key E\ntype mcts:uniform,sims=30\nkey Enter\n"
			"expect hints come from mcts:uniform,sims=30\nkey v\n"
			"wait idle\nexpect Hint\nexpect move 1, 30\nkey 4\n"
			"wait idle\nexpect move 3, 30\nkey v\nkey 4\n"
			"wait idle\nexpect Thoughts\nexpect ○ move 4\n"
			"key t\nrefuse Thoughts\nkey t\nkey o\nkey o\n"
			"key E Ctrl-U\ntype human\nkey Enter\n"
			"expect cannot be asked\nkey Esc\n"
			"command play mcts:uniform,sims=1000000 side=second\n"
			"wait text simulations\nkey x\nwait idle\n"
			"expect Move 2: your turn\n");
	fixture_close(&f);
}

static void test_changing_the_agent(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "play", "mcts:uniform,sims=40", 24, 80);
	fixture_run(&f, "key +\nexpect now playing: mcts:uniform,sims=80\n"
			"key - -\nexpect sims=20\nkey N\ntype 0\n"
			"expect Simulations\n"
			"type x\nkey Enter\nexpect '200x' is not a number\n"
			"expect raw policy): 200x\n"
			"key Esc\nkey A\nkey Ctrl-U\ntype random\nkey Enter\n"
			"expect now playing: random\nkey +\n"
			"expect no number of simulations\n"
			"key A\nkey Ctrl-U\ntype randon\nkey Enter\n"
			"expect unknown agent\nexpect against: randon\n"
			"key Esc 4\nwait idle\nexpect Move 3\n");
	fixture_close(&f);
}

static void test_sizes_and_ascii(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "play", "mcts:uniform,sims=100", 60, 200);
	fixture_run(&f, "key 4\nwait idle\nkey H\nwait idle\nkey Down\n");
	fixture_picture(&f, "play-200x60");
	fixture_run(&f, "size 24 80\n");
	fixture_picture(&f, "play-80x24");
	fixture_run(&f, "size 12 40\n");
	fixture_picture(&f, "play-40x12");
	f.app->ascii = true;
	fixture_run(&f, "size 24 80\nkey Up\n");
	fixture_picture(&f, "play-ascii");
	/* Nothing is written outside a buffer at any size. */
	for (int rows = 6; rows <= 40; rows += 3)
		for (int cols = 20; cols <= 120; cols += 9) {
			char line[32];

			snprintf(line, sizeof(line), "size %d %d", rows, cols);
			fixture_run(&f, line);
		}
	fixture_close(&f);
}

static void test_bad_arguments(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "play", "random", 24, 80);
	fixture_run(
		&f,
		"command play random game=conect4\nexpect connect4\n"
		"key Left\n"
		"command play random side=third\n"
		"expect a side is first or second\nkey Left\n"
		"command play randon\nexpect did you mean 'random'\n"
		"key Left\n"
		"command play random moves=99\nexpect 9\nkey Left\n"
		"command play policy:none/latest\nexpect none\n"
		"key Left\n"
		"command watch random\nexpect two agents\nkey Left\n"
		"command watch random human\nexpect 'play' is for people\n");
	fixture_close(&f);
}

static void test_watch(void **state)
{
	struct fixture f;
	struct store_bag bag = {0};
	struct store_game g;

	(void)state;
	fixture_open(&f, "watch",
		     "random tactical game=tictactoe speed=0 games=4", 24, 80);
	fixture_run(&f, "wait idle\nexpect Game 4\nexpect paused\n");
	assert_int_equal(
		games(&f,
		      &(struct store_game_filter){.purpose = "watch",
						  .outcome = STORE_FINISHED}),
		4);
	/* Sides change with every game. */
	read_game(&f, &bag, 1, &g);
	assert_string_equal(g.first, "random");
	read_game(&f, &bag, 2, &g);
	assert_string_equal(g.first, "tactical");
	assert_string_equal(g.second, "random");
	store_bag_release(&bag);
	fixture_picture(&f, "watch-over");
	fixture_run(&f, "key Home\nexpect looking back: move 0\nkey Right\n"
			"expect looking back: move 1\nkey Left Left\n"
			"expect looking back: move 0\nkey End\n"
			"refuse looking back\nkey i\nexpect stored game 4\n");
	fixture_close(&f);
}

/* One character a figure is explained, where somebody plays and where one only
 * looks on. */
static void test_tenths(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "watch",
		     "mcts:uniform,sims=200 random game=go:size=19 speed=60000",
		     24, 80);
	fixture_run(&f, "wait text tenths\nexpect visits, digits: tenths\n");
	fixture_close(&f);
	fixture_open(&f, "play", "mcts:uniform,sims=200 game=go:size=19", 24,
		     80);
	fixture_run(&f, "command hint\nwait idle\ncommand overlay\n"
			"expect here 1\nexpect visits, digits: tenths\n"
			"command overlay\nrefuse tenths\n");
	fixture_close(&f);
}

static void test_watch_steps(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "watch",
		     "mcts:uniform,sims=60 mcts:uniform,sims=30 speed=60000",
		     24, 80);
	fixture_run(&f, "key Space\nexpect paused\nkey n\nwait idle\n"
			"expect move 2\nkey Right\nwait idle\nexpect move 3\n");
	fixture_picture(&f, "watch-80x24");
	fixture_run(&f, "size 60 200\n");
	fixture_picture(&f, "watch-200x60");
	fixture_run(&f, "size 12 40\n");
	fixture_picture(&f, "watch-40x12");
	fixture_run(&f, "size 24 100\n");
	fixture_picture(&f, "watch-100x24");
	fixture_run(&f, "key s\nwait idle\nexpect move 1\nkey Tab Tab Tab o o\n"
			"key + -\nkey r\nwait idle\nexpect move 1\n");
	for (int rows = 6; rows <= 40; rows += 3)
		for (int cols = 20; cols <= 120; cols += 9) {
			char line[32];

			snprintf(line, sizeof(line), "size %d %d", rows, cols);
			fixture_run(&f, line);
		}
	fixture_close(&f);
}

/* A run with two checkpoints of a network as small as they come. */
static void add_run(struct fixture *f, const char *name, const char *game)
{
	struct store *s = lab_store(f->lab);
	struct err e = ERR_INIT;
	struct net_config net = {0};
	int64_t run, id;
	struct game g;
	float *weights;

	assert_int_equal(game_init(&g, game, &e), ERR_OK);
	net.planes = g.planes;
	net.rows = g.rows;
	net.cols = g.cols;
	net.moves = g.move_count;
	if (net_config_parse(&net, "tower:filters=4,blocks=1", &e))
		fail_msg("%s", e.msg);
	assert_int_equal(store_run_add(s,
				       &(struct store_run){.name = name,
							   .kind = "train",
							   .game = g.name,
							   .config = "",
							   .build = "",
							   .host = "",
							   .status = "done"},
				       &run),
			 STORE_OK);
	weights = mem_floats(net_param_count(&net));
	for (int step = 100; step <= 200; step += 100) {
		net_init(&net, (uint64_t)step, weights);
		assert_int_equal(
			store_checkpoint_add(
				s,
				&(struct store_checkpoint){
					.run_id = run,
					.step = step,
					.network = "tower:filters=4,blocks=1",
					.elo = NAN,
					.elo_low = NAN,
					.elo_high = NAN},
				weights, net_param_count(&net), &id),
			STORE_OK);
	}
	free(weights);
}

/* The dialog proposes what was learned here. */
static void test_proposed_game(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "play", "random", 24, 80);
	add_run(&f, "knights", "chess:plies=40");
	fixture_run(&f, "command newgame\nexpect ‹ chess ›\n"
			"expect ‹ knights ›\nkey Esc\n"
			"command position\nexpect Position  Chess\n"
			"key Esc\n");
	add_run(&f, "odd", "drop:rows=4,cols=5,line=3");
	fixture_run(&f, "command newwatch\nexpect ‹ other ›\n"
			"expect drop:rows=4,cols=5,line=3\n"
			"expect ‹ odd ›\nkey Esc\n");
	add_run(&f, "c4", "connect4");
	add_run(&f, "newer", "chess");
	fixture_run(&f, "command newgame\nexpect ‹ connect4 ›\n"
			"expect ‹ c4 ›\nkey Esc\n");
	fixture_close(&f);
}

/* A network is asked to play by the komi that it learned with. */
static void test_proposed_komi(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "play", "random", 24, 80);
	add_run(&f, "seven", "go:size=7,komi=9.5");
	fixture_run(&f, "command newgame\nexpect ‹ go:size=7 ›\n"
			"expect ‹ seven ›\nexpect 9.5\n"
			"command newwatch\nexpect 9.5\nkey Esc\n"
			/* Nobody learned the next board: the rules say. */
			"key Right\nrefuse seven\nrefuse 9.5\n"
			"key Left\nexpect ‹ seven ›\nexpect 9.5\n"
			/* What is typed stays, if the rules take it. */
			"key Down Ctrl-U\ntype 401\nkey Ctrl-S\n"
			"expect a whole or half number from -400 to 400\n"
			"key Ctrl-U\ntype -3.5\nkey Down Down Right\n"
			"refuse ‹ seven ›\nexpect -3.5\n");
	fixture_close(&f);
}

static void test_dialogs(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "newgame", "", 24, 80);
	fixture_run(&f, "expect connect4\nexpect tactical\nkey Right\n"
			"expect tictactoe\nkey Left Left\nexpect Rules\n"
			"key Right Right\nrefuse Rules\n"
			"expect tictactoe\nkey Down Down\n"
			"key Right Right\nexpect rollout\n"
			"expect simulations\n");
	fixture_picture(&f, "newgame");
	fixture_run(&f, "key Right Right\nexpect solver\nkey Right\nexpect "
			"human\nkey Ctrl-S\n"
			"expect first player\nexpect Move 1\n"
			/* What was chosen is there again. */
			"key n\nexpect tictactoe\nexpect human\nkey Esc\n"
			"command newwatch\nexpect Second\n");
	fixture_picture(&f, "newwatch");
	fixture_run(&f, "key Ctrl-S\nexpect ms a move\n"
			"command play\nexpect Opponent\n"
			"command watch\nexpect Second\n");
	fixture_close(&f);
}

static void test_networks(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "play", "random", 24, 80);
	add_run(&f, "c4", "connect4");
	fixture_run(&f, "key n\nexpect Opponent\n");
	/* The dialog remembers what the test before this one chose. */
	fixture_run(&f, "expect tictactoe\nkey Left\nexpect connect4\n"
			"key Down Down\nexpect ‹ c4 ›\n"
			"expect latest\nexpect simulations\n"
			"refuse temperature\n"
			"key Down Right\nexpect ‹ 200 ›\n"
			"key Right\nexpect ‹ 100 ›\n"
			"key Down Ctrl-U\ntype 0\nexpect temperature\n"
			"key Down Ctrl-U\ntype 0.5\n");
	fixture_picture(&f, "newgame-network");
	fixture_run(&f, "key Ctrl-S\nexpect policy:c4/100,temperature=0.5\n"
			"key 4\nwait idle\nexpect Move 3\n"
			/* From the raw policy to a search and back. */
			"key N Ctrl-U\ntype 30\nkey Enter\n"
			"expect now playing: mcts:c4/100,sims=30\nkey 4\n"
			"wait idle\nexpect 30 simulations\nkey N Ctrl-U\n"
			"type 0\nkey Enter\n"
			"expect now playing: policy:c4/100\n"
			/* The run says which game it is. */
			"command watch mcts:c4/latest,sims=20 policy:c4/100\n"
			"expect Watch  Connect Four\n"
			"expect mcts:c4/200,sims=20\n"
			"command play mcts:c4/latest game=tictactoe\n"
			"expect c4\n");
	fixture_close(&f);
}

/* What was thought of positions that are no longer there goes with them, and
 * what was thought of those that are left comes back. */
static void test_take_back_takes_thoughts(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "play", "mcts:rollout,sims=60 game=tictactoe", 24, 80);
	fixture_run(&f, "type b2\nwait idle\nexpect Move 3: your turn\n"
			"expect O move 2, 60 simulations\n"
			"refuse kept from before\n"
			"type b1\nwait idle\nexpect O move 4, 60 simulations\n"
			"expect kept from before\n"
			"key u\nexpect Move 3: your turn\n"
			"refuse O move 4\nexpect O move 2, 60 simulations\n"
			"key u\nexpect Move 1: your turn\n"
			"refuse simulations\nexpect nothing thought yet\n");
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_persons),
		cmocka_unit_test(test_typed_letters),
		cmocka_unit_test(test_put_down),
		cmocka_unit_test(test_board_before_panes),
		cmocka_unit_test(test_cursor_and_mouse),
		cmocka_unit_test(test_against_an_agent),
		cmocka_unit_test(test_agent_moves_first),
		cmocka_unit_test(test_searches_are_stored),
		cmocka_unit_test(test_saved_twice_is_one_game),
		cmocka_unit_test(test_hint_and_thoughts),
		cmocka_unit_test(test_judge_and_hurry),
		cmocka_unit_test(test_changing_the_agent),
		cmocka_unit_test(test_sizes_and_ascii),
		cmocka_unit_test(test_bad_arguments),
		cmocka_unit_test(test_watch),
		cmocka_unit_test(test_tenths),
		cmocka_unit_test(test_watch_steps),
		cmocka_unit_test(test_proposed_game),
		cmocka_unit_test(test_proposed_komi),
		cmocka_unit_test(test_dialogs),
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_take_back_takes_thoughts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
