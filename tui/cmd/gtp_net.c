/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/gtp_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/game/game.h"
#include "core/game/go.h"
#include "core/lab/lab.h"
#include "core/session/thinker.h"

/* What the network says without a search, and what follows from it: the stones
 * that are dead at the end. */

/* Asks the network of the agent alone; NULL: done, `t` is the caller's. */
static const char *ask_network(struct gtp_server *v, const struct game *g,
			       const void *state, struct thought *t)
{
	char network[AGENT_COMMAND_SIZE], spec[AGENT_COMMAND_SIZE + 16];
	struct agent *a;

	if (!v->serve.lab || !agent_network(v->serve.spec, network))
		return "the agent has no network";
	snprintf(spec, sizeof(spec), "policy:%s", network);
	if (agent_open(&a, spec, g, lab_agents(v->serve.lab), NULL))
		return "the network cannot be asked alone";
	agent_think(a, state, v->serve.seed, v->number, 0, NULL, t);
	agent_close(a);
	return NULL;
}

/* The position as it stands, with this player to act and no past. */
static bool from_here(const struct gtp_server *v, const uint8_t *stone,
		      int player, struct game *from)
{
	char start[GAME_START_SIZE];

	return !go_start_text(&v->game, stone, player, start, NULL) &&
	       !game_from(from, &v->game, start, NULL);
}

static void stones_of(const struct gtp_server *v, uint8_t *stone)
{
	const struct game *g = &v->game;

	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++)
			stone[row * g->cols + col] =
				(uint8_t)g->rules->cell(g, v->state, row, col);
}

/* --- kata-raw-nn --------------------------------------------------------- */

static void add_policy(const struct thought *t, const struct game *g,
		       struct buf *out)
{
	int at = 0;

	buf_puts(out, "policy");
	for (int m = 0; m < g->move_count; m++) {
		bool legal = at < t->count && t->moves[at].move == m;

		if (m == g->move_count - 1)
			buf_puts(out, "\npolicyPass");
		else if (m % g->cols == 0)
			buf_putc(out, '\n');
		if (legal)
			buf_printf(out, " %.6f", (double)t->moves[at].prior);
		else
			buf_puts(out, " NAN");
		at += legal;
	}
	buf_putc(out, '\n');
}

static void add_raw(const struct gtp_server *v, const struct thought *t,
		    struct buf *out)
{
	const struct game *g = &v->game;
	bool white = gtp_to_act(v) == 1;

	buf_printf(out,
		   "symmetry 0\nwhiteWin %.6f\nwhiteLoss %.6f\nnoResult %.6f\n",
		   (double)t->wdl[white ? 0 : 2], (double)t->wdl[white ? 2 : 0],
		   (double)t->wdl[1]);
	if (!isnan(t->lead))
		buf_printf(out, "whiteLead %.3f\n", 0 - (double)t->lead);
	add_policy(t, g, out);
	if (!t->ownership)
		return;
	buf_puts(out, "whiteOwnership");
	for (int i = 0; i < g->rows * g->cols; i++)
		buf_printf(out, "%s%.6f", i % g->cols ? " " : "\n",
			   0 - (double)t->ownership[i]);
	buf_putc(out, '\n');
}

const char *gtp_raw_nn(struct gtp_server *v, const struct gtp_line *l,
		       struct buf *out)
{
	struct thought t;
	const char *why;

	if (!go_is(&v->game))
		return "kata-raw-nn is for Go";
	if (strcmp(l->words[0], "0") && strcmp(l->words[0], "all"))
		return "the network is asked of the board as it lies: 0";
	if (gtp_to_act(v) == GAME_OVER)
		return "the game is over";
	why = ask_network(v, &v->game, v->state, &t);
	if (why)
		return why;
	add_raw(v, &t, out);
	thought_release(&t);
	return NULL;
}

const char *gtp_models(struct gtp_server *v, const struct gtp_line *l,
		       struct buf *out)
{
	char network[AGENT_COMMAND_SIZE];
	struct json j;

	(void)l;
	json_init(&j, out);
	json_open(&j, '[');
	if (agent_network(v->serve.spec, network)) {
		json_open(&j, '{');
		json_key(&j, "name");
		json_string(&j, network);
		json_key(&j, "internalName");
		json_string(&j, thinker_name(v->serve.thinker));
		json_close(&j, '}');
	}
	json_close(&j, ']');
	return NULL;
}

/* --- dead stones --------------------------------------------------------- */

/* Chains whose points the network gives to the other side, as 1 in dead[];
 * false where nobody says. */
static bool find_dead(struct gtp_server *v, uint8_t *dead)
{
	uint8_t stone[GO_CELLS_MAX] = {0};
	int chain[GO_CELLS_MAX], turn = gtp_to_act(v);
	struct game from;
	struct thought t;
	void *state;
	bool said;

	memset(dead, 0, GO_CELLS_MAX);
	stones_of(v, stone);
	if (v->no_dead || !from_here(v, stone, turn == 1, &from))
		return false;
	state = game_state_new(&from, 0);
	if (ask_network(v, &from, state, &t)) {
		free(state);
		return false;
	}
	said = t.ownership != NULL;
	for (int cell = 0; said && cell < v->game.rows * v->game.cols; cell++) {
		float mine = 0;
		int n;

		if (!stone[cell])
			continue;
		n = go_chain(&v->game, v->state, cell, chain);
		for (int i = 0; i < n; i++)
			mine += t.ownership[chain[i]];
		dead[cell] = (stone[cell] == GO_BLACK ? mine : -mine) < 0;
	}
	thought_release(&t);
	free(state);
	return said;
}

static void put_score(double lead, struct buf *out)
{
	if (lead > 0)
		buf_printf(out, "B+%g", lead);
	else if (lead < 0)
		buf_printf(out, "W+%g", -lead);
	else
		buf_puts(out, "0");
}

/* Area once the dead stones are taken off. */
static bool score_without(const struct gtp_server *v, const uint8_t *dead,
			  struct buf *out)
{
	uint8_t stone[GO_CELLS_MAX] = {0};
	struct game from;
	int area[2];
	void *state;

	stones_of(v, stone);
	for (int i = 0; i < GO_CELLS_MAX; i++)
		if (dead[i])
			stone[i] = GO_EMPTY;
	if (!from_here(v, stone, 0, &from))
		return false;
	state = game_state_new(&from, 0);
	go_area(&from, state, area);
	put_score(area[0] - area[1] - go_komi_halves(&v->game) / 2.0, out);
	free(state);
	return true;
}

const char *gtp_final_score(struct gtp_server *v, const struct gtp_line *l,
			    struct buf *out)
{
	uint8_t dead[GO_CELLS_MAX];
	const struct game *g = &v->game;

	(void)l;
	if (go_is(g) && find_dead(v, dead) && score_without(v, dead, out))
		return NULL;
	/* Before the end nobody has said which stones are dead. */
	if (gtp_to_act(v) != GAME_OVER)
		return "cannot score: the game is not over";
	if (!g->rules->lead)
		return "cannot score: this game has no points";
	put_score((double)game_final_lead(g, v->state), out);
	return NULL;
}

/* Each chain of the kind that is asked for on a line of its own. */
static void list_chains(const struct gtp_server *v, const uint8_t *dead,
			bool want_dead, struct buf *out)
{
	const struct game *g = &v->game;
	int chain[GO_CELLS_MAX];

	for (int cell = 0; cell < g->rows * g->cols; cell++) {
		int n;

		if (!g->rules->cell(g, v->state, cell / g->cols,
				    cell % g->cols) ||
		    dead[cell] != want_dead)
			continue;
		n = go_chain(g, v->state, cell, chain);
		/* Each chain once: where its first stone is. */
		for (int i = 0; i < n; i++)
			if (chain[i] < cell)
				n = 0;
		for (int i = 0; i < n; i++) {
			char text[GAME_TEXT_SIZE];

			go_vertex_text(g, (game_move)chain[i], text);
			buf_printf(out, "%s%s", i ? " " : "", text);
		}
		if (n)
			buf_putc(out, '\n');
	}
}

/* Without a network that says whose points they are, every stone that is on the
 * board at the end is alive. */
const char *gtp_final_status(struct gtp_server *v, const struct gtp_line *l,
			     struct buf *out)
{
	uint8_t dead[GO_CELLS_MAX];
	const char *what = l->words[0];

	if (!go_is(&v->game))
		return "stones have a status in Go alone";
	if (strcmp(what, "dead") && strcmp(what, "alive") &&
	    strcmp(what, "seki"))
		return "invalid status";
	if (!find_dead(v, dead) && gtp_to_act(v) != GAME_OVER)
		return "the game is not over";
	if (strcmp(what, "seki"))
		list_chains(v, dead, !strcmp(what, "dead"), out);
	return NULL;
}
