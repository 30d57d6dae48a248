/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_REFIT_H
#define CORE_SESSION_REFIT_H

#include <stdbool.h>

#include "core/lab/rate_lab.h"

/*
 * A fit of a game's ratings in a thread of its own, with a handle of its own on
 * the lab file, so that no screen waits for it, nor for another process that
 * writes.
 *
 * All calls are for the one thread that started it.  The worker blocks all
 * signals but those of a crash.  It may outlive the screen that dropped it, and
 * frees itself then.
 */
struct refit;

/* `anchor`: whose Elo is 0; "": the random agent's.  `keep`: store what comes
 * out (rate_lab()); else the file is only read.
 * `wake` is called from the worker at the end.  ERR_IO: no thread could be
 * had. */
ATTR_NODISCARD enum err_code refit_start(struct refit **out,
					 const char *lab_path, const char *game,
					 const char *anchor, bool keep,
					 void (*wake)(void *ctx), void *ctx,
					 struct err *e);

bool refit_ended(const struct refit *r);

/* The outcome, and the end of `r`; waits for it.  After ERR_OK *out is to be
 * released. */
ATTR_NODISCARD enum err_code refit_take(struct refit *r, struct rate_table *out,
					struct err *e);

/* Drops the outcome, without waiting: one that keeps nothing is stopped, one
 * that does goes on by itself.  wake() is not called any more.  NULL is
 * allowed.
 */
void refit_drop(struct refit *r);

#endif
