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
#include <unistd.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/search/trace.h"
#include "core/session/line.h"
#include "store/game.h"
#include "store/store.h"
#include "tests/session/made_trace.h"
#include "tests/tui/golden.h"
#include "tui/app_run.h"
#include "tui/canvas.h"
#include "tui/script.h"

/* The screens of stored games and their searches, on a lab made here: a game
 * with searches, one without, and two thousand more. */
enum { MANY = 2000 };

struct fixture {
	char folder[64], path[96], work[4096];
	struct lab *lab;
	struct app *app;
	struct script script;
};

static const char moves[] = "44535362661724";

static void add_json(const struct game *g, const void *s,
		     const struct trace_view *v, struct buf *out)
{
	const struct trace_node *root = &v->trace->nodes[0];
	struct json j;

	json_init(&j, out);
	json_open(&j, '[');
	for (uint32_t i = 0; i < root->child_count; i++) {
		uint32_t n = root->first_child + i;
		char text[GAME_TEXT_SIZE];

		g->rules->move_text(g, s, v->trace->nodes[n].move, text);
		json_open(&j, '{');
		json_key(&j, "move");
		json_string(&j, text);
		json_key(&j, "visits");
		json_int(&j, v->visits[n]);
		json_key(&j, "prior");
		json_double(&j, (double)v->trace->nodes[n].prior);
		json_key(&j, "q");
		json_double(&j, trace_view_q(v, n));
		json_key(&j, "value");
		json_double(&j, (double)NAN);
		json_close(&j, '}');
	}
	json_close(&j, ']');
}

/* A search of `line` at its place, kept with or without its tree. */
static void add_search(struct store *st, const struct line *line, int64_t game,
		       bool tree)
{
	struct trace *t = made_trace(line->game, line_state(line), 120);
	struct store_search x = {
		.game_id = game,
		.ply = line->ply,
		.agent = "mcts:c4/400,sims=120",
		.simulations = 120,
		.raw_value = (double)t->nodes[0].value,
		.created_ms = 1700000000000,
	};
	char best[GAME_TEXT_SIZE] = "";
	struct trace_view v;
	struct buf json, data;
	uint32_t top = t->nodes[0].first_child;
	double wdl[3];
	int64_t id;

	trace_view_init(&v, t);
	trace_view_seek(&v, t->sim_count);
	trace_view_wdl(&v, 0, wdl);
	x.win = wdl[0];
	x.draw = wdl[1];
	x.loss = wdl[2];
	for (uint32_t i = 0; i < t->nodes[0].child_count; i++) {
		uint32_t n = t->nodes[0].first_child + i;

		if (v.visits[n] > v.visits[top])
			top = n;
	}
	line->game->rules->move_text(line->game, line_state(line),
				     t->nodes[top].move, best);
	x.best = best;
	buf_init(&json);
	buf_init(&data);
	add_json(line->game, line_state(line), &v, &json);
	trace_encode(t, &data);
	x.moves = json.data;
	if (tree) {
		x.trace = data.data;
		x.trace_len = data.len;
	}
	assert_int_equal(store_search_add(st, &x, &id), STORE_OK);
	buf_release(&json);
	buf_release(&data);
	trace_view_release(&v);
	trace_free(t);
}

static int64_t add_game(struct store *st, const char *text, const char *second,
			double result, const char *purpose)
{
	struct store_game g = {
		.game = "drop:rows=6,cols=7,line=4",
		.first = "mcts:c4/400,sims=120",
		.second = second,
		.moves = text,
		.plies = (int)strlen(text),
		.result = result,
		.score = NAN,
		.ended = isnan(result) ? NULL : "resigned",
		.purpose = purpose,
		.step = -1,
		.created_ms = 1700000000000,
	};
	int64_t id = 0;

	assert_int_equal(store_game_add(st, &g, &id), STORE_OK);
	return id;
}

static void fill(struct store *st)
{
	struct game g;
	struct line line;
	struct err e = ERR_INIT;
	int64_t id;

	assert_int_equal(store_begin(st), STORE_OK);
	id = add_game(st, moves, "human", 1, "human");
	assert_int_equal(id, 1);
	assert_int_equal(game_init(&g, "connect4", &e), ERR_OK);
	line_init(&line, &g);
	assert_int_equal(line_load(&line, moves, &e), ERR_OK);
	for (int ply = 0; ply < line.count; ply++) {
		line_go(&line, ply);
		if (ply % 2 == 0 || ply == 3)
			add_search(st, &line, id, ply != 3);
	}
	line_release(&line);
	assert_int_equal(add_game(st, "4444", "random", NAN, "watch"), 2);
	for (int i = 0; i < MANY; i++)
		add_game(st, i % 2 ? "1212121" : "7", "tactical",
			 i % 2   ? 1
			 : i % 4 ? 0
				 : -1,
			 "match");
	assert_int_equal(store_commit(st), STORE_OK);
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct err e = ERR_INIT;

	strcpy(f->folder, "/tmp/plyscope-stored-XXXXXX");
	if (!getcwd(f->work, sizeof(f->work)) || !mkdtemp(f->folder))
		return 1;
	snprintf(f->path, sizeof(f->path), "%s/lab.db", f->folder);
	if (lab_open(&f->lab, f->path, LAB_CREATE, &e) != ERR_OK)
		fail_msg("%s", e.msg);
	fill(lab_store(f->lab));
	f->app = app_new(f->lab);
	script_init(&f->script, f->app, 24, 80);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	char command[160];

	script_release(&f->script);
	app_free(f->app);
	lab_close(f->lab);
	if (chdir(f->work) != 0)
		return 1;
	snprintf(command, sizeof(command), "rm -rf '%s'", f->folder);
	if (system(command) != 0)
		return 1;
	free(f);
	return 0;
}

static void run(struct fixture *f, const char *text)
{
	struct err e = ERR_INIT;

	if (script_run(&f->script, text, "test", &e) != ERR_OK) {
		struct buf screen;

		buf_init(&screen);
		canvas_dump(&f->script.canvas, false, &screen);
		print_error("%s\n", screen.data);
		buf_release(&screen);
		fail_msg("%s", e.msg);
	}
}

static void picture(struct fixture *f, const char *name)
{
	golden_canvas(&f->script.canvas, name);
}

static void test_list(void **state)
{
	struct fixture *f = *state;

	run(f, "open games\nexpect 2002 games\n");
	/* Newest first; far down without reading all. */
	run(f, "key End\nexpect human\nkey Up\nexpect random\n");
	run(f, "key Home\nkey PgDn PgDn PgDn\nrefuse ...\n");
	run(f, "key f\ntype purpose=human\nkey Enter\nexpect 1 games\n");
	picture(f, "games-filtered");
	run(f, "key F\nexpect 2002 games\n");
	/* A filter that is wrong says how, and changes nothing. */
	run(f, "key f\ntype agnet=human\nkey Enter\nexpect did you mean agent\n"
	       "key Esc\nexpect 2002 games\n");
}

static void test_list_sizes(void **state)
{
	struct fixture *f = *state;

	run(f, "open games result=draw\nexpect 500 games\n");
	picture(f, "games-80x24");
	run(f, "size 60 200\n");
	picture(f, "games-200x60");
	run(f, "size 12 40\n");
	picture(f, "games-40x12");
}

static void test_list_from_elsewhere(void **state)
{
	struct fixture *f = *state;
	struct err e = ERR_INIT;

	run(f, "open games agent=human result=first\nexpect 1 games\n");
	assert_int_not_equal(app_open(f->app, "games", "run=none", &e), ERR_OK);
	assert_non_null(strstr(e.msg, "none"));
}

static void test_stepping(void **state)
{
	struct fixture *f = *state;

	run(f, "open game 1\nexpect ply 0/14\nexpect Enter: tree by mcts\n");
	picture(f, "game-80x24");
	run(f, "key Right\nexpect ply 1/14\nexpect no search stored\n");
	run(f, "key Right Right\nexpect no tree, by mcts\n");
	picture(f, "game-figures");
	run(f, "key PgDn\nexpect ply 13/14\nkey PgUp\nexpect ply 3/14\n"
	       "key End\nexpect ply 14/14\nkey Home\nexpect ply 0/14\n");
	run(f, "key 5\nexpect variation from ply 0\nkey b\nexpect ply 0/14\n"
	       "refuse variation\n");
	run(f, "key PgDn + + + + + Space\nexpect playing\nwait idle\n"
	       "expect ply 14/14\nrefuse playing\n");
}

static void test_game_sizes(void **state)
{
	struct fixture *f = *state;

	run(f, "open game 1 6\nsize 60 200\n");
	picture(f, "game-200x60");
	run(f, "size 12 40\n");
	picture(f, "game-40x12");
	f->app->ascii = true;
	run(f, "size 24 80\n");
	picture(f, "game-ascii");
}

static void test_marks(void **state)
{
	struct fixture *f = *state;

	/* The last ply is known from the result: a swing. */
	run(f, "open game 1\nkey n\nexpect value swung\n");
	run(f, "open game 1\nkey o\nexpect search overturned the net\n");
	run(f, "open game 2\nkey n\nexpect no swing of the value after this\n");
}

/* What an agent gave the first player's chances at a ply. */
static void add_value(struct store *st, int64_t game, int ply,
		      const char *agent, double value)
{
	double win = (1 + (ply % 2 ? -value : value)) / 2;
	struct store_search x = {
		.game_id = game,
		.ply = ply,
		.agent = agent,
		.simulations = 1,
		.raw_value = (double)NAN,
		.win = win,
		.loss = 1 - win,
		.best = "",
		.moves = "[]",
		.created_ms = 1700000000000,
	};
	int64_t id;

	assert_int_equal(store_search_add(st, &x, &id), STORE_OK);
}

/* Two agents that never agree: a swing is where one of them changes its mind,
 * and how the game ended is held against the last to speak. */
static void test_swings_of_two_agents(void **state)
{
	static const double first[] = {0.5, 0.5, 0.4, -0.2, -0.3, -0.5, -0.9};
	struct fixture *f = *state;
	struct store *st = lab_store(f->lab);
	int64_t id = add_game(st, moves, "policy:c4/1", -1, "match");
	char text[400];

	for (int ply = 0; ply < 14; ply++)
		add_value(st, id, ply,
			  ply % 2 ? "policy:c4/1" : "mcts:c4/400,sims=120",
			  ply % 2 ? -0.95 : first[ply / 2]);
	snprintf(text, sizeof(text),
		 "open game %lld\nkey n\nexpect ply 6/14\n"
		 "expect value swung\nkey n\nexpect ply 12/14\nkey n\n"
		 "expect no swing of the value after this\nkey p\n"
		 "expect ply 6/14\n",
		 (long long)id);
	run(f, text);
}

/* Rows and columns are those of the picture game-80x24. */
static void test_mouse(void **state)
{
	struct fixture *f = *state;

	/* The graph, both moves of a pair in the list, the wheel, the board. */
	run(f, "open game 1\nclick 19 9\nexpect ply 3/14\n"
	       "click 3 53\nexpect ply 4/14\nclick 5 35\nexpect ply 13/14\n"
	       "click 8 5 4\nexpect ply 12/14\nclick 8 5 5\n"
	       "expect ply 13/14\nclick 10 4\n"
	       "expect variation from ply 13\n");
	run(f, "open search 1 2\nclick 8 5\nclick 8 5\nexpect at 5\n"
	       "click 8 60\nexpect [board]\n");
	run(f, "open games\nclick 5 5\nclick 5 5\nexpect ply 0/\n");
}

static void test_agents_without_a_search(void **state)
{
	struct fixture *f = *state;

	run(f, "open search connect4 4 agent=random\nwait idle\n"
	       "expect no simulations were recorded\nexpect 14.3\n"
	       "key Enter Tab Down\n");
	run(f, "open search connect4 44 agent=tactical\nwait idle\n"
	       "expect no simulations were recorded\n");
}

static void test_variation(void **state)
{
	struct fixture *f = *state;

	run(f, "open game 1 4\ntype 12\nexpect ply 6/14\n"
	       "expect variation from ply 4\nkey u\nexpect ply 5/14\n"
	       "type 9\nexpect not a legal move\nkey Enter\n"
	       "expect Who looks at it?\nkey Esc q\nexpect variation\n"
	       "key b\nexpect ply 4/14\n");
}

/* One key has the whole game analysed; here by who needs no network. */
static void test_whole_game(void **state)
{
	struct fixture *f = *state;

	run(f, "open game 1 0\nkey k\nexpect there is no analysis\n"
	       "key v\nexpect there is no analysis\n"
	       "key t\ntype mcts:uniform,sims=60\nkey Enter\nwait idle\n"
	       "expect k: keep, v: stored\n"
	       "key l\nexpect gain\nkey n\nexpect ply 6/14\n");
	picture(f, "game-analysed");
	run(f, "size 60 200\n");
	picture(f, "game-analysed-200x60");
	f->app->ascii = true;
	run(f, "size 24 80\n");
	picture(f, "game-analysed-ascii");
	f->app->ascii = false;
	/* The list of agents is there for the next one. */
	run(f, "key A\nexpect Who looks at it\nkey Down Left q\n"
	       "refuse Who looks at it\nkey v\nexpect stored, v: by\n"
	       "key v\nexpect k: keep\n");
	/* Its positions can be searched again, and the game keeps it all. */
	run(f, "key ^ Enter\nwait idle\nexpect sims=60\nkey q q\n"
	       "key k\nexpect kept with game 1\nrefuse k: keep\n"
	       "key ^ Right\nexpect by mcts:uniform,sims=60\n");
}

/* Where the games of a filter turned, by what is stored and by an agent. */
static void test_moments(void **state)
{
	struct fixture *f = *state;

	run(f, "open games\nkey o\nwait idle\nexpect overturned;\n");
	picture(f, "moments-80x24");
	run(f, "size 60 200\n");
	picture(f, "moments-200x60");
	run(f, "size 12 40\n");
	picture(f, "moments-40x12");
	f->app->ascii = true;
	run(f, "size 24 80\n");
	picture(f, "moments-ascii");
	f->app->ascii = false;
	run(f, "key Enter\nexpect Game\nexpect ply 1/14\nkey q\n"
	       "key a\ntype mcts:uniform,sims=20\nkey Enter\nwait idle\n"
	       "expect by: mcts:uniform,sims=20\nexpect blunder\n"
	       "key f\ntype  purpose=nothing\nkey Enter\n"
	       "expect purpose\nkey Esc\n"
	       "key f\ntype  result=draw\nkey Enter\nwait idle\n"
	       "expect filter: result=draw\n");
	run(f, "open moments run=nobody\nwait idle\nexpect no run\n");
}

/* All who could move, in one table; here those who need no network too. */
static void test_movers(void **state)
{
	struct fixture *f = *state;

	run(f, "open movers 1 5 tactical mcts:uniform,sims=40\nwait idle\n"
	       "expect ply 5/14\nexpect would have played it\n");
	picture(f, "movers-80x24");
	run(f, "size 60 200\n");
	picture(f, "movers-200x60");
	run(f, "size 12 40\n");
	picture(f, "movers-40x12");
	f->app->ascii = true;
	run(f, "size 24 80\n");
	picture(f, "movers-ascii");
	f->app->ascii = false;
	run(f, "key n\nwait idle\nexpect ply 6/14\nkey b b\nwait idle\n"
	       "expect ply 4/14\nkey a\ntype nobody\nkey Enter\n"
	       "expect nobody\nkey Esc\nkey a\ntype random\nkey Enter\n"
	       "wait idle\nexpect random\nexpect 14.3%\n");
	/* The move that was played has the search that is stored there. */
	run(f, "key Home Enter\nwait idle\nexpect game 1 ply 4\nkey q\n"
	       "key Down Enter\nwait idle\nexpect tactical\nkey q q\n");
	run(f, "open movers 1 14\nwait idle\nexpect ply 14/14\n");
	run(f, "open game 1 5\nkey M\nwait idle\nexpect ply 5/14\n"
	       "expect Who could move\n");
}

static void test_open_search(void **state)
{
	struct fixture *f = *state;

	run(f, "open game 1 2\nkey Enter\nexpect sim 120/120\n"
	       "expect game 1 ply 2\n");
	picture(f, "search-80x24");
	run(f, "key ^\nexpect sim 0/120\nkey .\nexpect sim 1/120\n"
	       "key >\nexpect sim 11/120\nkey )\nexpect sim 111/120\n"
	       "key (\nexpect sim 11/120\nkey <\nexpect sim 1/120\n"
	       "key $\nexpect sim 120/120\nkey ,\nexpect sim 119/120\n");
	picture(f, "search-119");
	run(f, "key Tab\nexpect [tree]\nkey Down Right\n");
	picture(f, "search-tree");
	run(f, "key q\nexpect ply 2/14\n");
}

/* Two searches of one position: both stepped through by the same keys. */
static void test_compare(void **state)
{
	struct fixture *f = *state;

	run(f, "open compare connect4 44444 left=mcts:rollout,sims=40 "
	       "right=mcts:uniform,sims=90\nwait idle\n"
	       "expect left ended at 40\nexpect apart\n");
	picture(f, "compare-80x24");
	run(f, "key Tab\nexpect [left tree]\nkey Down\n");
	picture(f, "compare-trees");
	run(f, "size 60 200\n");
	picture(f, "compare-200x60");
	run(f, "size 12 40\nkey Shift-Tab\nexpect [table]\n");
	picture(f, "compare-40x12");
	run(f, "size 24 80\nkey r\nexpect at root\nkey (\nexpect sim 0/90\n");
}

static void test_compare_keys(void **state)
{
	struct fixture *f = *state;

	run(f, "open compare connect4 44444 left=mcts:rollout,sims=40 "
	       "right=mcts:uniform,sims=90\nwait idle\n"
	       "key , < \nexpect sim 79/90\nkey ^ . \nexpect sim 1/90\n"
	       "key $\nexpect sim 90/90\n"
	       "key Enter\nrefuse at root\nkey Left\nexpect at root\n"
	       "key o\nexpect by right\nkey o o\nexpect by move\n"
	       "key d\nexpect apart\n"
	       "key , Space\nexpect running\nwait idle\n"
	       "expect sim 90/90\nkey q\n");
	/* From a stored game: its own search beside another. */
	run(f, "open search 1 2\nkey C\nexpect Who looks at it?\n"
	       "expect who searches on the right?\n"
	       "key t Ctrl-U\ntype mcts:uniform,sims=60\nkey Enter\n"
	       "wait idle\nexpect plays\nexpect sim 120/120\n"
	       "expect right ended at 60\nkey q\nexpect game 1 ply 2\n");
	run(f, "open compare 1 2\nexpect who searches on the left?\nkey Esc\n"
	       "expect both sides are needed\nkey A Esc q\n");
}

static void test_search_runs(void **state)
{
	struct fixture *f = *state;

	run(f, "open search 1 0\nkey , , , Space\nexpect running\nwait idle\n"
	       "expect sim 120/120\nrefuse running\n");
	/* From the end it starts over; any key of the scrubber holds it. */
	run(f, "key Space\nexpect sim 0/120\nexpect running\nkey .\n"
	       "expect sim 1/120\nrefuse running\n");
}

static void test_figures_only(void **state)
{
	struct fixture *f = *state;

	run(f, "open search 1 3\nexpect no simulations were recorded\n");
	picture(f, "search-figures");
	run(f, "key .\nkey ^\nkey Space\nexpect no simulations\n");
}

static void test_neighbours(void **state)
{
	struct fixture *f = *state;

	run(f, "open search 1 2\nkey n\nexpect game 1 ply 3\nkey b b\n"
	       "expect game 1 ply 1\nexpect Who looks at it?\n");
}

static void test_search_on_the_spot(void **state)
{
	struct fixture *f = *state;

	run(f, "open search 1 5\nexpect Who looks at it?\n"
	       "expect rollout (no network)\nkey Down Left Left Left\n"
	       "expect < 50 >\nkey Left\nexpect raw policy\nkey Right\n"
	       "key Enter\nwait idle\nexpect sim 50/50\nexpect not kept\n"
	       "key w\nexpect kept with game 1 at ply 5\n");
	/* It is there when the game is looked at again. */
	run(f, "open game 1 5\nexpect Enter: tree by mcts:uni\nkey Enter\n"
	       "expect sim 50/50\nrefuse not kept\n");
	run(f, "open search 2 0 agent=mcts:uniform,sims=30\nwait idle\n"
	       "expect sim 30/30\n");
	run(f, "open search connect4 4453 agent=mcts:uniform,sims=20\n"
	       "wait idle\nexpect connect4 4453\nexpect sim 20/20\n"
	       "key w\nexpect only a search of a stored game\n");
}

/* A compact board of Go has a character for a figure, and says so. */
static void test_tenths(void **state)
{
	struct fixture *f = *state;
	struct store_game g = {
		.game = "go:size=19,komi=7,plies=0",
		.first = "human",
		.second = "human",
		.moves = "Q16 D4",
		.plies = 2,
		.result = (double)NAN,
		.score = (double)NAN,
		.purpose = "human",
		.step = -1,
		.created_ms = 1700000000000,
	};
	int64_t id;

	assert_int_equal(store_game_add(lab_store(f->lab), &g, &id), STORE_OK);
	run(f, "open games\nkey Enter\nexpect ply 0/2\nrefuse tenths\n"
	       "key a\nexpect Who looks\nkey Down Left Left Left Enter\n"
	       "wait idle\nexpect N% in tenths\nkey w\nexpect kept with\n"
	       "key q\nexpect ply 0/2\nexpect tenths\n");
}

/* A choice is there for the next analysis, and goes with a step of the game. */
static void test_last_choice(void **state)
{
	struct fixture *f = *state;

	run(f, "open search 1 5\nexpect Who looks at it?\n"
	       "key Down Left Left Left Enter\nwait idle\n"
	       "expect mcts:uniform,sims=50\nkey n\nexpect not kept\n"
	       "key n\nwait idle\n"
	       "expect game 1 ply 6\nexpect sim 50/50\nrefuse Who looks\n");
	run(f, "open search connect4 44\nexpect Who looks at it?\n"
	       "expect < 50 >\nkey Enter\nwait idle\n"
	       "expect mcts:uniform,sims=50\n");
	/* Where the game is over, nobody is asked. */
	run(f, "open search connect4 1212121 agent=again\n"
	       "expect The game is over here\n"
	       "open games\nkey /\nexpect filter\nkey Esc\n");
}

/* What was typed can be corrected, and is not a command meanwhile. */
static void test_wrong_answers(void **state)
{
	struct fixture *f = *state;

	run(f, "open search 1 2\nkey t Ctrl-U\n"
	       "type mcts:uniform,sims=2x\nkey Enter\n"
	       "expect agent mcts:uniform,sims=2x\nkey Backspace\n"
	       "key Enter\nwait idle\nexpect sim 2/2\n");
	run(f, "open games\nkey Down Down f\ntype run=nosuch\nkey Enter\n"
	       "expect no run named nosuch\nexpect there is\n"
	       "expect filter run=nosuch\nkey Esc\nexpect 2002 games\n");
	run(f, "open position connect4\nkey m 9 Enter\nexpect moves 9\n"
	       "key Backspace 4 Enter\nexpect ply 1/1\nkey n Ctrl-U\n"
	       "type chest\nkey Enter\nexpect game chest\nkey Esc\n");
	run(f, "open game 1 4\nkey m 9 Enter\nexpect move 9\n"
	       "key Backspace 1 Enter\nexpect ply 5/14\n");
}

/* Figures come while it thinks, and stopping it keeps what it found. */
static void test_live(void **state)
{
	struct fixture *f = *state;

	run(f, "open search connect4 4 agent=mcts:uniform,sims=1000000\n"
	       "wait text so far\nexpect thinking\nexpect [moves]\n"
	       "key Tab Down x\nwait idle\nexpect [tree]\nrefuse thinking\n"
	       "refuse so far\nexpect sim \n");
}

static void test_by_hand(void **state)
{
	struct fixture *f = *state;

	run(f, "open position connect4 445\nexpect ply 3/3\ntype 3\n"
	       "expect moves 4453\nkey u u\nexpect moves 44\n");
	run(f, "type 12\nkey ,\nexpect ply 3/4\nkey .\nexpect ply 4/4\n"
	       "key Enter\nexpect ply 5/5\n");
	picture(f, "position-80x24");
	run(f, "type 9\nexpect not a legal move\n");
	run(f, "key a\nexpect Who looks at it?\nkey Enter\nwait idle\n"
	       "expect sim 400/400\n");
	/* Into a move, and on by hand from there. */
	run(f, "key Enter\nkey c\nexpect ply 6/6\nkey q q q\n");
	run(f, "open position mnk:3,3,3\nkey Enter\nexpect ply 1/1\n"
	       "click 3 2\n");
	run(f, "open position tictactoe\nkey n\n");
}

static void test_errors(void **state)
{
	static const char *const wrong[][3] = {
		{"game", "99999", "99999"},
		{"game", "seven", "by its number"},
		{"search", "", "search 17 5"},
		{"search", "1 99", "no ply 99"},
		{"search", "1 x", "\"x\""},
		{"search", "conect4 1", "connect4"},
		{"search", "connect4 49", "9"},
		{"search", "connect4 4 agent=human", "human"},
		{"search", "connect4 1212121 agent=random", "over"},
		{"position", "chess960x", "chess960x"},
		{"games", "result=maybe", "result"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct err e = ERR_INIT;

		if (app_open(f->app, wrong[i][0], wrong[i][1], &e) == ERR_OK)
			fail_msg("%s %s was opened", wrong[i][0], wrong[i][1]);
		if (!strstr(e.msg, wrong[i][2]))
			fail_msg("%s %s: \"%s\" does not say \"%s\"",
				 wrong[i][0], wrong[i][1], e.msg, wrong[i][2]);
	}
}

static void test_export(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(chdir(f->folder), 0);
	run(f, "open game 1 2\nkey e\nexpect written to game-1.txt\n"
	       "key Enter\nkey e\nexpect written to search-1-2.txt\n");
	assert_int_equal(access("game-1.txt", R_OK), 0);
	assert_int_equal(access("search-1-2.txt", R_OK), 0);
	run(f, "key G\nexpect written to search-1-2.dot\n");
	assert_int_equal(access("search-1-2.dot", R_OK), 0);
}

/* Keeping adds to a list; what nobody kept is not dropped without a word; below
 * the root another search is of the node. */
static void test_many_searches(void **state)
{
	struct fixture *f = *state;

	run(f, "open search 1 2\nrefuse kept here\nkey t Ctrl-U\n"
	       "type mcts:uniform,sims=33\nkey Enter\nwait idle\n"
	       "expect sim 33/33\nexpect not kept\nkey q\n"
	       "expect w keeps it\nexpect sim 33/33\nkey w\n"
	       "expect kept with game 1 at ply 2\nexpect 2 of 2 kept here\n"
	       "key s\nexpect 1 of 2 kept here\nexpect sim 120/120\n"
	       "key s\nexpect sim 33/33\nkey q\n");
	run(f, "open search 1 2\nkey t Ctrl-U\n"
	       "type mcts:uniform,sims=34\nkey Enter\nwait idle\n"
	       "expect sim 34/34\nkey n\nexpect w keeps it\nkey n\n"
	       "expect game 1 ply 3\nkey q\n");
	run(f, "open search connect4 44 agent=mcts:uniform,sims=60\n"
	       "wait idle\nkey Enter\nrefuse at root\nkey a\n"
	       "expect Who looks at it?\nexpect connect4 441\nkey Esc q\n"
	       "expect sim 60/60\nrefuse at root\nkey t Ctrl-U\n"
	       "type mcts:uniform,sims=12\nkey Enter\nwait idle\n"
	       "expect connect4 441\nexpect sim 12/12\n");
}

#define STORED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORED(test_list),
		STORED(test_list_sizes),
		STORED(test_list_from_elsewhere),
		STORED(test_stepping),
		STORED(test_game_sizes),
		STORED(test_marks),
		STORED(test_swings_of_two_agents),
		STORED(test_mouse),
		STORED(test_agents_without_a_search),
		STORED(test_variation),
		STORED(test_whole_game),
		STORED(test_moments),
		STORED(test_movers),
		STORED(test_open_search),
		STORED(test_search_runs),
		STORED(test_compare),
		STORED(test_many_searches),
		STORED(test_compare_keys),
		STORED(test_figures_only),
		STORED(test_neighbours),
		STORED(test_search_on_the_spot),
		STORED(test_tenths),
		STORED(test_last_choice),
		STORED(test_wrong_answers),
		STORED(test_live),
		STORED(test_by_hand),
		STORED(test_errors),
		STORED(test_export),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
