/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/tree_view.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/search/trace.h"

/* What a person asked of a node; 0: the cut-offs decide. */
enum { FOLD_OPEN = 1, FOLD_CLOSED = 2, FOLD_ALL = 4 };

enum { DEPTH_CAP = 62 }; /* rails are one word */

void tree_init(struct tree_view *t, const struct game *g, const void *root,
	       const struct trace_view *view, const struct sim_path *path)
{
	*t = (struct tree_view){
		.game = g,
		.view = view,
		.path = path,
		.limits = TREE_LIMITS_DEFAULT,
	};
	t->root = mem_alloc(g->state_size);
	memcpy(t->root, root, g->state_size);
	t->fold = mem_zalloc(view->trace->node_count, 1);
	tree_layout(t);
}

void tree_release(struct tree_view *t)
{
	free(t->root);
	free(t->fold);
	free(t->rows);
	*t = (struct tree_view){0};
}

static uint32_t child_by_move(const struct trace *t, uint32_t node, game_move m)
{
	const struct trace_node *n = &t->nodes[node];

	for (uint32_t i = 0; n->first_child && i < n->child_count; i++) {
		if (t->nodes[n->first_child + i].move == m)
			return n->first_child + i;
	}
	return 0;
}

static void carry_folds(const struct trace *old, const uint8_t *from,
			uint32_t a, const struct trace *now, uint8_t *to,
			uint32_t b)
{
	const struct trace_node *n = &old->nodes[a];

	to[b] = from[a];
	for (uint32_t i = 0; n->first_child && i < n->child_count; i++) {
		uint32_t child = n->first_child + i;
		uint32_t twin;

		if (!from[child] && !old->nodes[child].first_child)
			continue;
		twin = child_by_move(now, b, old->nodes[child].move);
		if (twin)
			carry_folds(old, from, child, now, to, twin);
	}
}

/* The node of `now` reached by the moves that lead to `node` of `old`, or as
 * far as they go. */
static uint32_t same_place(const struct trace *old, uint32_t node,
			   const struct trace *now)
{
	uint32_t parent, twin;

	if (node == 0)
		return 0;
	parent = same_place(old, old->nodes[node].parent, now);
	twin = child_by_move(now, parent, old->nodes[node].move);
	return twin ? twin : parent;
}

void tree_retarget(struct tree_view *t, const struct trace_view *view,
		   const struct trace *old)
{
	uint32_t selected = same_place(old, tree_selected(t), view->trace);
	uint8_t *fold = mem_zalloc(view->trace->node_count, 1);

	carry_folds(old, t->fold, 0, view->trace, fold, 0);
	free(t->fold);
	t->fold = fold;
	t->view = view;
	t->count = 0;
	t->cursor = 0;
	tree_layout(t);
	tree_select(t, selected);
}

uint32_t tree_selected(const struct tree_view *t)
{
	return t->count > 0 ? t->rows[t->cursor].node : 0;
}

static struct tree_row *add_row(struct tree_view *t)
{
	if (t->count == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 64;
		t->rows =
			mem_realloc(t->rows, (size_t)t->cap * sizeof(*t->rows));
	}
	t->rows[t->count] = (struct tree_row){0};
	return &t->rows[t->count++];
}

static bool has_children(const struct tree_view *t, uint32_t node)
{
	const struct trace_node *n = &t->view->trace->nodes[node];

	return n->first_child && n->child_count > 0 &&
	       trace_view_exists(t->view, n->first_child);
}

static bool is_open(const struct tree_view *t, uint32_t node, int depth)
{
	if (t->follow && sim_path_has(t->path, node))
		return true;
	if (t->fold[node] & FOLD_OPEN)
		return true;
	return !(t->fold[node] & FOLD_CLOSED) && depth < t->limits.depth;
}

struct child {
	uint32_t node, visits;
	float prior;
};

static int by_visits(const void *x, const void *y)
{
	const struct child *a = x, *b = y;

	if (a->visits != b->visits)
		return a->visits < b->visits ? 1 : -1;
	if (a->prior < b->prior || a->prior > b->prior)
		return a->prior < b->prior ? 1 : -1;
	return a->node < b->node ? -1 : a->node > b->node;
}

/* One node's children, most visited first; caller frees. */
static struct child *sorted_children(const struct tree_view *t, uint32_t node,
				     int *count)
{
	const struct trace_node *n = &t->view->trace->nodes[node];
	struct child *list = mem_alloc(n->child_count * sizeof(*list));

	for (uint32_t i = 0; i < n->child_count; i++) {
		uint32_t child = n->first_child + i;

		list[i] = (struct child){
			.node = child,
			.visits = t->view->visits[child],
			.prior = t->view->trace->nodes[child].prior,
		};
	}
	qsort(list, n->child_count, sizeof(*list), by_visits);
	*count = n->child_count;
	return list;
}

struct layout {
	struct tree_view *t;
	unsigned char *states; /* one a level */
	bool full;
};

static void lay_children(struct layout *l, uint32_t node, int depth,
			 uint64_t rails);

static void lay_node(struct layout *l, uint32_t node, int depth, bool last,
		     uint64_t rails)
{
	struct tree_view *t = l->t;
	const struct game *g = t->game;
	unsigned char *here = l->states + (size_t)depth * g->state_size;
	game_move m = t->view->trace->nodes[node].move;
	struct tree_row *row;
	bool open;

	if (t->count >= TREE_MAX_ROWS) {
		l->full = true;
		return;
	}
	row = add_row(t);
	row->node = node;
	row->depth = depth;
	row->last = last;
	row->rails = rails;
	row->foldable = has_children(t, node) && depth < DEPTH_CAP;
	row->open = open = row->foldable && is_open(t, node, depth);
	if (node != 0) {
		g->rules->move_text(g, here - g->state_size, m, row->text);
		if (open) {
			memcpy(here, here - g->state_size, g->state_size);
			g->rules->apply(g, here, m);
		}
	}
	if (open)
		lay_children(l, node, depth + 1,
			     last ? rails : rails | (uint64_t)1 << depth);
}

static bool cut_off(const struct tree_view *t, uint32_t node,
		    const struct child *child, int shown)
{
	if (t->fold[node] & FOLD_ALL)
		return false;
	if (t->follow && sim_path_has(t->path, child->node))
		return false;
	return shown >= t->limits.children || child->visits < t->limits.least;
}

static void lay_children(struct layout *l, uint32_t node, int depth,
			 uint64_t rails)
{
	struct tree_view *t = l->t;
	struct child *list;
	int count, hidden = 0, shown = 0, lastshown = -1;
	uint64_t hidden_visits = 0;

	list = sorted_children(t, node, &count);
	for (int i = 0; i < count; i++) {
		if (cut_off(t, node, &list[i], shown)) {
			hidden++;
			hidden_visits += list[i].visits;
			list[i].node = 0;
		} else {
			shown++;
			lastshown = i;
		}
	}
	for (int i = 0; i < count && !l->full; i++) {
		if (list[i].node)
			lay_node(l, list[i].node, depth,
				 i == lastshown && hidden == 0, rails);
	}
	free(list);
	if (hidden > 0 && !l->full) {
		struct tree_row *row = add_row(t);

		row->kind = TREE_ROW_MORE;
		row->node = node;
		row->depth = depth;
		row->last = true;
		row->rails = rails;
		row->hidden = (uint32_t)hidden;
		row->hidden_visits = hidden_visits;
	}
}

/* Rows that existed before are found again by node, or by its nearest parent
 * that still shows. */
static void find_again(struct tree_view *t, uint32_t node,
		       enum tree_row_kind kind)
{
	int best = 0;

	for (;;) {
		for (int i = 0; i < t->count; i++) {
			if (t->rows[i].node != node)
				continue;
			best = i;
			if (t->rows[i].kind == kind) {
				t->cursor = i;
				return;
			}
		}
		if (best > 0 || node == 0)
			break;
		node = t->view->trace->nodes[node].parent;
		kind = TREE_ROW_NODE;
	}
	t->cursor = best;
}

void tree_layout(struct tree_view *t)
{
	const struct game *g = t->game;
	enum tree_row_kind kind =
		t->count > 0 ? t->rows[t->cursor].kind : TREE_ROW_NODE;
	uint32_t selected = tree_selected(t);
	struct layout l = {.t = t};

	l.states = mem_zalloc(DEPTH_CAP + 2, g->state_size);
	memcpy(l.states, t->root, g->state_size);
	t->count = 0;
	lay_node(&l, 0, 0, true, 0);
	free(l.states);
	if (l.full) {
		struct tree_row *row = add_row(t);

		row->kind = TREE_ROW_FULL;
		row->last = true;
	}
	find_again(t, selected, kind);
}

bool tree_move(struct tree_view *t, int rows)
{
	int old = t->cursor;
	long to = (long)t->cursor + rows;

	t->cursor = to < 0 ? 0 : to >= t->count ? t->count - 1 : (int)to;
	return t->cursor != old;
}

static void set_fold(struct tree_view *t, uint32_t node, bool open)
{
	t->fold[node] = (uint8_t)((t->fold[node] & FOLD_ALL) |
				  (open ? FOLD_OPEN : FOLD_CLOSED));
	tree_layout(t);
}

bool tree_open(struct tree_view *t)
{
	struct tree_row *row = &t->rows[t->cursor];

	if (row->kind == TREE_ROW_MORE) {
		uint32_t node = row->node;
		int at = t->cursor;

		t->fold[node] |= FOLD_ALL;
		tree_layout(t);
		t->cursor = at < t->count ? at : t->count - 1;
		return true;
	}
	if (row->kind != TREE_ROW_NODE || !row->foldable)
		return false;
	if (row->open)
		return tree_move(t, 1);
	set_fold(t, row->node, true);
	return true;
}

bool tree_close(struct tree_view *t)
{
	struct tree_row *row = &t->rows[t->cursor];
	uint32_t parent;

	if (row->kind == TREE_ROW_NODE && row->open &&
	    !(t->follow && sim_path_has(t->path, row->node))) {
		set_fold(t, row->node, false);
		return true;
	}
	if (row->kind == TREE_ROW_NODE && row->node == 0)
		return false;
	parent = row->kind == TREE_ROW_NODE
			 ? t->view->trace->nodes[row->node].parent
			 : row->node;
	find_again(t, parent, TREE_ROW_NODE);
	return true;
}

bool tree_toggle(struct tree_view *t)
{
	struct tree_row *row = &t->rows[t->cursor];

	if (row->kind == TREE_ROW_NODE && row->open)
		return tree_close(t);
	return tree_open(t);
}

bool tree_select(struct tree_view *t, uint32_t node)
{
	const struct trace *tr = t->view->trace;
	bool opened = false;

	if (!trace_view_exists(t->view, node))
		return false;
	for (uint32_t at = node; at != 0; at = tr->nodes[at].parent) {
		uint32_t parent = tr->nodes[at].parent;

		if (!(t->fold[parent] & FOLD_OPEN)) {
			t->fold[parent] =
				(uint8_t)((t->fold[parent] & FOLD_ALL) |
					  FOLD_OPEN);
			opened = true;
		}
	}
	if (opened)
		tree_layout(t);
	find_again(t, node, TREE_ROW_NODE);
	if (t->rows[t->cursor].node == node)
		return true;
	/* A cut-off hides it: show all children beside it. */
	t->fold[tr->nodes[node].parent] |= FOLD_ALL;
	tree_layout(t);
	find_again(t, node, TREE_ROW_NODE);
	return t->rows[t->cursor].node == node;
}
