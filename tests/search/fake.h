/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SEARCH_FAKE_H
#define TESTS_SEARCH_FAKE_H

#include "core/search/evaluator.h"

/* Logits and values drawn from the position's hash: as uneven as a network's,
 * and the same whatever else is in the batch. */
extern const struct evaluator fake_random;

/* Always the same logits, by move, and value for the player to act. */
struct fake_fixed {
	const float *logits; /* borrowed; [move_count]; NULL: all 0 */
	float wdl[3];
	int calls;
};
struct evaluator fake_fixed_of(struct fake_fixed *f);

/* A state after `line`; the caller frees. */
void *fake_position(const struct game *g, const char *line);

#endif
