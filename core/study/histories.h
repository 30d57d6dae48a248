/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_HISTORIES_H
#define CORE_STUDY_HISTORIES_H

#include <stdint.h>

#include "core/learn/dataset.h"
#include "core/study/env.h"
#include "core/study/source.h"

/*
 * Lives of learners, episode by episode, packed: what sequence models are
 * trained on.  Adding is by one alone; several threads may read at once.
 */
struct histories;

struct histories *histories_new(const struct env *e); /* borrowed */
void histories_free(struct histories *h);             /* NULL is allowed */

/* A new history; then its episodes, in order. */
void histories_begin(struct histories *h);
void histories_add(struct histories *h, const struct env_step *steps,
		   int count);

int64_t histories_count(const struct histories *h);
int64_t histories_bytes(const struct histories *h);
int histories_episodes(const struct histories *h, int64_t history);
/* Steps of one episode into out[env->steps]; returns how many. */
int histories_episode(const struct histories *h, int64_t history, int episode,
		      struct env_step *out);

/* Which episodes of a history one sequence shows. */
struct histories_window {
	int rows;         /* at most, of whole episodes */
	int strides[4];   /* one is drawn; 0: no more, all 0: 1 */
	int last;         /* only the last so many of each history; 0: all */
	bool shuffled;    /* the same episodes, in any order */
	bool mixed;       /* any episodes of the history, in any order */
	bool from_middle; /* may begin anywhere; else with the first episode */
};

/* Histories as items, for the windows of `w`, which is copied: a draw takes a
 * history by chance, a stride and a beginning; items are got with the first
 * window of their history.  Borrows `h`. */
struct histories_data {
	const struct histories *histories;
	struct histories_window window;
};
struct dataset histories_dataset(const struct histories_data *d);

#endif
