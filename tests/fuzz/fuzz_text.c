/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/learn/recipe.h"
#include "core/search/mcts_int.h"
#include "core/search/trace.h"
#include "tests/fuzz/fuzz.h"

/* What people type, and the records that a lab file holds. */

static void run_spec(const char *text, size_t len)
{
	struct err e = ERR_INIT;
	struct game g, again;

	(void)len;
	if (game_init(&g, text, &e)) {
		fuzz_check_error(&e);
		return;
	}
	/* The canonical name and the short one mean the same game. */
	fuzz_check(!game_init(&again, g.name, &e));
	fuzz_check(!strcmp(again.name, g.name));
	fuzz_check(!game_init(&again, game_short_name(&g), &e));
	fuzz_check(!strcmp(again.name, g.name));
	fuzz_check(g.move_count > 0 && g.state_size > 0 && g.max_plies > 0);
}

/* The rest of the text after the first line, and that line in `head`. */
static const char *split(const char *text, char *head, size_t size)
{
	size_t n = strcspn(text, "\n");

	snprintf(head, size, "%.*s", (int)(n < size ? n : size - 1), text);
	return text[n] ? text + n + 1 : text + n;
}

/* A game, and on the next line its moves. */
static void run_line(const char *text, size_t len)
{
	char spec[GAME_NAME_SIZE];
	const char *rest = split(text, spec, sizeof(spec));
	struct err e = ERR_INIT;
	struct game g;
	game_move *moves;
	struct buf out, out2;
	void *start, *s;
	int n, n2;

	(void)len;
	if (game_init(&g, spec, &e))
		return;
	moves = mem_zalloc((size_t)g.max_plies, sizeof(*moves));
	start = game_state_new(&g, 1);
	s = game_state_new(&g, 1);
	buf_init(&out);
	buf_init(&out2);
	if (game_play_text(&g, s, rest, moves, &n, &e))
		fuzz_check_error(&e);
	fuzz_check(n >= 0 && n <= g.max_plies);
	/* What was played is written and read as the same. */
	game_line_text(&g, start, moves, n, &out);
	memcpy(s, start, g.state_size);
	fuzz_check(!game_play_text(&g, s, out.data, moves, &n2, &e));
	fuzz_check(n2 == n);
	game_line_text(&g, start, moves, n, &out2);
	fuzz_check(!strcmp(out.data, out2.data));
	buf_release(&out);
	buf_release(&out2);
	free(s);
	free(start);
	free(moves);
}

/* A game, and on the next line a position of it: what is taken can be played
 * from. */
static void run_position(const char *text, size_t len)
{
	char spec[GAME_NAME_SIZE], again[GAME_START_SIZE];
	const char *rest = split(text, spec, sizeof(spec));
	struct err e = ERR_INIT;
	struct game g;
	game_move *legal;
	void *s, *before;

	(void)len;
	if (game_init(&g, spec, &e) || !g.rules->position_parse)
		return;
	s = game_state_new(&g, 1);
	before = game_state_new(&g, 1);
	legal = mem_zalloc((size_t)g.move_count, sizeof(*legal));
	if (g.rules->position_parse(&g, s, rest, &e)) {
		fuzz_check_error(&e);
		fuzz_check(!memcmp(s, before, g.state_size));
	} else {
		g.rules->position_text(&g, s, again);
		fuzz_check(!g.rules->position_parse(&g, before, again, &e));
		fuzz_check(g.rules->hash(&g, s) == g.rules->hash(&g, before));
		for (int ply = 0; ply < 8; ply++) {
			int n;

			if (g.rules->to_act(&g, s) == GAME_OVER)
				break;
			n = g.rules->legal(&g, s, legal);
			fuzz_check(n > 0 && n <= g.move_count);
			g.rules->apply(&g, s, legal[(ply * 7) % n]);
		}
	}
	free(legal);
	free(before);
	free(s);
}

static void run_recipe(const char *text, size_t len)
{
	struct err e = ERR_INIT;
	struct recipe r, r2;
	struct buf out, out2;

	(void)len;
	memset(&r, 0, sizeof(r));
	memset(&r2, 0, sizeof(r2));
	conf_defaults(recipe_spec, &r);
	conf_defaults(recipe_spec, &r2);
	if (conf_read(recipe_spec, &r, text, "a recipe", &e)) {
		fuzz_check_error(&e);
		return;
	}
	if (recipe_check(&r, &e))
		fuzz_check_error(&e);
	buf_init(&out);
	buf_init(&out2);
	conf_format(recipe_spec, &r, &out);
	fuzz_check(!conf_read(recipe_spec, &r2, out.data, "itself", &e));
	conf_format(recipe_spec, &r2, &out2);
	fuzz_check(!strcmp(out.data, out2.data));
	buf_release(&out);
	buf_release(&out2);
}

/* No run is ever there, so networks are asked for and refused. */
static enum err_code no_load(void *self, const char *run, const char *step,
			     const struct game *g, const struct net_plan **plan,
			     int64_t *loaded, struct err *e)
{
	(void)self;
	(void)step;
	(void)g;
	(void)plan;
	(void)loaded;
	return err_set(e, ERR_NOTFOUND, "no run '%.40s'", run);
}

/* Other programs are for other tests. */
static bool starts_a_program(const char *text)
{
	return strstr(text, "engine") != NULL;
}

static void run_agent(const char *text, size_t len)
{
	static const struct agent_source none = {.load = no_load};
	struct err e = ERR_INIT;
	struct agent *a, *again;
	static struct game g;

	(void)len;
	if (starts_a_program(text))
		return;
	if (!g.rules && game_init(&g, "tictactoe", &e))
		abort();
	(void)agent_needs_network(text);
	if (agent_open(&a, text, &g, &none, &e)) {
		fuzz_check_error(&e);
		return;
	}
	/* Its name opens the same agent. */
	fuzz_check(!agent_open(&again, agent_name(a), &g, &none, &e));
	fuzz_check(!strcmp(agent_name(a), agent_name(again)));
	agent_close(again);
	agent_close(a);
}

/* Stored searches have a checksum.  One input in two gets the right one, or
 * nothing behind it would ever be tried. */
static void run_trace(const char *text, size_t len)
{
	struct err e = ERR_INIT;
	struct trace_view v;
	struct trace *t;
	char *copy = mem_alloc(len + 1);
	uint32_t pv[64], sum;

	memcpy(copy, text, len);
	if (len > 4 && (text[len / 2] & 1)) {
		sum = trace_checksum(copy, len - 4);
		for (int i = 0; i < 4; i++)
			copy[len - 4 + (size_t)i] = (char)(sum >> (8 * i));
	}
	if (trace_decode(copy, len, &t, &e)) {
		fuzz_check_error(&e);
		free(copy);
		return;
	}
	free(copy);
	trace_view_init(&v, t);
	trace_view_seek(&v, t->sim_count);
	trace_view_seek(&v, t->sim_count / 2);
	for (uint32_t i = 0; i < t->node_count; i++) {
		(void)trace_view_q(&v, i);
		(void)trace_view_u(&v, i);
	}
	fuzz_check(trace_view_pv(&v, 0, pv, 64) <= 64);
	if (t->sim_count)
		fuzz_check(trace_path(t, t->sim_count, pv, 64) <= 64);
	trace_view_release(&v);
	trace_free(t);
}

static const char *const game_words[] = {
	"chess", "go:size=", "komi=",        "7.5",    "othello",  "pacman",
	"maze=", "ticks=",   "drop:",        "mnk:",   "rows=",    ",",
	":",     "=",        "fen=",         "start=", "connect4", "\n",
	" ",     "/",        "w KQkq - 0 1", "b",      "x",        "o",
	"8",     "19",       "e4",           "Nf3",    "O-O",      "O-O-O",
	"e8=Q",  "e2e4",     "exd6",         "Q16",    "pass",     "d3",
	"a1",    "t19",      "i9",           "++",     "#",        "Nbd7",
	"R1e2",  "0000",     NULL,
};

static const char *const recipe_words[] = {
	"filters", "blocks", "=",   " = ",   "\n",  "#",
	"slots",   "rate",   "yes", "adamw", "sgd", "simulations",
	"batch",   "1",      "-",   NULL,
};

static const char *const agent_words[] = {
	"random", "tactical", "policy:",      "mcts:",  "lookahead:",
	"human",  "uniform",  "rollout",      "sims=",  ",",
	"/",      "latest",   "temperature=", "noise=", "gumbel=",
	"greedy", "kind",     "solver",       NULL,
};

const struct fuzz_target fuzz_targets[] = {
	{.name = "spec", .run = run_spec, .words = game_words},
	{.name = "line", .run = run_line, .words = game_words},
	{.name = "position", .run = run_position, .words = game_words},
	{.name = "recipe", .run = run_recipe, .words = recipe_words},
	{.name = "agent", .run = run_agent, .words = agent_words},
	{.name = "trace", .run = run_trace},
	{.name = NULL},
};
