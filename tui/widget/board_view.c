/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/board_view.h"

#include "tui/canvas_map.h"
#include "tui/screen.h"

void board_view_init(struct board_view *v, const struct game *g,
		     struct app *app)
{
	*v = (struct board_view){.game = g, .app = app};
}

enum screen_action board_view_owners(void *self, const struct key_press *k)
{
	struct board_view *v = self;

	(void)k;
	v->owners = !v->owners;
	if (v->owners && !v->game->rules->ownership)
		app_say(v->app, "nobody owns cells in this game");
	return SCREEN_REDRAW;
}

enum screen_action board_view_flip(void *self, const struct key_press *k)
{
	struct board_view *v = self;

	(void)k;
	v->flip = !v->flip;
	return SCREEN_REDRAW;
}

int board_view_click(const struct board *b, const struct canvas_region *r,
		     const struct mouse_event *m, bool ascii)
{
	int cell = -1;

	if (canvas_map_inside(r, m->row, m->col))
		board_hit(b, r->height, r->width, ascii, m->row - r->row,
			  m->col - r->col, &cell);
	return cell;
}

void board_view_apply(const struct board_view *v, struct board *b,
		      const float *seen, float *own)
{
	b->flip = v->flip;
	if (v->owners)
		board_owners(b, seen, own);
}
