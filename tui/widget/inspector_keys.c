/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/inspector.h"
#include "core/session/tree_view.h"
#include "tui/screen.h"
#include "tui/widget/inspector_draw.h"

static enum screen_action seen(bool changed)
{
	return changed ? SCREEN_REDRAW : SCREEN_STAY;
}

static enum screen_action pane_by(void *self, const struct key_press *k)
{
	return seen(inspector_focus(self, k->arg));
}

static enum screen_action row_by(void *self, const struct key_press *k)
{
	return seen(inspector_move(self, k->arg));
}

static enum screen_action enter(void *self, const struct key_press *k)
{
	return seen(inspector_enter(self, k->arg));
}

static enum screen_action sort_by(void *self, const struct key_press *k)
{
	return seen(inspector_sort(self, k->arg));
}

static enum screen_action pv_by(void *self, const struct key_press *k)
{
	return seen(inspector_pv_step(self, k->arg));
}

static enum screen_action depth_by(void *self, const struct key_press *k)
{
	return seen(inspector_depth(self, k->arg));
}

static enum screen_action children_by(void *self, const struct key_press *k)
{
	return seen(inspector_children(self, k->arg));
}

static enum screen_action least_by(void *self, const struct key_press *k)
{
	return seen(inspector_least(self, k->arg));
}

static enum screen_action leave(void *self, const struct key_press *k)
{
	(void)k;
	return seen(inspector_leave(self));
}

static enum screen_action to_root(void *self, const struct key_press *k)
{
	(void)k;
	return seen(inspector_select(self, 0));
}

static enum screen_action follow(void *self, const struct key_press *k)
{
	(void)k;
	return seen(inspector_follow(self));
}

static enum screen_action zoom(void *self, const struct key_press *k)
{
	struct inspector *s = self;

	(void)k;
	s->zoom = !s->zoom;
	return SCREEN_REDRAW;
}

const struct key_binding inspector_keys[] = {
	{"Tab", "pane", "next pane: moves, tree, board", true, .run = pane_by,
	 .arg = 1},
	{"Shift-Tab", "pane-back", "the pane before", false, .run = pane_by,
	 .arg = -1},
	{"Up", "up", "one row up; on the board, back in the line", false,
	 .run = row_by, .arg = -1},
	{"Down", "down", "one row down; on the board, on in the line", false,
	 .run = row_by, .arg = 1},
	{"PgUp", "page-up", "ten rows up", false, .run = row_by, .arg = -10},
	{"PgDn", "page-down", "ten rows down", false, .run = row_by, .arg = 10},
	{"Home", "first", "first row", false, .run = row_by,
	 .arg = -TREE_MAX_ROWS - 1},
	{"End", "last", "last row", false, .run = row_by,
	 .arg = TREE_MAX_ROWS + 1},
	{"Enter", "open",
	 "into the move; in the tree, unfold or "
	 "fold",
	 true, .run = enter, .arg = true},
	{"Right", "into", "into the move; in the tree, unfold", false,
	 .run = enter, .arg = false},
	{"Left, Backspace", "out",
	 "out to the parent; in the tree, "
	 "fold",
	 false, .run = leave},
	{"r", "root", "select the root", false, .run = to_root},
	{"o", "sort", "sort the moves by the next column", false,
	 .run = sort_by, .arg = 1},
	{"O", "sort-back", "sort by the column before", false, .run = sort_by,
	 .arg = -1},
	{"v", "line", "on along the principal variation, on the board", false,
	 .run = pv_by, .arg = 1},
	{"V", "line-back", "back along the variation", false, .run = pv_by,
	 .arg = -1},
	{"z", "zoom",
	 "give the pane all the room, with every "
	 "column",
	 false, .run = zoom},
	{"p", "follow", "unfold the path of the simulation, always", false,
	 .run = follow},
	{"+, =", "deeper", "tree open one level deeper", false, .run = depth_by,
	 .arg = 1},
	{"-", "shallower", "tree open one level less", false, .run = depth_by,
	 .arg = -1},
	{"]", "more-children", "show one more child of each node", false,
	 .run = children_by, .arg = 1},
	{"[", "fewer-children", "show one fewer child", false,
	 .run = children_by, .arg = -1},
	{"}", "more-visits", "hide children with few visits: raise the minimum",
	 false, .run = least_by, .arg = 1},
	{"{", "fewer-visits", "lower the minimum of visits", false,
	 .run = least_by, .arg = -1},
	{0},
};
