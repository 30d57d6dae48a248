/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_LIVES_H
#define CORE_LAB_LIVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/lab/lab.h"
#include "core/learn/life.h"
#include "store/life.h"

/*
 * Lives of learners in a lab: sets of them, which are runs of the kind
 * `history`, by name.  Lives of seeds from LIVES_SHOWN (life_rows.h) on are
 * there to be learned from, and lie in the lab whole.  What is past the cut of
 * all others judges those who learn: it lies in the file LAB-after, of the form
 * of a lab, so that nobody opens it by mistake who is to know nothing of it.
 */
/* A part, added to *out.  ERR_NOTFOUND: there is none, or no set of that name.
 */
ATTR_NODISCARD enum err_code lives_load(struct lab *lab, const char *set,
					uint64_t seed, enum life_part part,
					struct buf *out, struct err *e);
/* ERR_NOTFOUND as above.  What it is, and when work on it began; row->part and
 * texts are not to be used. */
ATTR_NODISCARD enum err_code lives_find(struct lab *lab, const char *set,
					uint64_t seed, enum life_part part,
					struct store_life *row, struct err *e);

struct lives_put {
	const char *set; /* made, if it is not there */
	uint64_t seed;
	enum life_part part;
	const char *settings; /* as life_settings() */
	int64_t begun_ms;     /* when work on it began */
	const void *data;     /* a part of a life */
	size_t len;
};
/* ERR_USAGE: the set has it already, or the name is a run of another kind or
 * game.  `tick` as in lab_begin(). */
ATTR_NODISCARD enum err_code lives_put(struct lab *lab,
				       const struct lives_put *put,
				       bool (*tick)(void *ctx), void *ctx,
				       struct err *e);

/* All of a set, by seed, from both files; in the bag.  Of all sets, each by its
 * name, where `set` is NULL. */
struct lives_set {
	struct store_life *rows; /* [count] */
	size_t count;
	int64_t packed;           /* bytes in the files */
	char sha256[DIGEST_SIZE]; /* of "SEED PART SHA256" lines, in order */
	struct store_bag bag;
};
/* Released by the caller, also after an error. */
ATTR_NODISCARD enum err_code lives_list(struct lab *lab, const char *set,
					struct lives_set *out, struct err *e);
void lives_release(struct lives_set *s);

#endif
