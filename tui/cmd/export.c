/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/format/format.h"
#include "core/format/record.h"
#include "core/lab/export.h"
#include "store/game.h"
#include "store/run.h"
#include "store/store.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/rows.h"
#include "tui/cmd/table.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"

enum { PAGE = 100 };

struct export_args {
	const char *format, *output;
};

/* Where the text goes: standard output, or a file that appears whole; what is
 * not a regular file, such as a pipe, is written to as it is. */
struct exporting {
	const struct cmd_line *line;
	struct store *s;
	const struct format *format; /* NULL: the usual one of the first game */
	bool as_json;
	struct record record;
	FILE *to;
	const char *path; /* NULL: stdout */
	char *target;     /* owned; where links of the path lead */
	char *temporary;  /* owned; NULL: the target is written itself */
	int64_t games, total;
};

static void json_annotations(struct json *j, const struct record *r)
{
	static const char *const kinds[] = {
		[RECORD_COMMENT] = "comment",
		[RECORD_NAG] = "nag",
		[RECORD_VARIATION] = "variation",
		[RECORD_SETUP] = "setup",
	};

	json_key(j, "annotations");
	json_open(j, '[');
	for (int i = 0; i < r->note_count; i++) {
		const struct record_note *n = &r->notes[i];

		json_open(j, '{');
		json_key(j, "ply"), json_int(j, n->ply);
		json_key(j, "kind"), json_string(j, kinds[n->kind]);
		json_key(j, "text"), json_string(j, n->text.data);
		/* Counted from 0 in this list. */
		json_key(j, "parent");
		if (n->parent >= 0)
			json_int(j, n->parent);
		else
			json_null(j);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* One game on one line. */
static void put_json(const struct exporting *x, const struct store_game *g,
		     struct buf *out)
{
	struct json j;

	json_init(&j, out);
	json_open(&j, '{');
	row_json_keys(&row_game, g, ROW_ONLY_SHOW, &j);
	json_annotations(&j, &x->record);
	json_close(&j, '}');
	buf_putc(out, '\n');
}

/* Agents who met in the lab did so at an event of it. */
static void set_event(struct record *r, const struct store_game *g)
{
	char text[160];

	if (r->event || (!g->run && !g->match_id))
		return;
	if (g->run)
		snprintf(text, sizeof(text), "plyscope run %.120s", g->run);
	else
		snprintf(text, sizeof(text), "plyscope match %lld",
			 (long long)g->match_id);
	record_text(r, &r->event, text, strlen(text));
}

static int write_failed(struct exporting *x)
{
	return cmd_complain(x->line, CMD_FAILED, "cannot write %s: %s",
			    x->path ? x->path : "output",
			    strerror(errno ? errno : EIO));
}

static int export_one(struct exporting *x, const struct store_game *g)
{
	struct err e = ERR_INIT;
	struct buf out;
	int status = 0;
	size_t n;

	if (export_record(x->s, g, &x->record, &e))
		return cmd_fail(x->line, &e);
	if (!x->format)
		x->format = format_usual(&x->record.game);
	buf_init(&out);
	if (x->as_json) {
		put_json(x, g, &out);
	} else {
		if (x->format != &format_plain)
			set_event(&x->record, g);
		if (x->format->write(&x->record, &out, &e))
			status = cmd_fail(x->line, &e);
	}
	if (!status) {
		errno = 0;
		n = fwrite(out.data, 1, out.len, x->to);
		if (n != out.len)
			status = write_failed(x);
	}
	buf_release(&out);
	x->games++;
	if (x->path && x->games % 16 == 0)
		cmd_progress_of((double)x->games, (double)x->total,
				"%lld of %lld games", (long long)x->games,
				(long long)x->total);
	return status;
}

static int export_games(struct exporting *x)
{
	int status = 0;

	for (int i = 1; i < x->line->argc && !status; i++) {
		struct store_bag bag = {0};
		struct store_game g;
		int64_t id;

		status = rows_id(x->line, "game", x->line->argv[i], &id);
		if (!status && store_game_get(x->s, &bag, id, &g))
			status = rows_fail(x->line, x->s);
		if (!status)
			status = export_one(x, &g);
		store_bag_release(&bag);
	}
	return status;
}

/* All games of a run or a match, in the order in which they were stored. */
static int export_all(struct exporting *x, struct store_game_filter *f)
{
	size_t n = PAGE;
	int status = 0;

	if (store_game_count(x->s, f, &x->total))
		return rows_fail(x->line, x->s);
	f->oldest_first = true;
	f->limit = PAGE;
	for (; !status && n == PAGE; f->offset += PAGE) {
		struct store_bag bag = {0};
		struct store_game *rows;

		if (store_game_list(x->s, &bag, f, &rows, &n))
			status = rows_fail(x->line, x->s);
		for (size_t i = 0; i < n && !status; i++)
			status = export_one(x, &rows[i]);
		store_bag_release(&bag);
	}
	if (!status && !x->games)
		status = cmd_complain(x->line, CMD_FAILED,
				      "no games of %s %s are stored",
				      x->line->argv[0], x->line->argv[1]);
	return status;
}

static int export_run(struct exporting *x)
{
	struct store_game_filter f = {0};
	struct store_bag bag = {0};
	struct store_run run;
	int status = 0;

	if (store_run_find(x->s, &bag, x->line->argv[1], &run))
		status = rows_fail(x->line, x->s);
	else
		f.run_id = run.id;
	store_bag_release(&bag);
	return status ? status : export_all(x, &f);
}

static int export_match(struct exporting *x)
{
	struct store_game_filter f = {0};
	int status = rows_id(x->line, "match", x->line->argv[1], &f.match_id);

	return status ? status : export_all(x, &f);
}

static int open_output(struct exporting *x)
{
	struct stat st;

	x->to = stdout;
	if (!x->path)
		return 0;
	x->target = realpath(x->path, NULL);
	if (!x->target)
		x->target = mem_strdup(x->path);
	if (stat(x->target, &st) || S_ISREG(st.st_mode))
		x->temporary =
			mem_printf("%s.new-%ld", x->target, (long)getpid());
	x->to = fopen(x->temporary ? x->temporary : x->target, "w");
	return x->to ? 0 : write_failed(x);
}

static int close_output(struct exporting *x, int status)
{
	errno = 0;
	if (!x->path) {
		if (!status && (fflush(stdout) || ferror(stdout)))
			status = write_failed(x);
		return status;
	}
	if (x->to && fclose(x->to) && !status)
		status = write_failed(x);
	if (x->temporary && x->to && !status && rename(x->temporary, x->target))
		status = write_failed(x);
	if (x->temporary && x->to && status)
		unlink(x->temporary);
	free(x->temporary);
	free(x->target);
	return status;
}

static int choose_format(struct exporting *x)
{
	const struct export_args *a = x->line->args;
	const char *name = a->format;
	struct err e = ERR_INIT;

	if (name && !strcmp(name, "json"))
		x->as_json = true;
	else if (name && format_find(name, &x->format, &e))
		return cmd_fail(x->line, &e);
	else if (!name && x->path)
		x->format = format_of_name(x->path);
	return 0;
}

static int run(const struct cmd_line *line)
{
	const struct export_args *a = line->args;
	struct exporting x = {.line = line, .path = a->output};
	const char *what = line->argv[0];
	int status;

	if (strcmp(what, "game") && strcmp(what, "run") &&
	    strcmp(what, "match"))
		return cmd_complain(line, CMD_USAGE,
				    "'%s' cannot be exported: a game, a run or "
				    "a match can",
				    what);
	if (line->argc > 2 && strcmp(what, "game"))
		return cmd_complain(line, CMD_USAGE, "one %s at a time", what);
	status = choose_format(&x);
	if (!status)
		status = rows_open(line, &x.s);
	if (status)
		return status;
	record_init(&x.record);
	status = open_output(&x);
	if (!status)
		status = !strcmp(what, "game")  ? export_games(&x)
			 : !strcmp(what, "run") ? export_run(&x)
						: export_match(&x);
	status = close_output(&x, status);
	record_release(&x.record);
	store_close(x.s);
	return status;
}

#define ARGS struct export_args

static const struct cmd_option options[] = {
	CMD_STRING("format", "FORMAT", format, NULL,
		   "sgf, pgn, plain or json (else the game's usual)"),
	CMD_STRING("output", "FILE", output, NULL,
		   "write to FILE; its name may tell the format"),
	CMD_END,
};

const struct cmd cmd_export = {
	.name = "export",
	.synopsis = "game ID... | run NAME | match ID [--format FORMAT] "
		    "[--output FILE]",
	.summary = "write stored games as SGF, PGN, text or JSON",
	.details = "Go goes out as SGF, chess as PGN, other games as lines of "
		   "moves.  What agents\nthought goes along as comments.",
	.options = options,
	.args_size = sizeof(struct export_args),
	.min_args = 2,
	.max_args = -1,
	.lab = true,
	.run = run,
};
