/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/board_view.h"

bool board_view_command(struct board_view *v, int command, const struct game *g,
			struct app *app)
{
	switch (command) {
	case BOARD_VIEW_FLIP:
		v->flip = !v->flip;
		return true;
	case BOARD_VIEW_OWNERS:
		v->owners = !v->owners;
		if (v->owners && !g->rules->ownership)
			app_say(app, "nobody owns cells in this game");
		return true;
	default:
		return false;
	}
}

void board_view_apply(const struct board_view *v, struct board *b,
		      const float *seen, float *own)
{
	b->flip = v->flip;
	if (v->owners)
		board_owners(b, seen, own);
}
