/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/scorecard.h"
#include "core/study/answer.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/row/kinds.h"
#include "tui/row/words.h"
#include "tui/screen.h"
#include "tui/screen/labelled.h"
#include "tui/screen/list.h"
#include "tui/screen/screens.h"
#include "tui/widget/table.h"

/* The systems of the debate with their verdicts, every arm with three answers,
 * and of the selected line the figures behind it. */
enum { ROOMY = 16, DETAIL_ROWS = 8 };

struct scores {
	struct list list;
	struct scorecard card; /* in the list's bag */
};

static enum err_code scores_read(void *self, size_t *count, struct err *e)
{
	struct scores *s = self;
	enum err_code rc =
		scorecard_read(&s->card, s->list.store, &s->list.bag, e);

	*count = rc ? 0 : s->card.count;
	return rc;
}

static int64_t scores_id(const void *self, int row)
{
	const struct scores *s = self;

	return s->card.rows[row].id;
}

static const void *scores_row(const void *self, int row)
{
	const struct scores *s = self;

	return &s->card.rows[row];
}

static const struct score_row *selected(const struct scores *s)
{
	return s->list.table.row_count ? &s->card.rows[s->list.table.selected]
				       : NULL;
}

static void scores_status(const void *self, struct buf *out)
{
	const struct scores *s = self;
	int decided = 0, systems = 0;

	for (size_t i = 0; i < s->card.count; i++) {
		systems += !s->card.rows[i].arm;
		decided += s->card.rows[i].verdict != NULL;
	}
	buf_printf(out, "%d systems, %d with a verdict", systems, decided);
}

/* An answer, and what it rests on. */
static int draw_answer(struct canvas *c, int row, enum study_question q,
		       const struct score_cell *cell)
{
	struct buf text;
	int rows;

	buf_init(&text);
	buf_printf(&text, "%s  ", study_question_text(q));
	score_cell_text(cell, 0, &text);
	if (cell->estimate)
		buf_printf(&text, ": %s, %s; yes from %.3g on", cell->estimate,
			   cell->what, cell->bound);
	rows = labelled_draw(c, row, study_question_word(q),
			     cell->estimate ? STYLE_NORMAL : STYLE_DIM,
			     text.data);
	buf_release(&text);
	return rows;
}

static void draw_detail(const struct score_row *x, struct canvas *c)
{
	struct buf head;
	int row = 0;

	buf_init(&head);
	if (!x->arm) {
		buf_printf(&head, "S%d, %s: %s", x->system, x->study, x->title);
		row += labelled_draw(c, row, "system", STYLE_BOLD, head.data);
		row += labelled_draw(c, row, "verdict",
				     x->verdict ? badge_word(x->verdict)->style
						: STYLE_DIM,
				     x->state);
		row += labelled_draw(c, row, "study", STYLE_NORMAL, x->name);
		labelled_draw(c, row, "why", STYLE_NORMAL, x->reason);
	} else {
		buf_printf(&head, "%s of %s, %s", x->arm, x->name, x->role);
		row += labelled_draw(c, row, "arm", STYLE_BOLD, head.data);
		for (int q = 0; q < STUDY_QUESTIONS; q++)
			row += draw_answer(c, row, (enum study_question)q,
					   &x->cells[q]);
	}
	buf_release(&head);
}

static void scores_draw(const void *self, struct canvas *c)
{
	const struct scores *s = self;
	const struct score_row *x = selected(s);
	int rows = c->height;
	struct canvas list, detail;

	if (x && c->height >= ROOMY)
		rows -= DETAIL_ROWS;
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
	struct scores *s = self;
	const struct score_row *x = selected(s);

	(void)k;
	if (!x || !x->name)
		return SCREEN_STAY;
	app_push(s->list.app, "study", x->name);
	return SCREEN_REDRAW;
}

/* The next system, or the one before. */
static enum screen_action system_by(void *self, const struct key_press *k)
{
	struct scores *s = self;
	struct table *t = &s->list.table;
	int step = k->arg, row = t->selected + step;

	while (row >= 0 && row < t->row_count && s->card.rows[row].arm)
		row += step;
	if (row < 0 || row >= t->row_count)
		return SCREEN_STAY;
	t->selected = row;
	return SCREEN_REDRAW;
}

static const struct key_binding scores_keys[] = {
	{"Enter", "open", "its study: verdict, gates, curves", true,
	 .run = open_study},
	{"]", "next-system", "the next system", true, .run = system_by,
	 .arg = 1},
	{"[", "system-before", "the system before", true, .run = system_by,
	 .arg = -1},
	LIST_FIND_KEY,
	{KEYS_OF(struct scores, list.table, table_keys)},
	{0},
};

static const struct list_kind scores_kind = {
	.rows = &row_score,
	.empty = "",
	.open = open_study,
	.read = scores_read,
	.id = scores_id,
	.row = scores_row,
};

static enum err_code scores_open(void *self, struct app *app, const char *arg,
				 struct err *e)
{
	struct scores *s = self;

	(void)arg;
	return list_open(&s->list, app, &scores_kind, e);
}

const struct screen screen_scorecard = {
	.name = "scorecard",
	.title = "Scorecard",
	.help = "The systems of the debate, and three questions to every arm.",
	.self_size = sizeof(struct scores),
	.keys = scores_keys,
	.open = scores_open,
	.draw = scores_draw,
	.mouse = list_mouse,
	.tick = list_tick,
	.resume = list_resume,
	.status = scores_status,
	.close = list_close,
};
