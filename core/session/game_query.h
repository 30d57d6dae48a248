/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_GAME_QUERY_H
#define CORE_SESSION_GAME_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/lab/game_filter.h"
#include "core/lab/lab.h"
#include "store/game.h"
#include "store/store.h"

/*
 * One question about the stored games, asked in a thread of its own with a
 * handle of its own: of two million games some take a second to look through,
 * and no key waits for that.
 *
 * All calls are for the one thread that started it.  One that is dropped stops
 * within milliseconds and frees itself.
 */
struct game_query;

/* What is asked: how many there are, or which. */
struct game_question {
	struct game_filter filter;
	int64_t run_id; /* of the filter's run; 0: any */
	bool count;     /* else the rows: */
	bool oldest_first;
	int64_t after, limit, offset; /* as in struct store_game_filter */
};

/* The store's words for it, which borrow from the question. */
void game_question_store(const struct game_question *q,
			 struct store_game_filter *out);

/* `wake` is called from the worker at the end.  The handle *spare, opened for
 * reading only, is used and becomes NULL; where it is NULL one is opened.
 * ERR_IO: no thread could be had. */
ATTR_NODISCARD enum err_code
game_query_start(struct game_query **out, const char *lab_path,
		 const struct game_question *q, struct lab **spare,
		 void (*wake)(void *ctx), void *ctx, struct err *e);

/* Has it ended, or does it within `ms`? */
bool game_query_ended(struct game_query *q, int ms);

/* What was found, and the end of `q`: rows in a bag that is the caller's, and
 * a handle for the next question in *spare if that is NULL.  Waits for it. */
struct game_answer {
	struct store_bag bag;
	struct store_game *rows;
	size_t count;  /* of rows */
	int64_t total; /* where that was asked */
};
ATTR_NODISCARD enum err_code game_query_take(struct game_query *q,
					     struct game_answer *out,
					     struct lab **spare, struct err *e);

/* NULL is allowed. */
void game_query_drop(struct game_query *q);

#endif
