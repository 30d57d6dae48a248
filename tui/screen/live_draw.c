/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/live.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/game/game.h"
#include "core/session/round.h"
#include "core/session/seat.h"
#include "tui/canvas.h"
#include "tui/widget/board.h"
#include "tui/widget/look.h"

enum { SIDE = 30 };

/* The parameter that bounds a figure ("ticks" 12 of 200); 0: none. */
static int limit_of(const struct game *g, const char *name)
{
	for (int i = 0; g->rules->params[i].name; i++)
		if (!strcmp(g->rules->params[i].name, name))
			return g->param[i];
	return 0;
}

static void state_text(const struct live *v, struct buf *out)
{
	if (round_over(&v->sitting.round))
		buf_puts(out, "over: Space plays again");
	else if (v->paused)
		buf_puts(out,
			 v->sitting.round.plies ? "paused" : "Space starts");
	else
		buf_printf(out, "%d ticks a second", v->rate);
}

static int draw_facts(const struct live *v, struct canvas *c, int y)
{
	const struct game *g = &v->sitting.round.game;
	struct game_fact facts[GAME_MAX_FACTS];
	int n = g->rules->facts
			? g->rules->facts(g, round_now(&v->sitting.round),
					  facts)
			: 0;

	for (int i = 0; i < n; i++, y++) {
		int most = limit_of(g, facts[i].name);

		canvas_text(c, y, 0, STYLE_LABEL, facts[i].name);
		canvas_printf(c, y, 9, STYLE_BOLD, "%d", facts[i].value);
		if (most > 0)
			canvas_printf(c, y, 15, STYLE_DIM, "of %d", most);
	}
	return y;
}

static void draw_side(const struct live *v, struct canvas *c)
{
	const struct look *look = look_of(&v->sitting.round.game);
	struct buf text;
	int y;

	canvas_text(c, 0, 0, STYLE_LABEL, "player");
	canvas_text(c, 0, 9, STYLE_VALUE, seat_name(live_seat(v)));
	y = draw_facts(v, c, 1) + 1;
	buf_init(&text);
	state_text(v, &text);
	canvas_text(c, y++, 0, v->paused ? STYLE_WARN : STYLE_GOOD, text.data);
	buf_release(&text);
	if (v->paused && !round_over(&v->sitting.round))
		canvas_printf(c, y, 0, STYLE_DIM, "%d ticks a second", v->rate);
	y++;
	if (v->finished)
		canvas_printf(c, y, 0, STYLE_VALUE,
			      "%d game%s: mean %.0f, best %d", v->finished,
			      v->finished > 1 ? "s" : "", v->sum / v->finished,
			      v->best);
	y += 2;
	for (int i = 0; look->legend && look->legend[i]; i++)
		canvas_text(c, y++, 0, STYLE_DIM, look->legend[i]);
}

/* All figures in two lines above the board. */
static void draw_top(const struct live *v, struct canvas *c)
{
	const struct game *g = &v->sitting.round.game;
	struct game_fact facts[GAME_MAX_FACTS];
	int n = g->rules->facts
			? g->rules->facts(g, round_now(&v->sitting.round),
					  facts)
			: 0;
	struct buf text;
	int x = 0;

	for (int i = 0; i < n; i++) {
		x = canvas_printf(c, 0, x, STYLE_LABEL, "%.2s ", facts[i].name);
		x = canvas_printf(c, 0, x, STYLE_BOLD, "%d ", facts[i].value);
	}
	buf_init(&text);
	state_text(v, &text);
	canvas_text(c, 1, 0, v->paused ? STYLE_WARN : STYLE_GOOD, text.data);
	buf_release(&text);
}

void live_draw(const void *self, struct canvas *c)
{
	const struct live *v = self;
	struct board b = BOARD_INIT(&v->sitting.round.game, NULL);
	struct canvas pane;

	if (v->empty)
		return;
	b.state = round_now(&v->sitting.round);
	if (c->width >= v->sitting.round.game.cols + SIDE + 2) {
		pane = canvas_pane(c, 0, c->width - SIDE, c->height, SIDE);
		draw_side(v, &pane);
		pane = canvas_pane(c, 0, 0, c->height, c->width - SIDE - 2);
	} else {
		draw_top(v, c);
		pane = canvas_pane(c, 2, 0, c->height - 2, c->width);
	}
	board_draw(&b, &pane);
}

void live_status(const void *self, struct buf *out)
{
	const struct live *v = self;

	if (!v->empty)
		buf_puts(out, game_title(&v->sitting.round.game));
}
