/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_TARGETS_H
#define CORE_LEARN_TARGETS_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"

/*
 * What a stored game teaches: for each ply the policy that a search or a
 *teacher gave and its value.  As bytes, little-endian:
 *
 *	u8  version (1)
 *	per ply:
 *	  u16 count   legal moves, or 0 for a ply that teaches nothing (a random
 *	              opening move)
 *	  count x u16 policy of the legal moves, in move order, in 65535ths
 *	  u16 u16     win and draw probability for the player to act, in
 *65535ths; both 65535: unknown, the game's result stands for it
 */
struct targets_writer {
	struct buf out;
};

void targets_begin(struct targets_writer *w);
void targets_skip(struct targets_writer *w); /* a ply without targets */
/* policy[count] over the legal moves, sums to 1; wdl NULL: unknown. */
void targets_ply(struct targets_writer *w, int count, const float *policy,
		 const float *wdl);

/* One ply read back: policy in 65535ths, value in 65535ths. */
struct target {
	int count;                   /* 0: nothing */
	const unsigned char *policy; /* count u16, little-endian, borrowed */
	bool has_value;
	uint16_t win, draw;
};

/* A move's share of the policy, in [0, 1]. */
static inline double target_share(const struct target *t, int i)
{
	return (t->policy[2 * i] | t->policy[2 * i + 1] << 8) / 65535.0;
}

/* Check the version; then targets_next() for each ply.  After the last,
 * r->failed tells of a record cut short. */
ATTR_NODISCARD enum err_code targets_open(struct reader *r, const void *data,
					  size_t len, struct err *e);
void targets_next(struct reader *r, struct target *out);

#endif
