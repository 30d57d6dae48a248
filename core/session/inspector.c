/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/inspector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/search/trace.h"
#include "core/session/figures.h"
#include "core/session/trace_rules.h"

void inspector_init(struct inspector *s, const struct game *g, const void *root)
{
	*s = (struct inspector){.game = g, .shown_last = -1, .shown_from = -1};
	s->root = mem_alloc(g->state_size);
	s->state = mem_alloc(g->state_size);
	s->shown = mem_alloc(g->state_size);
	memcpy(s->root, root, g->state_size);
	memcpy(s->state, root, g->state_size);
	memcpy(s->shown, root, g->state_size);
	move_table_init(&s->table);
}

void inspector_release(struct inspector *s)
{
	if (s->trace) {
		tree_release(&s->tree);
		trace_view_release(&s->view);
		trace_free(s->trace);
	}
	move_table_release(&s->table);
	free(s->root);
	free(s->state);
	free(s->shown);
	*s = (struct inspector){0};
}

/* " 4 4 5" of the way from the root to `node`. */
static void way_text(const struct inspector *s, const uint32_t *nodes,
		     int count, const void *start, char *out, size_t size)
{
	const struct game *g = s->game;
	unsigned char *state = mem_alloc(g->state_size);
	size_t len = 0;

	memcpy(state, start, g->state_size);
	out[0] = '\0';
	for (int i = 0; i < count; i++) {
		game_move m = s->trace->nodes[nodes[i]].move;
		char text[GAME_TEXT_SIZE];
		int n;

		g->rules->move_text(g, state, m, text);
		g->rules->apply(g, state, m);
		n = snprintf(out + len, size - len, "%s%s", i ? " " : "", text);
		if (n < 0 || (size_t)n >= size - len)
			break;
		len += (size_t)n;
	}
	free(state);
}

/* Nodes from below the root to `node`, into out[max]; returns how many. */
static int way_to(const struct inspector *s, uint32_t node, uint32_t *out,
		  int max)
{
	const struct trace_node *nodes = s->trace->nodes;
	int depth = 0;

	for (uint32_t at = node; at != 0; at = nodes[at].parent)
		depth++;
	if (depth > max)
		return 0;
	for (int i = depth; i > 0; i--) {
		out[i - 1] = node;
		node = nodes[node].parent;
	}
	return depth;
}

/* The board after pv_step moves of the principal variation. */
static void show_board(struct inspector *s)
{
	const struct game *g = s->game;
	unsigned char *before = mem_alloc(g->state_size);
	game_move last = GAME_NO_MOVE;

	if (s->node != 0) {
		trace_rules_state(s->trace, g, s->root,
				  s->trace->nodes[s->node].parent, before);
		last = s->trace->nodes[s->node].move;
	}
	memcpy(s->shown, s->state, g->state_size);
	for (int i = 0; i < s->pv_step; i++) {
		memcpy(before, s->shown, g->state_size);
		last = s->trace->nodes[s->pv[i]].move;
		g->rules->apply(g, s->shown, last);
	}
	s->shown_last = s->shown_from = -1;
	if (last != GAME_NO_MOVE) {
		s->shown_last = g->rules->move_cell(g, before, last);
		if (g->rules->move_from)
			s->shown_from = g->rules->move_from(g, before, last);
	}
	free(before);
}

/* After the selected node or the place in the search changed. */
static void refresh(struct inspector *s)
{
	const struct game *g = s->game;
	uint32_t way[SIM_PATH_CAP];
	unsigned char *state;
	int len;

	trace_rules_state(s->trace, g, s->root, s->node, s->state);
	move_table_fill(&s->table, &s->view, &s->path, g, s->state, s->node);
	s->pv_len = trace_view_pv(&s->view, s->node, s->pv, INSPECTOR_PV);
	if (s->pv_step > s->pv_len)
		s->pv_step = s->pv_len;
	state = mem_alloc(g->state_size);
	memcpy(state, s->state, g->state_size);
	for (int i = 0; i < s->pv_len; i++) {
		game_move m = s->trace->nodes[s->pv[i]].move;

		g->rules->move_text(g, state, m, s->pv_text[i]);
		g->rules->apply(g, state, m);
	}
	free(state);
	len = way_to(s, s->node, way, SIM_PATH_CAP);
	way_text(s, way, len, s->root, s->node_text, sizeof(s->node_text));
	way_text(s, s->path.node + 1, s->path.len > 0 ? s->path.len - 1 : 0,
		 s->root, s->path_text, sizeof(s->path_text));
	show_board(s);
}

/* The tree's cursor decides what is selected. */
static void take_tree(struct inspector *s)
{
	uint32_t node = tree_selected(&s->tree);

	if (node != s->node)
		s->pv_step = 0;
	s->node = node;
	refresh(s);
}

enum err_code inspector_set(struct inspector *s, struct trace *trace,
			    struct err *e)
{
	enum err_code rc = trace_rules_check(trace, s->game, s->root, e);
	struct trace *old = s->trace;

	if (rc != ERR_OK) {
		trace_free(trace);
		return rc;
	}
	if (old)
		trace_view_release(&s->view);
	s->trace = trace;
	trace_view_init(&s->view, trace);
	trace_view_seek(&s->view, trace->sim_count);
	sim_path_of(&s->view, &s->path);
	if (old) {
		tree_retarget(&s->tree, &s->view, old);
		trace_free(old);
	} else {
		tree_init(&s->tree, s->game, s->root, &s->view, &s->path);
	}
	/* Node numbers are the new trace's: the table finds its own way. */
	s->table.node = UINT32_MAX;
	take_tree(s);
	return ERR_OK;
}

bool inspector_seek(struct inspector *s, long at)
{
	uint32_t to;

	if (!s->trace)
		return false;
	to = at < 0                           ? 0
	     : at > (long)s->trace->sim_count ? s->trace->sim_count
					      : (uint32_t)at;
	if (to == s->view.at)
		return false;
	trace_view_seek(&s->view, to);
	sim_path_of(&s->view, &s->path);
	tree_layout(&s->tree);
	take_tree(s);
	return true;
}

bool inspector_select(struct inspector *s, uint32_t node)
{
	bool found;

	if (!s->trace)
		return false;
	found = tree_select(&s->tree, node);
	take_tree(s);
	return found;
}

bool inspector_move(struct inspector *s, int rows)
{
	if (!s->trace)
		return false;
	switch (s->focus) {
	case PANE_TREE:
		if (!tree_move(&s->tree, rows))
			return false;
		take_tree(s);
		return true;
	case PANE_BOARD:
		return inspector_pv_step(s, rows);
	default:
		return move_table_move(&s->table, rows);
	}
}

bool inspector_enter(struct inspector *s, bool toggle)
{
	uint32_t node;
	bool changed;

	if (!s->trace)
		return false;
	if (s->focus == PANE_BOARD)
		return inspector_pv_step(s, 1);
	if (s->focus == PANE_TREE) {
		changed = toggle ? tree_toggle(&s->tree) : tree_open(&s->tree);
		take_tree(s);
		return changed;
	}
	node = move_table_selected(&s->table);
	return node && inspector_select(s, node);
}

bool inspector_leave(struct inspector *s)
{
	uint32_t from = s->node;

	if (!s->trace)
		return false;
	if (s->focus == PANE_BOARD)
		return inspector_pv_step(s, -1);
	if (s->focus == PANE_TREE) {
		bool changed = tree_close(&s->tree);

		take_tree(s);
		return changed;
	}
	if (from == 0)
		return false;
	inspector_select(s, s->trace->nodes[from].parent);
	move_table_select(&s->table, from);
	return true;
}

bool inspector_sort(struct inspector *s, int step)
{
	if (!s->trace)
		return false;
	move_table_cycle(&s->table, step);
	return true;
}

bool inspector_pv_step(struct inspector *s, int step)
{
	int to = s->pv_step + step;

	if (!s->trace)
		return false;
	to = to < 0 ? 0 : to > s->pv_len ? s->pv_len : to;
	if (to == s->pv_step)
		return false;
	s->pv_step = to;
	show_board(s);
	return true;
}

bool inspector_focus(struct inspector *s, int step)
{
	s->focus = (enum inspector_pane)(((int)s->focus + step + PANE_COUNT) %
					 PANE_COUNT);
	if (s->focus != PANE_BOARD)
		s->main = s->focus;
	return true;
}

static bool lay_again(struct inspector *s)
{
	tree_layout(&s->tree);
	take_tree(s);
	return true;
}

bool inspector_follow(struct inspector *s)
{
	if (!s->trace)
		return false;
	s->tree.follow = !s->tree.follow;
	return lay_again(s);
}

bool inspector_depth(struct inspector *s, int by)
{
	int to;

	if (!s->trace)
		return false;
	to = s->tree.limits.depth + by;
	if (to < 0 || to > 60)
		return false;
	s->tree.limits.depth = to;
	return lay_again(s);
}

bool inspector_children(struct inspector *s, int by)
{
	int to;

	if (!s->trace)
		return false;
	to = s->tree.limits.children + by;
	if (to < 1 || to > 1000)
		return false;
	s->tree.limits.children = to;
	return lay_again(s);
}

bool inspector_least(struct inspector *s, int steps)
{
	static const uint32_t scale[] = {0,   1,   2,   5,    10,   20,  50,
					 100, 200, 500, 1000, 2000, 5000};
	int at = 0;

	if (!s->trace)
		return false;
	while (scale[at] < s->tree.limits.least)
		at++;
	at += steps;
	if (at < 0 || at >= (int)ARRAY_LEN(scale))
		return false;
	s->tree.limits.least = scale[at];
	return lay_again(s);
}

bool inspector_point(struct inspector *s, enum inspector_pane pane, int row)
{
	if (!s->trace)
		return false;
	s->focus = pane;
	if (pane == PANE_BOARD)
		return true;
	s->main = pane;
	if (pane == PANE_TREE) {
		if (row == s->tree.cursor)
			return inspector_enter(s, true);
		if (row >= 0)
			s->tree.cursor = row;
		take_tree(s);
		return true;
	}
	if (row >= 0 && row == s->table.cursor)
		return inspector_enter(s, true);
	if (row >= 0)
		s->table.cursor = row;
	return true;
}

int inspector_moves(const struct inspector *s, game_move *out, int max)
{
	uint32_t way[SIM_PATH_CAP];
	int len;

	if (!s->trace)
		return 0;
	len = way_to(s, s->node, way, SIM_PATH_CAP);
	if (len + s->pv_step > max)
		return 0;
	for (int i = 0; i < len; i++)
		out[i] = s->trace->nodes[way[i]].move;
	for (int i = 0; i < s->pv_step; i++)
		out[len++] = s->trace->nodes[s->pv[i]].move;
	return len;
}
