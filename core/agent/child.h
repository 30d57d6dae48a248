/* SPDX-License-Identifier: MIT */
#ifndef CORE_AGENT_CHILD_H
#define CORE_AGENT_CHILD_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/base/err.h"

/*
 * Another program, spoken to line by line through pipes.  It has a process
 * group of its own, and what it writes to stderr goes nowhere.  Nothing here
 * waits for it longer than it is told to, and closing ends it with all that it
 * started in its group, whatever it does; where the system can, it also ends
 * when this process is killed.  One thread at a time.
 *
 * Moments are clock_seconds().
 */
struct child;

/* argv[0] is looked for as a shell does; the list ends with NULL.  ERR_NOTFOUND
 * if there is no such program, ERR_IO if it cannot be started. */
ATTR_NODISCARD enum err_code child_start(struct child **out, char *const *argv,
					 struct err *e);

/* Closes its input, gives it `grace` seconds to go, then ends it.  NULL is
 * allowed. */
void child_close(struct child *c, double grace);

enum child_news {
	CHILD_LINE,
	CHILD_LATE, /* `until` has passed */
	CHILD_GONE, /* it ended, or closed its output or input */
	CHILD_CANCELLED,
};

/* Its next line, without the newline and cut where it is longer than a line
 * can be; valid until the next call.  What it wrote last without a newline is
 * a line too.  `cancel` may be NULL. */
enum child_news child_read(struct child *c, double until,
			   const atomic_bool *cancel, const char **line);

/* All of `text`; CHILD_LINE when it is written. */
enum child_news child_write(struct child *c, const char *text, double until);

#endif
