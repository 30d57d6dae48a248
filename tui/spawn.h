/* SPDX-License-Identifier: MIT */
#ifndef TUI_SPAWN_H
#define TUI_SPAWN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/err.h"

/*
 * Start a command that outlives the screen that asked for it: in a session of
 * its own, so that neither Ctrl-C, a closed terminal nor leaving the program
 * ends it.  It reads nothing and its output goes nowhere; what it writes to
 * stderr is kept in memory, so that a screen can say why it failed.
 *
 * A thread of its own waits for each started process: none stays a zombie,
 * whether or not somebody still holds the handle.
 */
struct spawn;

/* argv[0] is the program's path, the list ends with NULL; borrowed for the
 * call.  ERR_IO when it cannot be started, with the program and the reason. */
ATTR_NODISCARD enum err_code spawn_start(const char *const *argv,
					 struct spawn **out, struct err *e);
/* Lets go of the handle; the process goes on.  NULL is allowed. */
void spawn_release(struct spawn *s);

long spawn_pid(const struct spawn *s);

/* False while it runs.  After that *status is its exit status, or 128 plus the
 * signal that ended it. */
bool spawn_ended(struct spawn *s, int *status);

/* The last line it wrote to stderr, without the newline; nothing if none. */
void spawn_last_words(struct spawn *s, struct buf *out);

/* Path of the running program itself, to start it with other arguments. */
ATTR_NODISCARD enum err_code spawn_self(char *path, size_t size, struct err *e);

#endif
