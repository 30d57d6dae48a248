/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_CLAIM_SCORE_H
#define CORE_STUDY_CLAIM_SCORE_H

#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/rate/duel.h"
#include "core/rate/positions.h"
#include "core/rate/tally.h"
#include "core/study/claim_int.h"

/*
 * A player of the claim in its matches: its networks are held while they play,
 * and the openings are those of the seed.  How matches are made is in
 * claim_match.c, whom a player meets in claim_score.c.
 */
struct custody;
struct regret;

enum { CLAIM_MOST_NETS = 33, CLAIM_MOST_SPEC = 512 };

struct claim_scoring {
	const struct claim_run *x;
	const struct claim_player *p;
	struct custody *held[CLAIM_MOST_NETS]; /* owned; [net_count] */
	struct duel_net nets[CLAIM_MOST_NETS + 1];
	struct positions met;  /* before the cut */
	struct regret *regret; /* owned; NULL: its moves are not looked at */
	int shown;         /* games still to be kept; of the match at hand */
	const char *other; /* spec of the lab, of the match at hand */
	char own[CLAIM_MOST_SPEC];
};

/* To be closed also after an error. */
ATTR_NODISCARD enum err_code claim_scoring_open(struct claim_scoring *s,
						struct err *e);
void claim_scoring_close(struct claim_scoring *s);
/* The hashes of its networks before and now. */
void claim_scoring_tell(const struct claim_scoring *s);

/* Against one opponent.  `net` NULL: its spec says all. */
struct claim_opponent {
	const char *spec;
	const struct net_plan *net; /* "other" of the spec */
	int pairs;
	const char *measure;
};

struct claim_met {
	struct tally tally;
	int64_t scored, known;
};

/* As o->measure. */
ATTR_NODISCARD enum err_code claim_scoring_meet(struct claim_scoring *s,
						const struct claim_opponent *o,
						struct claim_met *out,
						struct err *e);
/* Against a network that an arm has kept. */
ATTR_NODISCARD enum err_code
claim_scoring_meet_arm(struct claim_scoring *s, const char *arm, uint64_t seed,
		       int pairs, const char *measure, struct claim_met *out,
		       struct err *e);

#endif
