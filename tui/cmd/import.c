/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/format/format.h"
#include "core/game/game.h"
#include "core/lab/import.h"
#include "core/lab/lab.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/table.h"
#include "tui/cmd/work.h"

struct import_args {
	const char *format, *game;
	bool json;
};

struct importing {
	const struct cmd_line *line;
	const struct import_args *args;
	const char *name;
	double shown; /* when progress was last shown */
	FILE *file;   /* borrowed */
	double size;  /* bytes; 0: not known */
	struct json json;
	struct buf out;
};

static void say_skipped(void *ctx, long line, const char *reason)
{
	struct importing *im = ctx;

	cmd_progress_end();
	fprintf(stderr, "%s:%ld: %s; skipped\n", im->name, line, reason);
}

static void say_doubted(void *ctx, long line, const char *what)
{
	struct importing *im = ctx;

	cmd_progress_end();
	fprintf(stderr, "%s:%ld: %s\n", im->name, line, what);
}

static void read_whole(void *ctx)
{
	(void)ctx;
	work_wait_over();
}

static void say_progress(void *ctx, int64_t read, int64_t saved)
{
	struct importing *im = ctx;
	double now = clock_seconds();

	if (now - im->shown < 0.2)
		return;
	im->shown = now;
	if (saved)
		cmd_progress_of((double)saved, (double)read,
				"%s: %lld of %lld games saved", im->name,
				(long long)saved, (long long)read);
	else
		cmd_progress_of((double)ftello(im->file), im->size,
				"%s: %lld games read", im->name,
				(long long)read);
}

static void report(struct importing *im, const struct import_result *r,
		   const char *error)
{
	struct json *j = &im->json;

	if (!im->args->json) {
		if (!error)
			buf_printf(&im->out, "%s: %lld games, %lld skipped%s\n",
				   im->name, (long long)r->games,
				   (long long)r->skipped,
				   r->doubts ? ", with doubts" : "");
		return;
	}
	json_open(j, '{');
	json_key(j, "file"), json_string(j, im->name);
	json_key(j, "format"),
		json_string(j, r->format ? r->format->name : NULL);
	json_key(j, "games"), json_int(j, r->games);
	json_key(j, "skipped"), json_int(j, r->skipped);
	json_key(j, "error"), json_string(j, error);
	json_key(j, "doubts"), json_int(j, r->doubts);
	json_close(j, '}');
}

static int import_one(struct importing *im, struct lab *lab,
		      const struct format *format, const struct game *game)
{
	struct import_options o = {
		.name = im->name,
		.format = format,
		.game = game,
		.skipped = say_skipped,
		.doubted = say_doubted,
		.progress = say_progress,
		.saving = read_whole,
		.interrupt = work_interrupt(),
		.ctx = im,
	};
	bool from_stdin = !strcmp(im->name, "-");
	struct import_result r = {.games = 0};
	struct err e = ERR_INIT;
	struct stat st;
	int status = 0;
	FILE *f;

	work_wait_for(from_stdin ? NULL : im->name);
	f = from_stdin ? stdin : fopen(im->name, "rb");
	if (from_stdin)
		o.name = im->name = "stdin";
	if (!f || (!fstat(fileno(f), &st) && S_ISDIR(st.st_mode)))
		err_set(&e, ERR_IO, "cannot read %s: %s", im->name,
			strerror(f ? EISDIR : errno));
	im->file = f;
	im->size = f && !fstat(fileno(f), &st) && S_ISREG(st.st_mode)
			   ? (double)st.st_size
			   : 0;
	if (e.code)
		; /* said below */
	else if (!import_file(lab, f, &o, &r, &e) && !r.games)
		err_set(&e, ERR_FORMAT, "%s: no game of it could be read",
			im->name);
	work_wait_over();
	if (f && !from_stdin)
		fclose(f);
	if (e.code)
		status = cmd_complain(im->line, CMD_FAILED, "%s", e.msg);
	cmd_progress_end();
	report(im, &r, e.code ? e.msg : NULL);
	return status;
}

static int run(const struct cmd_line *line)
{
	const struct import_args *a = line->args;
	struct importing im = {.line = line, .args = a};
	const struct format *format = NULL;
	struct err e = ERR_INIT;
	struct lab *lab = NULL;
	struct game game;
	int status = 0;

	if (a->format && format_find(a->format, &format, &e))
		return cmd_fail(line, &e);
	if (a->game && game_init(&game, a->game, &e))
		return cmd_fail(line, &e);
	if (lab_open(&lab, line->lab_path, LAB_CREATE, &e))
		return cmd_fail(line, &e);
	buf_init(&im.out);
	json_init(&im.json, &im.out);
	if (a->json)
		json_open(&im.json, '[');
	for (int i = 0; i < line->argc && !atomic_load(work_interrupt()); i++) {
		im.name = line->argv[i];
		if (import_one(&im, lab, format, a->game ? &game : NULL))
			status = CMD_FAILED;
	}
	lab_close(lab);
	if (a->json) {
		json_close(&im.json, ']');
		buf_putc(&im.out, '\n');
	}
	return cmd_finish(line, &im.out) ? CMD_FAILED : status;
}

#define ARGS struct import_args

static const struct cmd_option options[] = {
	CMD_STRING("format", "FORMAT", format, NULL,
		   "sgf, pgn or plain (else by the file)"),
	CMD_STRING("game", "GAME", game, NULL,
		   "what is played, where the file does not say"),
	CMD_FLAG("json", json, "the summary as JSON"),
	CMD_END,
};

const struct cmd cmd_import = {
	.name = "import",
	.synopsis = "FILE... [--format FORMAT] [--game GAME] [--json]",
	.summary = "add the games of files to the lab",
	.details = "FILE - is standard input.  SGF (Go), PGN (chess) and lines "
		   "of moves (all games)\nare known.  A game that cannot be "
		   "played is named and skipped, and the rest of\nits file is "
		   "kept; so is said what was read otherwise than it is "
		   "written.",
	.options = options,
	.args_size = sizeof(struct import_args),
	.min_args = 1,
	.max_args = -1,
	.lab = true,
	.run = run,
};
