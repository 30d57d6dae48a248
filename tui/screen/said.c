/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/lab/study_said.h"
#include "core/session/line.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/screen/screens.h"
#include "tui/widget/board.h"
#include "tui/widget/board_view.h"

/* Positions of a study, and what its players say of each, side by side. */
struct said_page {
	struct app *app; /* borrowed */
	char study[128];
	struct study_said all;
	bool ready;
	struct line line; /* the position in hand, at its end */
	int at;
	struct board_view view;
};

/* COLUMN: columns of a player's figures; MOVE: of a move's name. */
enum { BOARD_MOST = 44, MOVE = 7, COLUMN = 9 };

static void stand(struct said_page *p, int at)
{
	int count = p->all.said.count;
	struct err e = ERR_INIT;

	p->at = at < 0 ? 0 : at >= count ? count - 1 : at;
	if (count && line_load(&p->line, p->all.said.positions[p->at].line, &e))
		app_fail(p->app, &e);
	line_go(&p->line, p->line.count);
}

static enum err_code said_open(void *self, struct app *app, const char *arg,
			       struct err *e)
{
	struct said_page *p = self;
	enum err_code rc;

	p->app = app;
	if (!*arg)
		return err_set(e, ERR_USAGE,
			       "name a study, as in `positions claim/desk`; "
			       "`studies` lists them");
	snprintf(p->study, sizeof(p->study), "%s", arg);
	rc = study_said_read(&p->all, lab_store(app->lab), p->study, e);
	if (rc)
		return rc;
	line_init(&p->line, &p->all.game);
	p->ready = true;
	board_view_init(&p->view, &p->all.game, app);
	stand(p, p->all.said.count ? p->all.ranked[0] : 0);
	return ERR_OK;
}

static void said_close(void *self)
{
	struct said_page *p = self;

	if (p->ready)
		line_release(&p->line);
	study_said_release(&p->all);
}

static void said_status(const void *self, struct buf *out)
{
	const struct said_page *p = self;

	buf_printf(out, "%s, arm %s at seed %llu", p->study, p->all.arm,
		   (unsigned long long)p->all.seed);
}

/* ---- drawing ---- */

static int rank_of(const struct said_page *p)
{
	int n = 0;

	while (p->all.ranked[n] != p->at)
		n++;
	return n;
}

static bool is_scores(const struct said_page *p, int player)
{
	return !strcmp(p->all.said.players[player], "solver");
}

static void figure(const struct said_page *p, int player, float v, char out[16])
{
	if (isnan(v))
		snprintf(out, 16, "-");
	else if (is_scores(p, player))
		snprintf(out, 16, "%s",
			 v > 0   ? "wins"
			 : v < 0 ? "loses"
				 : "draws");
	else
		snprintf(out, 16, "%.1f%%", 100 * (double)v);
}

static float best_of(const struct said_position *s, int player)
{
	float best = -INFINITY;

	for (int m = 0; m < s->legal; m++)
		best = fmaxf(best, s->figures[player * s->legal + m]);
	return best;
}

static void draw_moves(const struct said_page *p, const struct said_position *s,
		       struct canvas *c, int row)
{
	const struct game *g = &p->all.game;
	const void *state = line_state(&p->line);
	game_move moves[BOARD_CELLS * 2];
	char text[GAME_TEXT_SIZE], figures[16];

	if (g->move_count > (int)(sizeof(moves) / sizeof(*moves)))
		return;
	g->rules->legal(g, state, moves);
	for (int m = 0; m < s->legal; m++, row++) {
		g->rules->move_text(g, state, moves[m], text);
		canvas_field(c, row, 1, MOVE - 1, STYLE_BOLD, text);
		for (int k = 0; k < p->all.said.player_count; k++) {
			float v = s->figures[k * s->legal + m];

			figure(p, k, v, figures);
			canvas_right(c, row, MOVE + COLUMN * (k + 1),
				     v >= best_of(s, k) ? STYLE_MARKED
							: STYLE_VALUE,
				     figures);
			/* No state is told by a style alone. */
			if (v >= best_of(s, k))
				canvas_glyph(c, row, MOVE + COLUMN * (k + 1),
					     STYLE_MARKED, '<');
		}
	}
}

static void draw_table(const struct said_page *p, struct canvas *c)
{
	const struct said_position *s = &p->all.said.positions[p->at];
	int row = 3;

	canvas_printf(c, 0, 1, STYLE_VALUE, "position %d of %d, ply %d",
		      p->at + 1, p->all.said.count, p->line.count);
	canvas_printf(c, 1, 1, STYLE_NORMAL,
		      "%s and %s are %.2f apart: %d of %d",
		      p->all.said.players[0], p->all.said.players[1],
		      p->all.apart[p->at], rank_of(p) + 1, p->all.said.count);
	canvas_text(c, row, 1, STYLE_LABEL, "move");
	for (int k = 0; k < p->all.said.player_count; k++)
		canvas_right(c, row, MOVE + COLUMN * (k + 1), STYLE_LABEL,
			     p->all.said.players[k]);
	draw_moves(p, s, c, ++row);
	row += s->legal + 1;
	canvas_text(c, row, 1, STYLE_LABEL, "value");
	for (int k = 0; k < p->all.said.player_count; k++) {
		char text[16];

		if (is_scores(p, k))
			figure(p, k, s->value[k], text);
		else if (isnan(s->value[k]))
			snprintf(text, sizeof(text), "-");
		else
			snprintf(text, sizeof(text), "%+.2f",
				 (double)s->value[k]);
		canvas_right(c, row, MOVE + COLUMN * (k + 1), STYLE_VALUE,
			     text);
	}
	canvas_text(c, row + 2, 1, STYLE_LABEL, "moves");
	canvas_field(c, row + 2, 7, c->width - 8, STYLE_NORMAL, s->line);
}

static void said_draw(const void *self, struct canvas *c)
{
	const struct said_page *p = self;
	int table = MOVE + COLUMN * p->all.said.player_count + 2;
	struct board b = BOARD_INIT(&p->all.game, line_state(&p->line));
	float owners[BOARD_CELLS];
	struct canvas pane;
	int wide = c->width - table;

	canvas_cursor(c, 0, 1);
	if (!p->all.said.count) {
		canvas_text(c, 1, 1, STYLE_DIM, "No position was kept.");
		return;
	}
	wide = wide > BOARD_MOST ? BOARD_MOST : wide;
	if (wide < 12)
		wide = 0;
	if (p->line.count)
		board_last(&b, line_state_at(&p->line, p->line.count - 1),
			   line_last(&p->line));
	board_view_apply(&p->view, &b, NULL, owners);
	pane = canvas_pane(c, 0, 0, c->height < 24 ? c->height : 24, wide);
	if (wide)
		board_draw(&b, &pane);
	pane = canvas_pane(c, 0, wide, c->height, c->width - wide);
	draw_table(p, &pane);
}

/* ---- keys ---- */

static enum screen_action by(void *self, const struct key_press *k)
{
	struct said_page *p = self;

	if (k->arg > 1000 || k->arg < -1000)
		stand(p, k->arg > 0 ? p->all.said.count - 1 : 0);
	else
		stand(p, p->at + k->arg);
	return SCREEN_REDRAW;
}

/* Through the ranking, and around its ends. */
static enum screen_action by_rank(void *self, const struct key_press *k)
{
	struct said_page *p = self;
	int n = p->all.said.count;

	if (n)
		stand(p, p->all.ranked[(rank_of(p) + n + k->arg) % n]);
	return SCREEN_REDRAW;
}

static enum screen_action largest(void *self, const struct key_press *k)
{
	struct said_page *p = self;

	(void)k;
	if (p->all.said.count)
		stand(p, p->all.ranked[0]);
	return SCREEN_REDRAW;
}

static enum screen_action open_position(void *self, const struct key_press *k)
{
	struct said_page *p = self;
	char *arg;

	(void)k;
	if (!p->all.said.count)
		return SCREEN_STAY;
	arg = mem_printf("%s %s", p->all.said.game,
			 *p->all.said.positions[p->at].line
				 ? p->all.said.positions[p->at].line
				 : "-");
	app_push(p->app, "position", arg);
	free(arg);
	return SCREEN_REDRAW;
}

static enum screen_action open_games(void *self, const struct key_press *k)
{
	struct said_page *p = self;
	char arg[160];

	(void)k;
	if (!p->all.run) {
		app_say(p->app, "Arm %s has no games in this lab.", p->all.arm);
		return SCREEN_REDRAW;
	}
	snprintf(arg, sizeof(arg), "run=%s", p->all.run);
	app_push(p->app, "games", arg);
	return SCREEN_REDRAW;
}

static const struct key_binding said_keys[] = {
	{"n", "next-apart", "the next one by how far the first two are apart",
	 true, .run = by_rank, .arg = 1},
	{"N", "apart-before", "the one before by that", false, .run = by_rank,
	 .arg = -1},
	{"0", "largest", "where they are furthest apart", false,
	 .run = largest},
	{"Enter", "open", "the position, to play on and analyse", true,
	 .run = open_position},
	{"v", "games", "games that the arm read, dreamed and played", true,
	 .run = open_games},
	{"Up, Left", "before", "the position before", false, .run = by,
	 .arg = -1},
	{"Down, Right", "next", "the next position", true, .run = by, .arg = 1},
	{"Home", "first", "the first position", false, .run = by, .arg = -9999},
	{"End", "last", "the last position", false, .run = by, .arg = 9999},
	BOARD_VIEW_KEYS(struct said_page, view,
			"who owns each cell by the rules' count"),
	{0},
};

const struct screen screen_said = {
	.name = "positions",
	.title = "Positions",
	.help = "Positions that a study kept, and what its players say of "
		"each.",
	.self_size = sizeof(struct said_page),
	.keys = said_keys,
	.open = said_open,
	.draw = said_draw,
	.status = said_status,
	.close = said_close,
};
