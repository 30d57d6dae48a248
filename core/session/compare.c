/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/session/compare_part.h"
#include "core/session/figures.h"

void compare_init(struct compare *c, const struct game *g, const void *root)
{
	*c = (struct compare){.game = g};
	for (int i = 0; i < COMPARE_SIDES; i++)
		inspector_init(&c->side[i], g, root);
}

void compare_release(struct compare *c)
{
	for (int i = 0; i < COMPARE_SIDES; i++)
		inspector_release(&c->side[i]);
	free(c->rows);
	*c = (struct compare){0};
}

/* ---- the rows at the place ---- */

static struct compare_row *row_of(struct compare *c, const struct move_row *m,
				  game_move move)
{
	struct compare_row *row;

	for (int i = 0; i < c->count; i++)
		if (c->rows[i].move == move)
			return &c->rows[i];
	if (c->count == c->cap) {
		c->cap = c->cap ? 2 * c->cap : 64;
		c->rows =
			mem_realloc(c->rows, (size_t)c->cap * sizeof(*c->rows));
	}
	row = &c->rows[c->count++];
	*row = (struct compare_row){.move = move};
	memcpy(row->text, m->text, sizeof(row->text));
	return row;
}

static void take_side(struct compare *c, int i)
{
	const struct inspector *s = &c->side[i];
	uint64_t total;

	c->by_prior[i] = true;
	if (!c->here[i])
		return;
	total = figures_total(&s->view, s->node);
	c->by_prior[i] = total == 0;
	for (int k = 0; k < s->table.count; k++) {
		const struct move_row *m = &s->table.rows[k];
		struct compare_row *row =
			row_of(c, m, s->trace->nodes[m->node].move);

		row->known[i] = true;
		row->f[i] = m->f;
		row->weight[i] = compare_weight(s, m->node, total);
		/* Looked at: rank_rows() counts. */
		row->rank[i] = total == 0 || m->f.visits > 0;
	}
}

/* Ranks among those that this side looked at; the marks rank again among what
 * both did, so that one move more on a side does not shift all below it. */
static int rank_in(const struct compare *c, int row, int side, bool both)
{
	int rank = 1;

	for (int i = 0; i < c->count; i++) {
		const struct compare_row *r = &c->rows[i];

		if (!r->rank[side] || (both && !r->rank[!side]))
			continue;
		if (r->weight[side] > c->rows[row].weight[side])
			rank++;
	}
	return rank;
}

/* That a side has a prior for a move does not say that it looked there. */
static enum compare_mark only(const struct compare *c, int side)
{
	return c->by_prior[side] ? COMPARE_NONE
	       : side            ? COMPARE_ONLY_RIGHT
				 : COMPARE_ONLY_LEFT;
}

static void mark_rows(struct compare *c)
{
	for (int i = 0; i < c->count; i++) {
		struct compare_row *r = &c->rows[i];

		if (!r->rank[0] && !r->rank[1])
			r->mark = COMPARE_NONE;
		else if (!r->rank[0] || !r->rank[1])
			r->mark = only(c, r->rank[0] ? 0 : 1);
		else if (rank_in(c, i, 0, true) != rank_in(c, i, 1, true))
			r->mark = COMPARE_ORDER;
	}
	/* In two passes: being looked at is read off the ranks. */
	for (int side = 0; side < COMPARE_SIDES; side++) {
		for (int i = 0; i < c->count; i++)
			if (c->rows[i].rank[side])
				c->rows[i].rank[side] =
					rank_in(c, i, side, false);
	}
}

static double sort_key(const struct compare_row *r, enum compare_sort by)
{
	switch (by) {
	case COMPARE_BY_LEFT:
		return r->weight[0];
	case COMPARE_BY_RIGHT:
		return r->weight[1];
	case COMPARE_BY_GAP:
		return fabs(r->weight[0] - r->weight[1]);
	default:
		return 0;
	}
}

static bool stands_before(const struct compare_row *a,
			  const struct compare_row *b, enum compare_sort by)
{
	double x = sort_key(a, by), y = sort_key(b, by);

	if (x > y || x < y)
		return x > y;
	if (by == COMPARE_BY_LEFT || by == COMPARE_BY_RIGHT) {
		int other = by == COMPARE_BY_LEFT;

		if (a->weight[other] > b->weight[other] ||
		    a->weight[other] < b->weight[other])
			return a->weight[other] > b->weight[other];
	}
	return a->move < b->move;
}

static void sort_rows(struct compare *c)
{
	for (int i = 1; i < c->count; i++) {
		struct compare_row row = c->rows[i];
		int j = i;

		for (; j > 0 && stands_before(&row, &c->rows[j - 1], c->sort);
		     j--)
			c->rows[j] = c->rows[j - 1];
		c->rows[j] = row;
	}
}

static void select_move(struct compare *c, game_move m)
{
	c->cursor = 0;
	for (int i = 0; i < c->count; i++)
		if (c->rows[i].move == m)
			c->cursor = i;
}

static game_move selected(const struct compare *c)
{
	return c->cursor < c->count ? c->rows[c->cursor].move : GAME_NO_MOVE;
}

static void fill_rows(struct compare *c)
{
	game_move was = selected(c);

	c->count = 0;
	c->apart = (double)NAN;
	for (int i = 0; i < COMPARE_SIDES; i++)
		take_side(c, i);
	mark_rows(c);
	sort_rows(c);
	select_move(c, was);
	if (c->here[0] && c->here[1])
		c->apart =
			compare_apart(c->side, (uint32_t[2]){c->side[0].node,
							     c->side[1].node});
	if (c->side[0].trace && c->side[1].trace)
		c->root_apart = compare_apart(c->side, (uint32_t[2]){0, 0});
}

static void write_way(struct compare *c)
{
	const struct inspector *s = &c->side[c->here[0] ? 0 : 1];

	snprintf(c->way_text, sizeof(c->way_text), "%s",
		 c->depth ? s->node_text : "");
}

/* Both sides to the place; `keep` is one whose cursor is there already, -1:
 * neither. */
static void stand(struct compare *c, int keep)
{
	for (int i = 0; i < COMPARE_SIDES; i++) {
		struct inspector *s = &c->side[i];
		uint32_t node;

		c->here[i] = s->trace && compare_follow(s, c->way, c->depth,
							&node) == c->depth;
		if (s->trace && i != keep && s->node != node)
			inspector_select(s, node);
	}
	write_way(c);
	fill_rows(c);
}

/* After a simulation or a trace more or less: the place may be there no more.
 */
static void stand_again(struct compare *c)
{
	int deepest = 0;

	for (int i = 0; i < COMPARE_SIDES; i++) {
		uint32_t node;
		int depth = c->side[i].trace
				    ? compare_follow(&c->side[i], c->way,
						     c->depth, &node)
				    : 0;

		if (depth > deepest)
			deepest = depth;
	}
	c->depth = deepest;
	stand(c, -1);
	if (c->side[0].trace && c->side[1].trace)
		compare_part_find(c->side, &c->part);
}

enum err_code compare_set(struct compare *c, int side, struct trace *trace,
			  struct err *e)
{
	bool end = c->at == compare_total(c);
	enum err_code rc = inspector_set(&c->side[side], trace, e);

	if (rc)
		return rc;
	c->at = end || c->at > compare_total(c) ? compare_total(c) : c->at;
	for (int i = 0; i < COMPARE_SIDES; i++)
		inspector_seek(&c->side[i], c->at);
	stand_again(c);
	/* A search that is under way changes which row that is. */
	if (!c->moved)
		c->cursor = 0;
	return ERR_OK;
}

uint32_t compare_total(const struct compare *c)
{
	uint32_t total = 0;

	for (int i = 0; i < COMPARE_SIDES; i++)
		if (c->side[i].trace && c->side[i].trace->sim_count > total)
			total = c->side[i].trace->sim_count;
	return total;
}

bool compare_seek(struct compare *c, long at)
{
	uint32_t total = compare_total(c);
	uint32_t to = at < 0 ? 0 : at > (long)total ? total : (uint32_t)at;

	if (to == c->at)
		return false;
	c->at = to;
	for (int i = 0; i < COMPARE_SIDES; i++)
		inspector_seek(&c->side[i], to);
	stand_again(c);
	return true;
}

/* ---- keys ---- */

static struct inspector *tree_in_focus(struct compare *c)
{
	return c->focus == COMPARE_TABLE
		       ? NULL
		       : &c->side[c->focus - COMPARE_LEFT_TREE];
}

/* The cursor of the tree in focus says where both stand. */
static void take_tree(struct compare *c)
{
	int i = (int)c->focus - COMPARE_LEFT_TREE;
	const struct inspector *s = &c->side[i];
	uint32_t node = s->node;
	int depth = 0;

	for (uint32_t at = node; at; at = s->trace->nodes[at].parent)
		depth++;
	if (depth > SIM_PATH_CAP)
		return;
	c->depth = depth;
	for (uint32_t at = node; at; at = s->trace->nodes[at].parent)
		c->way[--depth] = s->trace->nodes[at].move;
	stand(c, i);
}

bool compare_move(struct compare *c, int rows)
{
	struct inspector *s = tree_in_focus(c);
	long to = (long)c->cursor + rows;
	int old = c->cursor;

	if (s) {
		s->focus = PANE_TREE;
		if (!inspector_move(s, rows))
			return false;
		take_tree(c);
		return true;
	}
	if (c->count == 0)
		return false;
	c->moved = true;
	c->cursor = to < 0 ? 0 : to >= c->count ? c->count - 1 : (int)to;
	return c->cursor != old;
}

bool compare_enter(struct compare *c, bool toggle)
{
	struct inspector *s = tree_in_focus(c);
	game_move m = selected(c);

	if (s) {
		bool changed;

		s->focus = PANE_TREE;
		changed = inspector_enter(s, toggle);
		if (s->trace)
			take_tree(c);
		return changed;
	}
	if (m == GAME_NO_MOVE || c->depth == SIM_PATH_CAP)
		return false;
	c->moved = true;
	c->way[c->depth++] = m;
	stand(c, -1);
	return true;
}

bool compare_leave(struct compare *c)
{
	struct inspector *s = tree_in_focus(c);

	if (s) {
		bool changed;

		s->focus = PANE_TREE;
		changed = inspector_leave(s);
		if (s->trace)
			take_tree(c);
		return changed;
	}
	if (c->depth == 0)
		return false;
	c->depth--;
	stand(c, -1);
	select_move(c, c->way[c->depth]);
	return true;
}

bool compare_focus(struct compare *c, int step)
{
	c->focus = (enum compare_pane)(((int)c->focus + step + COMPARE_PANES) %
				       COMPARE_PANES);
	return true;
}

bool compare_order(struct compare *c, int step)
{
	game_move m = selected(c);

	c->sort = (enum compare_sort)(((int)c->sort + step + COMPARE_SORTS) %
				      COMPARE_SORTS);
	sort_rows(c);
	select_move(c, m);
	return true;
}

int compare_go(struct compare *c, const game_move *moves, int count)
{
	int deepest = 0;

	count = count < SIM_PATH_CAP ? count : SIM_PATH_CAP;
	for (int i = 0; i < COMPARE_SIDES; i++) {
		uint32_t node;
		int depth = c->side[i].trace
				    ? compare_follow(&c->side[i], moves, count,
						     &node)
				    : 0;

		if (depth > deepest)
			deepest = depth;
	}
	if (deepest > 0)
		memmove(c->way, moves, (size_t)deepest * sizeof(*moves));
	c->depth = deepest;
	stand(c, -1);
	return deepest;
}

bool compare_go_part(struct compare *c)
{
	if (!c->side[0].trace || !c->side[1].trace)
		return false;
	compare_go(c, c->part.line, c->part.depth);
	select_move(c, c->part.choice[c->part.ends[0] ? 1 : 0]);
	return true;
}

bool compare_point(struct compare *c, enum compare_pane pane, int row)
{
	struct inspector *s;
	bool again;

	c->focus = pane;
	s = tree_in_focus(c);
	if (s) {
		bool changed = inspector_point(s, PANE_TREE, row);

		if (changed)
			take_tree(c);
		return changed;
	}
	again = row == c->cursor;
	c->moved = true;
	if (row >= 0 && row < c->count)
		c->cursor = row;
	return again ? compare_enter(c, true) : true;
}

bool compare_limit(struct compare *c, int depth, int children, int least)
{
	bool changed = false;

	for (int i = 0; i < COMPARE_SIDES; i++) {
		struct inspector *s = &c->side[i];

		if (depth)
			changed |= inspector_depth(s, depth);
		if (children)
			changed |= inspector_children(s, children);
		if (least)
			changed |= inspector_least(s, least);
	}
	if (changed)
		stand(c, -1);
	return changed;
}

bool compare_alone(const struct compare *c, int side, uint32_t node)
{
	const struct inspector *s = &c->side[side], *o = &c->side[!side];
	game_move way[SIM_PATH_CAP];
	uint32_t twin;
	int depth = 0;

	if (!o->trace || node == 0)
		return false;
	for (uint32_t at = node; at; at = s->trace->nodes[at].parent)
		depth++;
	if (depth > SIM_PATH_CAP)
		return false;
	for (int i = depth; i > 0; node = s->trace->nodes[node].parent)
		way[--i] = s->trace->nodes[node].move;
	if (compare_follow(o, way, depth, &twin) < depth)
		return true;
	return o->view.visits[twin] == 0 &&
	       figures_total(&o->view, o->trace->nodes[twin].parent) > 0;
}
