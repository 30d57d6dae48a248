/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/job_view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"
#include "tui/widget/axis.h"

enum { MAX_ARGS = 60, BAR_WIDTH = 20 };

static const struct job_word words[] = {
	[STORE_JOB_RUNNING] = {0x25b6, '>', "running", STYLE_GOOD},
	[STORE_JOB_PAUSED] = {0x2016, '=', "paused", STYLE_WARN},
	[STORE_JOB_DONE] = {0x2713, '+', "done", STYLE_GOOD},
	[STORE_JOB_FAILED] = {0x2717, '!', "failed", STYLE_BAD},
	[STORE_JOB_STOPPED] = {0x25a0, '#', "stopped", STYLE_NORMAL},
};
static const struct job_word dead = {0x2717, '!', "dead", STYLE_BAD};
static const struct job_word pausing = {0x2016, '=', "pausing", STYLE_WARN};
static const struct job_word waking = {0x25b6, '>', "going on", STYLE_GOOD};
static const struct job_word stopping = {0x25a0, '#', "stopping", STYLE_WARN};
static const struct job_word none = {0x00b7, '.', "no job", STYLE_DIM};

static void copy_text(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

/* The word after an option of a command line. */
static double option_of(const char *command, const char *option)
{
	const char *at = strstr(command, option);

	return at ? strtod(at + strlen(option), NULL) : 0;
}

/* Of those that the command was given; 0 or less where they are over, or where
 * it was given none. */
static double minutes_left(const struct store_job *j)
{
	double minutes = j->command ? option_of(j->command, " --minutes ") : 0;

	return minutes > 0
		       ? minutes -
				 (double)(j->heartbeat_ms - j->created_ms) / 6e4
		       : 0;
}

/* Time left from the pace since it was first seen: the whole life's pace would
 * count pauses, and the start, where games are short. */
static double seconds_left(const struct job_view *v)
{
	double worked = (double)(v->heartbeat_ms - v->first_ms) / 1000;
	double made = v->done - v->first_done;

	if (v->state != STORE_JOB_RUNNING || v->total <= 0)
		return (double)NAN;
	if (worked < 5 || made <= 0) {
		worked = (double)(v->heartbeat_ms - v->created_ms) / 1000;
		made = v->done;
	}
	if (worked <= 0 || made <= 0)
		return (double)NAN;
	return fmax(0, v->total - v->done) * worked / made;
}

void job_view_set(struct job_view *v, const struct store_job *j)
{
	bool same = v->present && v->id == j->id;

	/* a pause would spoil the pace */
	if (!same || j->state != STORE_JOB_RUNNING ||
	    v->state != STORE_JOB_RUNNING) {
		v->first_ms = j->heartbeat_ms;
		v->first_done = j->done;
	}
	v->present = true;
	v->id = j->id;
	copy_text(v->kind, sizeof(v->kind), j->kind);
	copy_text(v->message, sizeof(v->message), j->message);
	copy_text(v->host, sizeof(v->host), j->host);
	v->wanted = j->wanted;
	v->state = j->state;
	v->life = j->life;
	v->done = j->done;
	v->total = j->total;
	v->created_ms = j->created_ms;
	v->heartbeat_ms = j->heartbeat_ms;
	v->seconds_left = seconds_left(v);
	/* Games and minutes: whichever comes first. */
	if (minutes_left(j) > 0 && v->state == STORE_JOB_RUNNING)
		v->seconds_left = fmin(v->seconds_left, minutes_left(j) * 60);
}

void job_limit_left(const struct store_job *j, struct job_limit *out)
{
	double games = option_of(j->command, " --games ");
	double minutes = option_of(j->command, " --minutes ");
	double threads = option_of(j->command, " --threads ");
	double left = minutes_left(j);

	*out = (struct job_limit){.games = ""};
	/* Games count from the run's beginning, minutes from the command's. */
	if (games > 0) {
		snprintf(out->games, sizeof(out->games), "%.0f", games);
		out->played = j->done >= games;
	}
	if (left > 0.001)
		snprintf(out->minutes, sizeof(out->minutes), "%.3f", left);
	else if (minutes > 0)
		snprintf(out->minutes, sizeof(out->minutes), "%g", minutes);
	if (threads >= 1)
		snprintf(out->threads, sizeof(out->threads), "%.0f", threads);
}

bool job_view_active(const struct job_view *v)
{
	return v->present && v->life != STORE_LIFE_DEAD &&
	       (v->state == STORE_JOB_RUNNING || v->state == STORE_JOB_PAUSED);
}

const struct job_word *job_view_word(const struct job_view *v)
{
	if (!v->present)
		return &none;
	if (v->life == STORE_LIFE_DEAD &&
	    (v->state == STORE_JOB_RUNNING || v->state == STORE_JOB_PAUSED))
		return &dead;
	if (job_view_active(v)) {
		if (v->wanted == STORE_WANT_STOP)
			return &stopping;
		if (v->wanted == STORE_WANT_PAUSE &&
		    v->state == STORE_JOB_RUNNING)
			return &pausing;
		if (v->wanted == STORE_WANT_RUN && v->state == STORE_JOB_PAUSED)
			return &waking;
	}
	return &words[v->state];
}

static int draw_bar(struct canvas *c, int row, int col, double share)
{
	int full = share >= 0 ? (int)(fmin(share, 1) * BAR_WIDTH + 0.5) : 0;

	canvas_glyph(c, row, col, STYLE_BORDER, '[');
	for (int i = 0; i < BAR_WIDTH; i++)
		canvas_glyph(c, row, col + 1 + i,
			     i < full ? STYLE_VALUE : STYLE_DIM,
			     i < full   ? c->ascii ? '#' : 0x2588
			     : c->ascii ? '.'
					: 0x2591);
	canvas_glyph(c, row, col + BAR_WIDTH + 1, STYLE_BORDER, ']');
	return col + BAR_WIDTH + 3;
}

void job_view_draw(const struct job_view *v, struct canvas *c, int row)
{
	const struct job_word *w = job_view_word(v);
	char left[AXIS_LABEL_SIZE];
	int col;

	canvas_glyph(c, row, 0, w->style,
		     c->ascii ? (unsigned char)w->plain : w->glyph);
	col = canvas_text(c, row, 2, w->style, w->word) + 1;
	if (!v->present)
		return;
	if (v->total > 0) {
		double share = fmin(fmax(v->done / v->total, 0), 1);

		if (c->width >= 100)
			col = draw_bar(c, row, col, share);
		col = canvas_printf(c, row, col, STYLE_VALUE, "%.0f%%",
				    floor(share * 100)) +
		      1;
		/* what it says of itself has the figures, as a rule */
		if (!*v->message)
			col = canvas_printf(c, row, col, STYLE_VALUE,
					    "%.0f/%.0f", v->done, v->total) +
			      1;
	} else if (v->done > 0 && !*v->message) {
		col = canvas_printf(c, row, col, STYLE_VALUE, "%.0f", v->done) +
		      1;
	}
	if (!isnan(v->seconds_left) && job_view_active(v)) {
		axis_format(AXIS_SECONDS, v->seconds_left, left);
		col = canvas_printf(c, row, col, STYLE_VALUE, "%s left", left) +
		      1;
	}
	if (v->life == STORE_LIFE_FAR && job_view_active(v))
		col = canvas_printf(c, row, col, STYLE_LABEL, "on %s",
				    v->host) +
		      1;
	if (*v->message && col < c->width)
		canvas_field(c, row, col, c->width - col,
			     w->style == STYLE_BAD ? STYLE_BAD : STYLE_NORMAL,
			     v->message);
	else if (w == &dead)
		canvas_text(c, row, col, STYLE_BAD,
			    "its process is gone; the run can be resumed");
}

static enum err_code failed(struct store *s, struct err *e)
{
	return err_set(e, ERR_IO, "%s", store_message(s));
}

enum err_code job_view_of_run(struct job_view *v, struct store *s,
			      int64_t run_id, struct err *e)
{
	struct store_bag bag = {0};
	struct store_job *rows;
	enum err_code rc = ERR_OK;
	size_t count;

	if (store_job_list(s, &bag, run_id, false, &rows, &count) != STORE_OK)
		rc = failed(s, e);
	else if (count)
		job_view_set(v, &rows[0]);
	else
		v->present = false;
	store_bag_release(&bag);
	return rc;
}

enum err_code job_view_get(struct job_view *v, struct store *s, int64_t job_id,
			   struct err *e)
{
	struct store_bag bag = {0};
	enum err_code rc = ERR_OK;
	struct store_job row;

	if (store_job_get(s, &bag, job_id, &row) != STORE_OK)
		rc = failed(s, e);
	else
		job_view_set(v, &row);
	store_bag_release(&bag);
	return rc;
}

enum err_code job_view_want(struct job_view *v, struct store *s,
			    enum store_wanted wanted, struct err *e)
{
	if (!job_view_active(v))
		return err_set(e, ERR_NOTFOUND, "nothing runs here to %s",
			       wanted == STORE_WANT_STOP    ? "stop"
			       : wanted == STORE_WANT_PAUSE ? "pause"
							    : "continue");
	if (store_job_want(s, v->id, wanted) != STORE_OK)
		return failed(s, e);
	return job_view_get(v, s, v->id, e);
}

enum err_code job_start(struct store *s, const char *const *args,
			struct spawn **out, struct err *e)
{
	const char *argv[MAX_ARGS + 4];
	char self[4096];
	enum err_code rc;
	int n = 0;

	*out = NULL;
	if (store_readonly(s))
		return err_set(e, ERR_IO,
			       "%s is open for reading only: nothing can be "
			       "started on it",
			       store_path(s));
	rc = spawn_self(self, sizeof(self), e);
	if (rc)
		return rc;
	argv[n++] = self;
	for (int i = 0; args[i]; i++) {
		if (n > MAX_ARGS)
			return err_set(e, ERR_USAGE,
				       "more than %d settings in one command",
				       MAX_ARGS);
		argv[n++] = args[i];
	}
	argv[n++] = "--lab";
	argv[n++] = store_path(s);
	argv[n] = NULL;
	return spawn_start(argv, out, e);
}

/* "plyscope train: no such run": the sentence alone. */
static const char *sentence(const char *line)
{
	const char *colon = strstr(line, ": ");

	return !strncmp(line, "plyscope", 8) && colon ? colon + 2 : line;
}

bool job_start_failed(struct spawn *started, struct err *e)
{
	struct buf words_said;
	int status;

	if (!spawn_ended(started, &status) || status == 0)
		return false;
	buf_init(&words_said);
	spawn_last_words(started, &words_said);
	if (words_said.len)
		err_set(e, ERR_IO, "%s", sentence(words_said.data));
	else if (status > 128)
		err_set(e, ERR_IO, "the command was ended by signal %d",
			status - 128);
	else
		err_set(e, ERR_IO, "the command failed with status %d", status);
	buf_release(&words_said);
	return true;
}
