/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/lab.h"
#include "store/study.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/row/kinds.h"
#include "tui/row/words.h"
#include "tui/screen.h"
#include "tui/screen/labelled.h"
#include "tui/screen/list.h"
#include "tui/screen/screens.h"
#include "tui/widget/table.h"

/* The questions that were asked of this lab, what came of each, and of the
 * selected one all that fits: its question, its verdict and why. */
enum { ROOMY = 16, DETAIL_ROWS = 9 };

struct studies {
	struct list list;
	struct store_study_state *rows; /* in the list's bag */
};

static enum err_code studies_read(void *self, size_t *count, struct err *e)
{
	struct studies *s = self;

	return lab_error(s->list.store,
			 store_study_states(s->list.store, &s->list.bag,
					    &s->rows, count),
			 e);
}

static int64_t studies_id(const void *self, int row)
{
	const struct studies *s = self;

	return s->rows[row].study.id;
}

static const void *studies_row(const void *self, int row)
{
	const struct studies *s = self;

	return &s->rows[row];
}

static void studies_status(const void *self, struct buf *out)
{
	const struct studies *s = self;

	buf_printf(out, "%d", s->list.table.row_count);
}

static const struct store_study_state *selected(const struct studies *s)
{
	return s->list.table.row_count ? &s->rows[s->list.table.selected]
				       : NULL;
}

static void draw_detail(const struct store_study_state *x, struct canvas *c)
{
	const struct store_study *s = &x->study;
	const struct badge_word *b = badge_word(s->verdict);
	int row = 0, col;

	row += labelled_draw(c, row, "question", STYLE_BOLD, s->question);
	canvas_text(c, row, 1, STYLE_LABEL, "verdict");
	canvas_glyph_or(c, row, 11, b->style, b->glyph, b->plain);
	col = canvas_text(c, row, 13, b->style,
			  s->verdict ? s->verdict : b->word);
	if (!s->verdict)
		canvas_printf(c, row, col, STYLE_DIM,
			      ": %lld of %lld trials are done",
			      (long long)x->done, (long long)x->trials);
	row++;
	row += labelled_draw(c, row, "why", STYLE_NORMAL, s->reason);
	labelled_draw(c, row, "measured", STYLE_DIM, s->metric);
}

static void studies_draw(const void *self, struct canvas *c)
{
	const struct studies *s = self;
	const struct store_study_state *x = selected(s);
	int rows = c->height, least = s->list.table.row_count + 2;
	struct canvas list, detail;

	if (x && c->height >= ROOMY) {
		rows -= DETAIL_ROWS;
		/* A short list leaves the rest to its selected study. */
		if (rows > least && c->height - least > DETAIL_ROWS)
			rows = least;
	}
	list = canvas_pane(c, 0, 0, rows, c->width);
	list_draw(self, &list);
	if (rows == c->height)
		return;
	for (int i = 0; i < c->width; i++)
		canvas_glyph(c, rows, i, STYLE_BORDER, 0x2500);
	detail = canvas_pane(c, rows + 1, 0, c->height - rows - 1, c->width);
	draw_detail(x, &detail);
}

static enum screen_action open_study(void *self, const struct key_press *k)
{
	struct studies *s = self;
	const struct store_study_state *x = selected(s);

	(void)k;
	if (!x)
		return SCREEN_STAY;
	app_push(s->list.app, "study", x->study.name);
	return SCREEN_REDRAW;
}

static enum screen_action open_scorecard(void *self, const struct key_press *k)
{
	struct studies *s = self;

	(void)k;
	app_push(s->list.app, "scorecard", "");
	return SCREEN_REDRAW;
}

static const struct key_binding studies_keys[] = {
	{"Enter", "open", "its verdict, gates, curves and arms", true,
	 .run = open_study},
	{"c", "scorecard", "the debate's systems, three questions to each arm",
	 true, .run = open_scorecard},
	LIST_FIND_KEY,
	{KEYS_OF(struct studies, list.table, table_keys)},
	{0},
};

static const struct list_kind studies_kind = {
	.rows = &row_study,
	.empty = "No study was planned on this lab: `plyscope study list` "
		 "shows those there are.",
	.open = open_study,
	.read = studies_read,
	.id = studies_id,
	.row = studies_row,
};

static enum err_code studies_open(void *self, struct app *app, const char *arg,
				  struct err *e)
{
	struct studies *s = self;

	(void)arg;
	return list_open(&s->list, app, &studies_kind, e);
}

const struct screen screen_studies = {
	.name = "studies",
	.title = "Studies",
	.help = "The questions asked of this lab, and what came of each.",
	.self_size = sizeof(struct studies),
	.keys = studies_keys,
	.open = studies_open,
	.draw = studies_draw,
	.mouse = list_mouse,
	.tick = list_tick,
	.resume = list_resume,
	.status = studies_status,
	.close = list_close,
};
