/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/study_show.h"

#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/lab/lab.h"
#include "core/lab/study_rows.h"
#include "core/study/study.h"
#include "store/store.h"
#include "store/study.h"
#include "tui/cmd/cmd.h"

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
		json_close(j, '}');
	} else {
		buf_printf(&l->out, "    %-24s %s\n", row->name, state.data);
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

static int list_study(struct listing *l, const char *name, const char *kind,
		      const char *question)
{
	struct json *j = &l->j;
	int status;

	if (!l->as_json) {
		buf_printf(&l->out, "%s: %s\n", name, question);
		return list_rows(l, kind);
	}
	json_open(j, '{');
	json_key(j, "study"), json_string(j, kind);
	json_key(j, "question"), json_string(j, kind ? question : NULL);
	json_key(j, "rows");
	json_open(j, '[');
	status = list_rows(l, kind);
	json_close(j, ']');
	json_close(j, '}');
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
	for (const struct study *const *s = study_table; *s && !status; s++)
		status = list_study(&l, (*s)->name, (*s)->name, (*s)->question);
	for (size_t i = 0; i < l.count; i++)
		others = others || !is_known(l.rows[i].kind);
	if (others && !status)
		status = list_study(&l, "others", NULL,
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
