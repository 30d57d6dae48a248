/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_JOB_VIEW_H
#define TUI_SCREEN_JOB_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "store/job.h"
#include "tui/canvas.h"
#include "tui/spawn.h"

/*
 * A job as screens show it, and what can be asked of it: its state as a glyph,
 * a word and a style; how far it is; how long it may still take.
 */
struct job_view {
	bool present;
	int64_t id;
	char kind[24], message[240], host[64];
	enum store_wanted wanted;
	enum store_job_state state;
	enum store_job_life life;
	double done, total;
	int64_t created_ms, heartbeat_ms;
	double seconds_left; /* NAN: not known */
	/* where it stood when first seen, to tell its pace from */
	int64_t first_ms;
	double first_done;
};

void job_view_set(struct job_view *v, const struct store_job *j);

struct job_word {
	uint32_t glyph;
	char plain; /* the glyph in ASCII */
	const char *word;
	enum style style;
};
const struct job_word *job_view_word(const struct job_view *v);

/* What a training that is started again is told, as it was at first: options of
 * `train`, "" for those that were not given.  Minutes are those that are left,
 * or as many again where none are. */
struct job_limit {
	char games[24], minutes[24], threads[24];
	bool played; /* the games that it was to end at are played */
};
void job_limit_left(const struct store_job *j, struct job_limit *out);

/* May it still be paused, continued or stopped? */
bool job_view_active(const struct job_view *v);

/* "running 43% 8600/20000, 15m left: writing checkpoint" in one row, with a
 * bar when there is room. */
void job_view_draw(const struct job_view *v, struct canvas *c, int row);

/* The newest job of a run, or the job with an id; not `present` if there is
 * none. */
ATTR_NODISCARD enum err_code job_view_of_run(struct job_view *v,
					     struct store *s, int64_t run_id,
					     struct err *e);
ATTR_NODISCARD enum err_code job_view_get(struct job_view *v, struct store *s,
					  int64_t job_id, struct err *e);

/* Ask it to run, pause or stop. */
ATTR_NODISCARD enum err_code job_view_want(struct job_view *v, struct store *s,
					   enum store_wanted wanted,
					   struct err *e);

/* Start `plyscope ARGS... --lab FILE` for the lab of `s`; `args` ends with
 * NULL. */
ATTR_NODISCARD enum err_code job_start(struct store *s, const char *const *args,
				       struct spawn **out, struct err *e);

/* What a started command failed with, once it has: true, and a sentence in `e`.
 * A command that ended well, or runs, is false. */
bool job_start_failed(struct spawn *started, struct err *e);

#endif
