/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_LIFE_INT_H
#define CORE_LEARN_LIFE_INT_H

#include "core/learn/life.h"

/*
 * How a part of a life is written, for life.c, life_read.c and life_write.c.
 * Little-endian; a text is its length as u32 and its bytes:
 *
 *	8 bytes LIFE_MAGIC, u32 version, u8 part
 *	text game, text recipe (key = value lines)
 *	u64 cut, u64 games, u32 before, u32 after, u32 per_stage
 *	f32 temperature; version 2: f32 opening_share
 *	u64 seed
 *	AFTER: 64 hex digits, the SHA-256 of its BEFORE; u64 seed of its own
 *	u32 stages; each:
 *	  u64 games, u64 step
 *	  weights: 4 planes of as many bytes as there are weights, the lowest
 *	    byte of each first; so rounded weights pack well
 *	  u32 games; each as below
 *	BEFORE: u32 games of self-play; each as below
 *	BEFORE: u32 length, resume record of the course (course.h)
 *	64 hex digits: the SHA-256 of all of the above
 *
 *	a game: u64 number, u32 plies, u32 of them opening, f32 result,
 *	  u16 moves, u32 length, targets (targets.h)
 */
#define LIFE_MAGIC "plylife\n"
/* A life is written in the oldest version that can say what it is. */
enum {
	LIFE_PLAIN = 1,
	LIFE_VERSION = 2,
	LIFE_MAGIC_SIZE = 8,
	LIFE_HASH_SIZE = 64
};

/* What a life follows from, as bytes; and what both parts begin with. */
void life_write_settings(struct buf *out, const struct game *g,
			 const struct recipe *r, const struct life_grid *grid,
			 uint64_t seed);
void life_write_head(struct buf *out, const struct life_config *c,
		     enum life_part part);
void life_write_weights(struct buf *out, const float *weights, size_t count);
void life_write_game(struct buf *out, const struct self_play_game *g);
void life_write_hash(struct buf *out);

/* ERR_USAGE: `l` was made with other settings than `c`. */
ATTR_NODISCARD enum err_code life_check_same(const struct life *l,
					     const struct life_config *c,
					     struct err *e);
/* The resume record at the cut. */
const void *life_record(const struct life *l, size_t *len);

#endif
