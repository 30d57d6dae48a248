/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/lab/study_lab.h"
#include "core/lab/study_rows.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/verdict.h"
#include "store/store.h"
#include "store/study.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/study_show.h"
#include "tui/cmd/table.h"
#include "tui/cmd/work.h"

struct study_args {
	const char *what, *name, *size, *as;
	int seeds, threads;
	bool development, json;
};

/* A study that was named, and what belongs to it. */
struct chosen {
	const struct cmd_line *line;
	struct lab *lab;
	struct study_request want;
	char *name, *size, *settings; /* owned */
	struct store_bag bag;
	struct store_study row; /* id 0: not planned yet */
	struct study_plan plan;
	struct err e;
};

static int chosen_end(struct chosen *c, int status)
{
	study_plan_release(&c->plan);
	store_bag_release(&c->bag);
	lab_close(c->lab);
	free(c->name);
	free(c->size);
	free(c->settings);
	return status;
}

static int finish(struct chosen *c, struct buf *out, int status)
{
	if (status) {
		buf_release(out);
		return status;
	}
	return cmd_finish(c->line, out);
}

/* key=value ... as one list. */
static char *join_settings(const struct cmd_line *line)
{
	struct buf all;
	char *text;

	if (line->argc < 3)
		return NULL;
	buf_init(&all);
	for (int i = 2; i < line->argc; i++)
		buf_printf(&all, "%s%s", i > 2 ? "," : "", line->argv[i]);
	text = buf_detach(&all, NULL);
	buf_release(&all);
	return text;
}

/*
 * NAME is a study of the table with --size, or of the lab's rows: STUDY/SIZE,
 * or what --as called it.
 */
static int choose(struct chosen *c)
{
	const struct study_args *a = c->line->args;
	struct store_study row;
	const char *slash, *kind = a->name;
	char *owned = NULL;
	enum err_code rc;

	c->settings = join_settings(c->line);
	c->want.settings = c->settings;
	c->want.seeds = a->seeds;
	c->want.development = a->development;
	c->want.size = a->size;
	c->want.name = a->as;
	slash = strchr(a->name, '/');
	if (!store_study_find(lab_store(c->lab), &c->bag, a->name, &row)) {
		c->want.name = row.name;
		c->want.size = row.size;
		kind = row.kind;
	} else if (slash) {
		kind = owned =
			mem_printf("%.*s", (int)(slash - a->name), a->name);
		c->want.size = slash + 1;
	}
	rc = study_find(kind, &c->want.study, &c->e);
	free(owned);
	return rc ? cmd_fail(c->line, &c->e) : 0;
}

/* The lab, the study, and its plan as it is or would be. */
static int open_chosen(struct chosen *c, enum lab_flags flags)
{
	const struct study_args *a = c->line->args;
	int status;

	buf_init(&c->plan.text);
	if (!a->name)
		return cmd_complain(c->line, CMD_USAGE,
				    "which study? plyscope study list shows "
				    "them");
	if (lab_open(&c->lab, c->line->lab_path, flags, &c->e))
		return cmd_fail(c->line, &c->e);
	status = choose(c);
	if (!status &&
	    study_lab_plan(c->lab, &c->want, &c->plan, &c->bag, &c->row, &c->e))
		status = cmd_fail(c->line, &c->e);
	return status;
}

static int need_row(struct chosen *c)
{
	if (c->row.id)
		return 0;
	return cmd_complain(c->line, CMD_FAILED,
			    "%s has no study %s: plyscope study run %s --size "
			    "%s plans and runs it",
			    c->line->lab_path, c->plan.name,
			    c->want.study->name, c->want.size);
}

static int write_plan(struct chosen *c)
{
	if (!c->row.id && study_lab_write(c->lab, &c->plan, &c->row.id, &c->e))
		return cmd_fail(c->line, &c->e);
	return 0;
}

static void put_plan(struct chosen *c, bool is_new, struct buf *out)
{
	const struct study_args *a = c->line->args;
	const struct study_plan *p = &c->plan;
	struct json j;

	if (!a->json) {
		buf_printf(out, "study %s %s: %d trials\nplan sha256 %s\n\n%s",
			   p->name, is_new ? "is planned" : "was planned",
			   study_plan_trials(p), p->hash, p->text.data);
		return;
	}
	json_init(&j, out);
	json_open(&j, '{');
	json_key(&j, "study"), json_string(&j, p->name);
	json_key(&j, "new"), json_bool(&j, is_new);
	json_key(&j, "trials"), json_int(&j, study_plan_trials(p));
	json_key(&j, "plan_sha256"), json_string(&j, p->hash);
	json_key(&j, "plan"), json_string(&j, p->text.data);
	json_close(&j, '}');
	buf_putc(out, '\n');
}

static int run_plan(const struct cmd_line *line)
{
	struct chosen c = {.line = line};
	struct buf out;
	bool is_new;
	int status = open_chosen(&c, LAB_CREATE);

	is_new = !c.row.id;
	if (!status)
		status = write_plan(&c);
	buf_init(&out);
	if (!status)
		put_plan(&c, is_new, &out);
	return chosen_end(&c, finish(&c, &out, status));
}

/* Judged, and printed as the lab has it now. */
static int judge(struct chosen *c)
{
	const struct study_args *a = c->line->args;
	struct study_judgement j;
	struct study_rows rows = {0};
	struct buf out;
	int status = 0;

	buf_init(&out);
	if (study_lab_judge(c->lab, &c->plan, true, &j, &c->e) ||
	    study_rows_read(&rows, lab_store(c->lab), c->plan.name, &c->e))
		status = cmd_fail(c->line, &c->e);
	else
		study_show_verdict(&rows, a->json, &out);
	study_judgement_release(&j);
	study_rows_release(&rows);
	return finish(c, &out, status);
}

static int run_judge(const struct cmd_line *line)
{
	struct chosen c = {.line = line};
	int status = open_chosen(&c, 0);

	if (!status)
		status = need_row(&c);
	return chosen_end(&c, status ? status : judge(&c));
}

static int do_trials(struct chosen *c)
{
	const struct study_args *a = c->line->args;
	char *command = work_command(c->line);
	struct study_work work = {
		.plan = &c->plan,
		.study_id = c->row.id,
		.threads = a->threads,
		.command = command,
		.interrupt = work_interrupt(),
		.report = work_report,
	};
	enum err_code rc = study_lab_run(c->lab, &work, &c->e);
	int status = 0;

	cmd_progress_end();
	if (rc == ERR_CANCELLED)
		status = cmd_complain(c->line, CMD_FAILED,
				      "stopped after %d of %d trials: the same "
				      "command goes on",
				      work.done, work.total);
	else if (rc)
		status = cmd_fail(c->line, &c->e);
	free(command);
	return status;
}

/* What is left to decide was decided in the plan: the verdict follows. */
static int run_run(const struct cmd_line *line)
{
	struct chosen c = {.line = line};
	int status = open_chosen(&c, LAB_CREATE);

	/* Said before the plan is written. */
	if (!status && study_plan_fits(&c.plan, mem_available(), &c.e))
		status = cmd_fail(line, &c.e);
	if (!status)
		status = write_plan(&c);
	if (!status)
		status = do_trials(&c);
	return chosen_end(&c, status ? status : judge(&c));
}

static int run_show(const struct cmd_line *line)
{
	const struct study_args *a = line->args;
	struct chosen c = {.line = line};
	struct study_rows rows = {0};
	struct buf out;
	int status = open_chosen(&c, LAB_ONLY_READ);

	buf_init(&out);
	if (!status)
		status = need_row(&c);
	if (!status &&
	    study_rows_read(&rows, lab_store(c.lab), c.plan.name, &c.e))
		status = cmd_fail(line, &c.e);
	if (!status)
		study_show(&rows, a->json, &out);
	study_rows_release(&rows);
	return chosen_end(&c, finish(&c, &out, status));
}

/* --- list ---------------------------------------------------------------- */

static int list_row(struct chosen *c, const struct store_study *row,
		    struct json *j, struct buf *out)
{
	const struct study_args *a = c->line->args;
	struct study_rows rows;
	struct buf state;

	if (study_rows_read(&rows, lab_store(c->lab), row->name, &c->e)) {
		study_rows_release(&rows);
		return cmd_fail(c->line, &c->e);
	}
	buf_init(&state);
	study_show_state(&rows, &state);
	if (a->json) {
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
		buf_printf(out, "    %-24s %s\n", row->name, state.data);
	}
	buf_release(&state);
	study_rows_release(&rows);
	return 0;
}

static int list_rows(struct chosen *c, const char *kind, struct json *j,
		     struct buf *out)
{
	struct store_study *rows;
	size_t count;
	int status = 0;

	if (!c->lab)
		return 0;
	if (lab_error(
		    lab_store(c->lab),
		    store_study_list(lab_store(c->lab), &c->bag, &rows, &count),
		    &c->e))
		return cmd_fail(c->line, &c->e);
	for (size_t i = 0; i < count && !status; i++)
		if (!strcmp(rows[i].kind, kind))
			status = list_row(c, &rows[i], j, out);
	return status;
}

static int list_study(struct chosen *c, const struct study *s, struct json *j,
		      struct buf *out)
{
	const struct study_args *a = c->line->args;
	int status;

	if (!a->json) {
		buf_printf(out, "%s: %s\n", s->name, s->question);
		return list_rows(c, s->name, j, out);
	}
	json_open(j, '{');
	json_key(j, "study"), json_string(j, s->name);
	json_key(j, "question"), json_string(j, s->question);
	json_key(j, "rows");
	json_open(j, '[');
	status = list_rows(c, s->name, j, out);
	json_close(j, ']');
	json_close(j, '}');
	return status;
}

static int run_list(const struct cmd_line *line)
{
	const struct study_args *a = line->args;
	struct chosen c = {.line = line};
	struct json j;
	struct buf out;
	int status = 0;

	buf_init(&c.plan.text);
	buf_init(&out);
	json_init(&j, &out);
	/* Without a lab there are still studies to choose from. */
	if (!access(line->lab_path, F_OK) &&
	    lab_open(&c.lab, line->lab_path, LAB_ONLY_READ, &c.e))
		status = cmd_fail(line, &c.e);
	if (a->json)
		json_open(&j, '[');
	for (const struct study *const *s = study_table; *s && !status; s++)
		status = list_study(&c, *s, &j, &out);
	if (a->json) {
		json_close(&j, ']');
		buf_putc(&out, '\n');
	}
	return chosen_end(&c, finish(&c, &out, status));
}

static const struct {
	const char *name;
	int (*run)(const struct cmd_line *line);
} verbs[] = {
	{"list", run_list}, {"plan", run_plan},   {"run", run_run},
	{"show", run_show}, {"judge", run_judge},
};

static int run(const struct cmd_line *line)
{
	const struct study_args *a = line->args;

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (!strcmp(a->what, verbs[i].name))
			return verbs[i].run(line);
	return cmd_complain(line, CMD_USAGE,
			    "'%s' is none of list, plan, run, show and judge",
			    a->what);
}

#define ARGS struct study_args

static const struct cmd_option options[] = {
	CMD_ARG(1, "WHAT", what),
	CMD_ARG(2, "NAME", name),
	CMD_STRING("size", "SIZE", size, "desk",
		   "smoke, desk or overnight ({})"),
	CMD_STRING("as", "NAME", as, NULL,
		   "what the lab calls it (STUDY/SIZE)"),
	CMD_INT("seeds", "N", seeds, 1, 1000, NULL,
		"how many seeds are planned (those of the size)"),
	CMD_FLAG("development", development,
		 "plan seeds that tune: never evidence"),
	CMD_THREADS(threads),
	CMD_FLAG("json", json, "as JSON"),
	CMD_END,
};

const struct cmd cmd_study = {
	.name = "study",
	.synopsis = "list | plan|run|show|judge NAME [key=value ...] "
		    "[--size SIZE] [--json]",
	.summary = "plan, run and judge an experiment",
	.details = "A plan is written before anything runs and never changes: "
		   "question, arms, gates,\nthresholds, settings and seeds, "
		   "known by a hash.  run plans what is not planned, does\n"
		   "the trials that are not done and judges; stopped or "
		   "killed, it goes on where it was.\nNAME is a study, or "
		   "STUDY/SIZE as the lab has it.",
	.options = options,
	.args_size = sizeof(struct study_args),
	.min_args = 1,
	.max_args = -1,
	.lab = true,
	.run = run,
};
