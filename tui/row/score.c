/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/lab/scorecard.h"
#include "core/study/answer.h"
#include "tui/canvas.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/row/words.h"
#include "tui/row/write.h"
#include "tui/widget/table.h"

static void score_number(const void *row, struct row_at *at, struct buf *out)
{
	const struct score_row *s = row;

	(void)at;
	if (!s->arm)
		buf_printf(out, "S%d", s->system);
}

/* A system's own line is that of its study; its arms stand below it. */
static void score_who(const void *row, struct row_at *at, struct buf *out)
{
	const struct score_row *s = row;

	buf_printf(out, "%s%s", s->arm ? "  " : "", s->arm ? s->arm : s->study);
	if (!s->arm)
		at->style = STYLE_BOLD;
}

static void score_state(const void *row, struct row_at *at, struct buf *out)
{
	const struct score_row *s = row;

	if (!s->arm) {
		buf_puts(out, s->state);
		at->style =
			s->verdict ? badge_word(s->verdict)->style : STYLE_DIM;
	} else if (strcmp(s->role, "arm")) {
		buf_puts(out, s->role);
		at->style = STYLE_DIM;
	}
}

static void score_reply(const void *member, struct row_at *at, struct buf *out)
{
	const struct score_cell *c = member;
	const struct score_row *s = at->row;

	if (!s->arm)
		return;
	score_cell_text(c, at->width, out);
	at->style = !c->estimate               ? STYLE_DIM
		    : !strcmp(c->reply, "yes") ? STYLE_GOOD
					       : STYLE_BAD;
}

static void score_cells(const void *row, struct json *j)
{
	const struct score_row *s = row;

	if (!s->arm) {
		json_null(j);
		return;
	}
	json_open(j, '{');
	for (int q = 0; q < STUDY_QUESTIONS; q++) {
		const struct score_cell *c = &s->cells[q];

		json_key(j, study_question_word((enum study_question)q));
		json_open(j, '{');
		json_key(j, "reply"), json_string(j, c->reply);
		json_key(j, "estimate"), json_string(j, c->estimate);
		json_key(j, "value"), json_double(j, c->value);
		json_key(j, "low"), json_double(j, c->low);
		json_key(j, "high"), json_double(j, c->high);
		json_key(j, "bound"), json_double(j, c->bound);
		json_close(j, '}');
	}
	json_close(j, '}');
}

#define ROW struct score_row

static const struct row_field fields[] = {
	ROW_FIELD("system", ROW_INT, system),
	ROW_FIELD("study", ROW_TEXT, study),
	ROW_FIELD("title", ROW_TEXT, title),
	ROW_FIELD("name", ROW_TEXT, name),
	ROW_FIELD("arm", ROW_TEXT, arm),
	ROW_FIELD("role", ROW_TEXT, role),
	ROW_FIELD("state", ROW_TEXT, state),
	ROW_FIELD("verdict", ROW_TEXT, verdict),
	ROW_FIELD("reason", ROW_TEXT, reason),
	ROW_FIELD("decided_ms", ROW_DATE, decided_ms),
	ROW_MAKE("answers", .json = score_cells),
	ROW_MAKE("number", .text = score_number, .head = "", .width = 3,
		 .flags = ROW_BLANK, .style = STYLE_LABEL),
	ROW_MAKE("who", .text = score_who, .head = "study and arm",
		 .title = "STUDY", .width = 22, .least = 16, .flags = ROW_GROW),
	ROW_MAKE("badge", .text = score_state, .head = "verdict", .width = 30,
		 .flags = ROW_BLANK, .least = 15),
	ROW_READ("day", decided_ms, .text = row_write_day, .head = "decided",
		 .title = "DECIDED", .width = 10, .rank = 1, .style = STYLE_DIM,
		 .flags = ROW_BLANK),
	ROW_READ("now", cells[STUDY_NOW], .text = score_reply, .width = 28,
		 .least = 9, .flags = ROW_BLANK),
	ROW_READ("improves", cells[STUDY_GROWS], .text = score_reply,
		 .width = 28, .least = 9, .flags = ROW_BLANK),
	ROW_READ("elsewhere", cells[STUDY_ELSEWHERE], .text = score_reply,
		 .width = 28, .least = 9, .flags = ROW_BLANK),
	{.name = NULL},
};

const struct row_kind row_score = {
	.name = "score",
	.size = sizeof(struct score_row),
	.fields = fields,
	.list = "number who badge day now improves elsewhere",
	.cells = "number who badge day now improves elsewhere",
};
