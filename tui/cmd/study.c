/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/lab/study_file.h"
#include "core/lab/study_lab.h"
#include "core/lab/study_report.h"
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

/* Bytes of an exported study, at most. */
enum { MOST_FILE = 1 << 30 };

struct study_args {
	const char *what, *name, *size, *as, *output, *rungs;
	double most;
	int seeds, first_seed, threads;
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

static const char *size_of(const struct cmd_line *line)
{
	const struct study_args *a = line->args;

	return a->size ? a->size : "desk";
}

/* --size beside a name that says the size; an exit status. */
static int other_size(const struct cmd_line *line, const char *size)
{
	const struct study_args *a = line->args;

	if (!a->size || !strcmp(a->size, size))
		return 0;
	return cmd_complain(line, CMD_USAGE,
			    "--size %s: %s is of size %s; leave --size out, or "
			    "name the study alone",
			    a->size, a->name, size);
}

/*
 * NAME is a study of the table with --size, or of the lab's rows: STUDY/SIZE,
 * or what --as called it.  A row under another name is the same plan again.
 */
static int choose(struct chosen *c)
{
	const struct study_args *a = c->line->args;
	struct store_study row;
	const char *slash, *kind = a->name;
	char *owned = NULL;
	int status = 0;

	c->settings = join_settings(c->line);
	c->want.settings = c->settings;
	c->want.seeds = a->seeds;
	c->want.first_seed = (uint64_t)a->first_seed;
	c->want.rungs = a->rungs;
	c->want.development = a->development;
	c->want.size = size_of(c->line);
	c->want.name = a->as;
	slash = strchr(a->name, '/');
	if (!store_study_find(lab_store(c->lab), &c->bag, a->name, &row)) {
		c->want.size = row.size;
		kind = row.kind;
		if (a->as)
			c->want.stored = row.plan;
		else
			c->want.name = row.name;
		status = other_size(c->line, row.size);
	} else if (slash) {
		kind = owned =
			mem_printf("%.*s", (int)(slash - a->name), a->name);
		c->want.size = slash + 1;
		status = other_size(c->line, c->want.size);
	}
	if (!status && study_find(kind, &c->want.study, &c->e))
		status = cmd_fail(c->line, &c->e);
	free(owned);
	return status;
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

/* Rows alone, whatever this program makes of them. */
static int open_rows(struct chosen *c, struct study_rows *rows)
{
	const struct study_args *a = c->line->args;
	const struct study *known;
	struct store_study row;
	struct err unknown = ERR_INIT;

	buf_init(&c->plan.text);
	if (!a->name)
		return cmd_complain(c->line, CMD_USAGE,
				    "which study? plyscope study list shows "
				    "them");
	if (lab_open(&c->lab, c->line->lab_path, LAB_ONLY_READ, &c->e))
		return cmd_fail(c->line, &c->e);
	if (!strchr(a->name, '/') &&
	    store_study_find(lab_store(c->lab), &c->bag, a->name, &row))
		c->name = mem_printf("%s/%s%s", a->name, size_of(c->line),
				     a->development ? "/tune" : "");
	else
		c->name = mem_strdup(a->name);
	if (study_rows_read(rows, lab_store(c->lab), c->name, &c->e)) {
		if (c->e.code == ERR_NOTFOUND && !strchr(a->name, '/') &&
		    !study_find(a->name, &known, &unknown))
			return cmd_complain(c->line, CMD_FAILED,
					    "%s: plyscope study run %s --size "
					    "%s plans and runs it",
					    c->e.msg, a->name,
					    size_of(c->line));
		return cmd_fail(c->line, &c->e);
	}
	return other_size(c->line, rows->study.size);
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
		buf_printf(out, "study %s %s: ", p->name,
			   is_new ? "is planned" : "was planned");
		buf_counted(out, study_plan_trials(p), "trial");
		buf_printf(out, "\nplan sha256 %s\n\n%s", p->hash,
			   p->text.data);
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
	struct chosen c = {.line = line, .want = {.only_judged = true}};
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
	int status = open_rows(&c, &rows);

	buf_init(&out);
	if (!status)
		study_show(&rows, a->json, &out);
	study_rows_release(&rows);
	return chosen_end(&c, finish(&c, &out, status));
}

static void put_export(const struct chosen *c, struct buf *out)
{
	const struct study_args *a = c->line->args;
	struct json j;

	if (!a->json) {
		buf_printf(out,
			   "%s: %s/report.md, figures.csv, "
			   "study.plyscope\n",
			   c->name, a->output);
		return;
	}
	json_init(&j, out);
	json_open(&j, '{');
	json_key(&j, "study"), json_string(&j, c->name);
	json_key(&j, "folder"), json_string(&j, a->output);
	json_close(&j, '}');
	buf_putc(out, '\n');
}

static int run_export(const struct cmd_line *line)
{
	const struct study_args *a = line->args;
	struct chosen c = {.line = line};
	struct study_rows rows = {0};
	struct buf out;
	int status;

	if (!a->output)
		return cmd_complain(line, CMD_USAGE,
				    "where to? --output FOLDER");
	status = open_rows(&c, &rows);
	buf_init(&out);
	if (!status && study_report(c.lab, &rows, (size_t)(a->most * 1e6),
				    a->output, &c.e))
		status = cmd_fail(line, &c.e);
	if (!status)
		put_export(&c, &out);
	study_rows_release(&rows);
	return chosen_end(&c, finish(&c, &out, status));
}

/* The bytes of the file; an exit status. */
static int read_file(struct chosen *c, const char *path, struct buf *out)
{
	FILE *f = fopen(path, "rb");
	int status = 0;

	if (!f || !buf_add_stream(out, f, MOST_FILE))
		status = cmd_complain(c->line, CMD_FAILED, "cannot read %s: %s",
				      path, strerror(errno));
	else if (out->len > MOST_FILE)
		status = cmd_complain(c->line, CMD_FAILED,
				      "%s is too large to be an exported study",
				      path);
	if (f)
		fclose(f);
	return status;
}

/* An exported folder has one in it.  Owned. */
static char *file_of(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode)
		       ? mem_printf("%s/study.plyscope", path)
		       : mem_strdup(path);
}

static int run_import(const struct cmd_line *line)
{
	const struct study_args *a = line->args;
	struct chosen c = {.line = line};
	struct study_rows rows = {0};
	struct buf file, name, out;
	int status = 0;
	char *path;

	if (!a->name)
		return cmd_complain(line, CMD_USAGE,
				    "which file? study export writes one");
	path = file_of(a->name);
	buf_init(&c.plan.text);
	buf_init(&file);
	buf_init(&name);
	buf_init(&out);
	status = read_file(&c, path, &file);
	if (!status &&
	    (lab_open(&c.lab, line->lab_path, LAB_CREATE, &c.e) ||
	     study_file_read(c.lab, file.data, file.len, path, a->as, &name,
			     &c.e) ||
	     study_rows_read(&rows, lab_store(c.lab), name.data, &c.e)))
		status = cmd_fail(line, &c.e);
	if (!status)
		study_show_verdict(&rows, a->json, &out);
	study_rows_release(&rows);
	buf_release(&file);
	buf_release(&name);
	free(path);
	return chosen_end(&c, finish(&c, &out, status));
}

static int run_list(const struct cmd_line *line)
{
	const struct study_args *a = line->args;

	if (a->name)
		return cmd_complain(line, CMD_USAGE,
				    "list tells all studies: plyscope study "
				    "show %s tells of one",
				    a->name);
	return study_list(line, a->json);
}

static int run_scorecard(const struct cmd_line *line)
{
	const struct study_args *a = line->args;

	if (a->name)
		return cmd_complain(line, CMD_USAGE,
				    "scorecard tells of all studies: plyscope "
				    "study show %s tells of one",
				    a->name);
	return study_scorecard(line, a->json);
}

static const struct {
	const char *name;
	int (*run)(const struct cmd_line *line);
	bool settings;
} verbs[] = {
	{"list", run_list, false},     {"plan", run_plan, true},
	{"run", run_run, true},        {"show", run_show, false},
	{"judge", run_judge, false},   {"export", run_export, false},
	{"import", run_import, false}, {"scorecard", run_scorecard, false},
};

static int run(const struct cmd_line *line)
{
	const struct study_args *a = line->args;

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (strcmp(a->what, verbs[i].name))
			continue;
		if (line->argc > 2 && !verbs[i].settings)
			return cmd_complain(line, CMD_USAGE,
					    "'%s': %s takes no settings; plan "
					    "and run do",
					    line->argv[2], a->what);
		return verbs[i].run(line);
	}
	return cmd_complain(line, CMD_USAGE,
			    "'%s' is none of list, scorecard, plan, run, show, "
			    "judge, export and import",
			    a->what);
}

#define ARGS struct study_args

static const struct cmd_option options[] = {
	CMD_ARG(1, "WHAT", what),
	CMD_ARG(2, "NAME", name),
	CMD_STRING("size", "SIZE", size, NULL,
		   "smoke, desk or overnight (desk)"),
	CMD_STRING("as", "NAME", as, NULL,
		   "what the lab calls it (STUDY/SIZE)"),
	CMD_INT("seeds", "N", seeds, 1, 1000, NULL,
		"how many seeds are planned (those of the size)"),
	CMD_INT("first-seed", "N", first_seed, 1, 1000000000, NULL,
		"the first of the seeds that are planned (1)"),
	CMD_STRING("rungs", "LIST", rungs, NULL,
		   "plan these rungs alone, such as p3 or p0,p3"),
	CMD_FLAG("development", development,
		 "plan seeds that tune: never evidence"),
	CMD_STRING("output", "FOLDER", output, NULL,
		   "export: a folder that is made"),
	CMD_DOUBLE("most", "MB", most, 0, 1000, "1",
		   "export: what a trial kept, up to this size each ({})"),
	CMD_THREADS(threads),
	CMD_FLAG("json", json, "as JSON"),
	CMD_END,
};

const struct cmd cmd_study = {
	.name = "study",
	.synopsis = "list | scorecard | plan|run|show|judge|export NAME "
		    "[key=value ...] "
		    "[--size SIZE] | import FILE",
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
