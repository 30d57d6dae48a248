/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "store/study.h"
#include "tui/canvas.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/row/words.h"
#include "tui/row/write.h"
#include "tui/widget/table.h"

const struct badge_word *badge_word(const char *verdict)
{
	static const struct badge_word words[] = {
		{"supported", 0x2713, '+', STYLE_GOOD},
		{"passed", 0x2713, '+', STYLE_GOOD},
		{"extrapolated without a learner", 0x223c, '~', STYLE_WARN},
		{"partial", 0x223c, '~', STYLE_WARN},
		{"refuted at this scale", 0x2717, 'x', STYLE_BAD},
		{"failed", 0x2717, 'x', STYLE_BAD},
		{"uninterpretable", 0x3f, '?', STYLE_WARN},
		{"not evidence", 0x00b7, '.', STYLE_DIM},
	};
	static const struct badge_word none = {"no verdict yet", 0x00b7, '.',
					       STYLE_DIM};
	static const struct badge_word other = {"", 0x3f, '?', STYLE_WARN};

	if (!verdict)
		return &none;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t n = strlen(words[i].word);

		/* Of some rungs it says of which. */
		if (!strncmp(words[i].word, verdict, n) &&
		    (!verdict[n] || !strncmp(verdict + n, " on rung", 8)))
			return &words[i];
	}
	return &other;
}

static void study_badge(const void *member, struct row_at *at, struct buf *out)
{
	const char *verdict = *(const char *const *)member;

	buf_puts(out, verdict ? verdict : "no verdict yet");
	at->style = badge_word(verdict)->style;
}

static void study_trials(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_study_state *s = row;

	buf_printf(out, "%lld/%lld", (long long)s->done, (long long)s->trials);
	if (s->failed) {
		buf_printf(out, ", %lld failed", (long long)s->failed);
		at->style = STYLE_BAD;
	}
}

static void study_gates(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_study_state *s = row;

	if (!s->gates)
		return;
	if (!s->judged) {
		buf_printf(out, "%lld to come", (long long)s->gates);
		at->style = STYLE_DIM;
		return;
	}
	buf_printf(out, "%lld/%lld", (long long)s->passed, (long long)s->gates);
	at->style = s->passed == s->gates ? STYLE_GOOD : STYLE_BAD;
}

static void study_hash(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_study_state *s = row;

	(void)at;
	buf_printf(out, "%.10s", s->study.plan_sha256);
}

#define ROW struct store_study_state

static const struct row_field fields[] = {
	ROW_FIELD("id", ROW_INT64, study.id),
	ROW_FIELD("name", ROW_TEXT, study.name, .head = "study", .width = 16,
		  .least = 10, .style = STYLE_BOLD),
	ROW_FIELD("kind", ROW_TEXT, study.kind),
	ROW_FIELD("size", ROW_TEXT, study.size),
	ROW_FIELD("question", ROW_TEXT, study.question, .width = 40,
		  .least = 10, .rank = 1, .flags = ROW_GROW | ROW_CUT),
	ROW_FIELD("metric", ROW_TEXT, study.metric),
	ROW_FIELD("thresholds", ROW_TEXT, study.thresholds),
	ROW_FIELD("frozen", ROW_TEXT, study.frozen),
	ROW_FIELD("plan_sha256", ROW_TEXT, study.plan_sha256),
	ROW_FIELD("planned_ms", ROW_DATE, study.planned_ms, .head = "planned",
		  .width = 16, .rank = TABLE_SPARE, .style = STYLE_DIM,
		  .flags = ROW_DASH),
	ROW_FIELD("verdict", ROW_TEXT, study.verdict),
	ROW_FIELD("reason", ROW_TEXT, study.reason),
	ROW_FIELD("decided_ms", ROW_DATE, study.decided_ms, .head = "decided"),
	ROW_FIELD("arms", ROW_INT64, arms),
	ROW_FIELD("trials", ROW_INT64, trials),
	ROW_FIELD("trials_done", ROW_INT64, done),
	ROW_FIELD("trials_failed", ROW_INT64, failed),
	ROW_FIELD("gates", ROW_INT64, gates),
	ROW_FIELD("gates_judged", ROW_INT64, judged),
	ROW_FIELD("gates_passed", ROW_INT64, passed),
	ROW_READ("badge", study.verdict, .text = study_badge, .width = 22,
		 .least = 14),
	ROW_MAKE("progress", .text = study_trials, .head = "trials",
		 .width = 13, .least = 7, .rank = 2, .style = STYLE_VALUE,
		 .flags = ROW_RIGHT),
	ROW_MAKE("held", .text = study_gates, .head = "gates", .width = 9,
		 .rank = 2, .flags = ROW_RIGHT),
	ROW_MAKE("hash", .text = study_hash, .head = "plan", .width = 10,
		 .rank = TABLE_SPARE + 1, .style = STYLE_DIM),
	ROW_READ("day", study.planned_ms, .text = row_write_day,
		 .title = "PLANNED"),
	{.name = NULL},
};

const struct row_kind row_study = {
	.name = "study",
	.size = sizeof(struct store_study_state),
	.fields = fields,
	.list = "name badge progress held hash day question",
	.cells = "name badge progress held question planned_ms hash",
};
