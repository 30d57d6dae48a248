/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/study_show.h"

#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/lab/lab.h"
#include "core/lab/scorecard.h"
#include "core/lab/study_rows.h"
#include "core/study/answer.h"
#include "core/study/study.h"
#include "store/store.h"
#include "store/study.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/rows.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/row/words.h"

struct listing {
	const struct cmd_line *line;
	struct lab *lab; /* NULL: there is none */
	struct store_bag bag;
	struct store_study *rows;
	size_t count;
	bool as_json;
	struct json j;
	struct buf out;
	struct err e;
};

static int list_row(struct listing *l, const struct store_study *row)
{
	struct study_rows rows;
	struct buf state;
	struct json *j = &l->j;

	if (study_rows_read(&rows, lab_store(l->lab), row->name, &l->e)) {
		study_rows_release(&rows);
		return cmd_fail(l->line, &l->e);
	}
	buf_init(&state);
	study_show_state(&rows, &state);
	if (l->as_json) {
		json_open(j, '{');
		json_key(j, "name"), json_string(j, row->name);
		json_key(j, "size"), json_string(j, row->size);
		json_key(j, "plan_sha256"), json_string(j, row->plan_sha256);
		json_key(j, "trials_done"), json_int(j, rows.done);
		json_key(j, "trials_planned");
		json_int(j, (int64_t)rows.trial_count);
		json_key(j, "at_work"), json_bool(j, rows.at_work);
		json_key(j, "verdict"), json_string(j, row->verdict);
		json_key(j, "reason"), json_string(j, row->reason);
		json_key(j, "decided_ms");
		if (row->decided_ms)
			json_int(j, row->decided_ms);
		else
			json_null(j);
		json_close(j, '}');
	} else {
		buf_printf(&l->out, "    %-24s %s", row->name, state.data);
		if (row->decided_ms) {
			buf_puts(&l->out, ", ");
			day_text(row->decided_ms, &l->out);
		}
		buf_putc(&l->out, '\n');
	}
	buf_release(&state);
	study_rows_release(&rows);
	return 0;
}

static bool is_known(const char *kind)
{
	for (const struct study *const *s = study_table; *s; s++)
		if (!strcmp((*s)->name, kind))
			return true;
	return false;
}

/* `kind` NULL: rows of studies that this program does not have. */
static int list_rows(struct listing *l, const char *kind)
{
	int status = 0;

	for (size_t i = 0; i < l->count && !status; i++)
		if (kind ? !strcmp(l->rows[i].kind, kind)
			 : !is_known(l->rows[i].kind))
			status = list_row(l, &l->rows[i]);
	return status;
}

/* `system` NULL: none of the debate's; `kind` NULL: of no study here. */
static int list_study(struct listing *l, const struct study_system *system,
		      const char *kind, const char *question)
{
	struct json *j = &l->j;
	const char *name = kind ? kind : system ? system->study : "others";
	int status;

	if (!l->as_json) {
		if (system)
			buf_printf(&l->out, "S%d ", system->number);
		buf_printf(&l->out, "%s: %s\n", name, question);
		return !kind && system ? 0 : list_rows(l, kind);
	}
	json_open(j, '{');
	json_key(j, "study");
	json_string(j, kind || system ? name : NULL);
	json_key(j, "built"), json_bool(j, kind != NULL);
	json_key(j, "system");
	if (system)
		json_int(j, system->number);
	else
		json_null(j);
	json_key(j, "question"), json_string(j, kind ? question : NULL);
	json_key(j, "rows");
	json_open(j, '[');
	status = !kind && system ? 0 : list_rows(l, kind);
	json_close(j, ']');
	json_close(j, '}');
	return status;
}

/* The systems of the debate in their order, then what else there is. */
static int list_known(struct listing *l)
{
	int status = 0;

	for (const struct study_system *x = study_systems; x->number && !status;
	     x++) {
		const struct study *s = study_of_system(x);

		status = s ? list_study(l, x, s->name, s->question)
			   : list_study(l, x, NULL, "not built yet");
	}
	for (const struct study *const *s = study_table; *s && !status; s++)
		if (!study_system_of((*s)->name))
			status =
				list_study(l, NULL, (*s)->name, (*s)->question);
	return status;
}

static int open_lab(struct listing *l)
{
	/* Without a lab there are still studies to choose from. */
	if (access(l->line->lab_path, F_OK))
		return 0;
	if (lab_open(&l->lab, l->line->lab_path, LAB_ONLY_READ, &l->e) ||
	    lab_error(lab_store(l->lab),
		      store_study_list(lab_store(l->lab), &l->bag, &l->rows,
				       &l->count),
		      &l->e))
		return cmd_fail(l->line, &l->e);
	return 0;
}

int study_list(const struct cmd_line *line, bool json)
{
	struct listing l = {.line = line, .as_json = json};
	int status = open_lab(&l);
	bool others = false;

	buf_init(&l.out);
	json_init(&l.j, &l.out);
	if (json)
		json_open(&l.j, '[');
	if (!status)
		status = list_known(&l);
	for (size_t i = 0; i < l.count; i++)
		others = others || !is_known(l.rows[i].kind);
	if (others && !status)
		status = list_study(&l, NULL, NULL,
				    "of another program's table");
	if (json) {
		json_close(&l.j, ']');
		buf_putc(&l.out, '\n');
	}
	if (status)
		buf_release(&l.out);
	else
		status = cmd_finish(line, &l.out);
	store_bag_release(&l.bag);
	lab_close(l.lab);
	return status;
}

static void put_card(const struct scorecard *card, bool json, struct buf *out)
{
	struct rows_table t;
	struct json j;

	if (json) {
		json_init(&j, out);
		json_open(&j, '[');
		for (size_t i = 0; i < card->count; i++)
			row_json(&row_score, &card->rows[i], ROW_ONLY_LIST, &j);
		json_close(&j, ']');
		buf_putc(out, '\n');
		return;
	}
	rows_table_init(&t, &row_score);
	for (size_t i = 0; i < card->count; i++)
		rows_table_add(&t, &card->rows[i]);
	rows_table_write(&t, out);
	rows_table_release(&t);
}

int study_scorecard(const struct cmd_line *line, bool json)
{
	struct listing l = {.line = line, .as_json = json};
	struct scorecard card;
	int status = open_lab(&l);
	struct buf out;

	buf_init(&out);
	if (!status && scorecard_read(&card, l.lab ? lab_store(l.lab) : NULL,
				      &l.bag, &l.e))
		status = cmd_fail(line, &l.e);
	if (!status) {
		put_card(&card, json, &out);
		status = cmd_finish(line, &out);
	} else {
		buf_release(&out);
	}
	store_bag_release(&l.bag);
	lab_close(l.lab);
	return status;
}
