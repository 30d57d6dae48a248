/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/serial_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/agent/page.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/lab/lab.h"
#include "core/lab/serial_pages.h"
#include "core/net/tokens.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/grid.h"
#include "tui/cmd/option.h"
#include "tui/cmd/table.h"
#include "tui/cmd/work.h"

struct serial_args {
	const char *run, *resume, *pages;
	int64_t backups, seed;
	double minutes;
	int threads;
	bool take_over, json;
};

static int take_options(const struct cmd_line *line, struct serial_options *o)
{
	const struct serial_args *a = line->args;
	struct work_asked asked;
	int status = work_ask(line, a->run, a->resume, &asked);

	if (status)
		return status;
	o->run = asked.run;
	o->game = asked.game;
	o->settings = asked.settings;
	o->setting_count = asked.setting_count;
	o->must_exist = asked.must_exist;
	o->backups = a->backups;
	o->minutes = a->minutes;
	o->has_seed = cmd_given(line, "seed");
	o->seed = (uint64_t)a->seed;
	o->take_over = a->take_over;
	o->threads = a->threads;
	return 0;
}

static int report(const struct cmd_line *line, const char *run,
		  const struct serial_outcome *o)
{
	const struct serial_args *a = line->args;
	struct buf out;
	struct json j;

	buf_init(&out);
	if (a->json) {
		json_init(&j, &out);
		json_open(&j, '{');
		json_key(&j, "run"), json_string(&j, run);
		json_key(&j, "step"), json_int(&j, o->step);
		json_key(&j, "boards"), json_int(&j, o->backups);
		json_key(&j, "games"), json_int(&j, o->games);
		json_key(&j, "sha256"), json_string(&j, o->sha256);
		json_key(&j, "stopped"), json_bool(&j, o->stopped);
		json_key(&j, "seconds"), json_double(&j, o->seconds);
		json_close(&j, '}');
		buf_putc(&out, '\n');
	} else {
		buf_printf(&out,
			   "%s %s: %lld boards, %lld games, checkpoint "
			   "%s/%lld, %.0f s\nsha256 %s\n",
			   run, o->stopped ? "stopped" : "done",
			   (long long)o->backups, (long long)o->games, run,
			   (long long)o->step, o->seconds, o->sha256);
	}
	return cmd_finish(line, &out);
}

/* --- pages --------------------------------------------------------------- */

static void words_text(const struct page *p, const struct page_backup *b,
		       struct buf *out)
{
	for (int i = b->first; i < b->first + b->count; i++) {
		char text[PAGE_TEXT];

		page_word_text(p, b->state, p->words[i].word, text);
		buf_printf(out, "%s%s", i > b->first ? " " : "", text);
	}
}

static void print_values(const struct page *p, const struct page_backup *b,
			 struct buf *out)
{
	static const struct grid_column columns[] = {
		{"MOVE", false, false},  {"FIRST", true, false},
		{"BETTER", true, false}, {"LEARNED", true, false},
		{NULL, false, false},
	};
	struct grid g;

	grid_init(&g, columns);
	for (int m = 0; m <= p->form.moves; m++) {
		char text[PAGE_TEXT] = "board";

		if (isnan(b->better[m]))
			continue;
		if (m < p->form.moves)
			page_word_text(p, b->state, token_move(m), text);
		grid_add(&g, "%s", text);
		grid_add(&g, "%+.3f", (double)b->before[m]);
		grid_add(&g, "%+.3f", (double)b->better[m]);
		grid_add(&g, "%+.3f", (double)b->later[m]);
	}
	grid_write(&g, grid_width(), out);
	grid_release(&g);
}

static void json_values(struct json *j, const char *key, const struct page *p,
			const float *value)
{
	json_key(j, key);
	json_open(j, '[');
	for (int m = 0; m <= p->form.moves; m++)
		json_double(j, (double)value[m]);
	json_close(j, ']');
}

static void json_backup(struct json *j, int64_t step, const struct page *p,
			const struct page_backup *b)
{
	struct buf words;

	buf_init(&words);
	words_text(p, b, &words);
	json_open(j, '{');
	json_key(j, "step"), json_int(j, step);
	json_key(j, "words"), json_string(j, words.data);
	json_values(j, "first", p, b->before);
	json_values(j, "better", p, b->better);
	json_values(j, "learned", p, b->later);
	json_close(j, '}');
	buf_release(&words);
}

static void print_pages(const struct serial_pages_kept *k, bool as_json,
			struct buf *out)
{
	struct json j;

	json_init(&j, out);
	if (as_json)
		json_open(&j, '[');
	for (int i = 0; i < k->count; i++) {
		const struct page *p = &k->pages[i].page;

		for (int n = 0; n < p->backup_count; n++) {
			const struct page_backup *b = &p->backups[n];

			if (as_json) {
				json_backup(&j, k->pages[i].step, p, b);
				continue;
			}
			buf_printf(out, "after %lld boards, board %d of %d\n",
				   (long long)k->pages[i].step, n + 1,
				   p->backup_count);
			words_text(p, b, out);
			buf_putc(out, '\n');
			print_values(p, b, out);
			buf_putc(out, '\n');
		}
	}
	if (as_json) {
		json_close(&j, ']');
		buf_putc(out, '\n');
	}
}

static int show_pages(const struct cmd_line *line)
{
	const struct serial_args *a = line->args;
	struct serial_pages_kept k = {0};
	struct err e = ERR_INIT;
	struct lab *lab = NULL;
	struct buf out;
	int status;

	buf_init(&out);
	if (lab_open(&lab, line->lab_path, 0, &e) ||
	    serial_pages_load(lab_store(lab), a->pages, &k, &e)) {
		status = cmd_fail(line, &e);
		buf_release(&out);
	} else {
		print_pages(&k, a->json, &out);
		status = cmd_finish(line, &out);
	}
	serial_pages_release(&k);
	lab_close(lab);
	return status;
}

static int run(const struct cmd_line *line)
{
	const struct serial_args *a = line->args;
	struct serial_options options = {.report = work_report};
	struct serial_outcome outcome;
	struct err e = ERR_INIT;
	struct lab *lab = NULL;
	char *command;
	bool fresh;
	int status;

	if (a->pages)
		return show_pages(line);
	status = take_options(line, &options);
	if (status)
		return status;
	command = work_command(line);
	options.command = command;
	options.interrupt = work_interrupt();
	fresh = !options.must_exist && access(line->lab_path, F_OK);
	if ((fresh && serial_run_check(&options, &e)) ||
	    lab_open(&lab, line->lab_path, options.must_exist ? 0 : LAB_CREATE,
		     &e) ||
	    serial_run(lab, &options, &outcome, &e))
		status = cmd_fail(line, &e);
	else
		status = report(line, options.run, &outcome);
	lab_close(lab);
	free(command);
	return status;
}

#define ARGS struct serial_args

static const struct cmd_option options_table[] = {
	CMD_STRING("run", "NAME", run, NULL,
		   "the run; an existing one is resumed"),
	CMD_STRING("resume", "NAME", resume, NULL,
		   "resume this run, which must exist"),
	CMD_STRING("pages", "NAME", pages, NULL,
		   "print what this run wrote at its checkpoints"),
	CMD_INT64("boards", "N", backups, 1, 1e12, NULL,
		  "stop at N boards in all"),
	CMD_DOUBLE("minutes", "M", minutes, 0.001, 1e6, NULL,
		   "stop after M minutes of work"),
	CMD_SEED(seed, "of a new run ({})"),
	CMD_THREADS(threads),
	CMD_FLAG("take-over", take_over,
		 "go on also where another process may be at work"),
	CMD_FLAG("json", json, "the outcome as JSON"),
	CMD_END,
};

const struct cmd cmd_serial = {
	.name = "serial",
	.synopsis = "GAME --run NAME [key=value ...] [--boards N] "
		    "[--minutes M] [--seed S] [--threads T]",
	.summary = "learn a game by writing boards and better estimates",
	.details = "A network reads and writes boards as tokens, looks at the "
		   "boards after its best\nmoves, writes better values of the "
		   "board it was at, and learns them by a step\nof gradient "
		   "descent; its checkpoints play as serial:NAME/STEP.  "
		   "Stopping keeps all\nwork; the same command, or --resume "
		   "NAME, goes on.  plyscope(1) lists settings.",
	.options = options_table,
	.args_size = sizeof(struct serial_args),
	.max_args = -1,
	.lab = true,
	.run = run,
};
