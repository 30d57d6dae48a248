/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_SNAPSHOT_INT_H
#define CORE_STUDY_SNAPSHOT_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/game/game.h"
#include "core/learn/recipe.h"
#include "core/learn/teach.h"
#include "core/net/net.h"
#include "core/rate/positions.h"
#include "core/study/kept_net.h"
#include "core/study/study.h"

/* The study `snapshot` from inside. */

struct ledger; /* core/learn/ledger.h */

struct snapshot_conf {
	int rows, cols, line; /* the game: drop */
	int filters, blocks;  /* the teacher's network */
	int teacher_games, simulations;
	int positions;           /* labelled for the largest student of data */
	int curve;               /* sizes of data: each sqrt(10) of the next */
	int samples;             /* trained on, at least */
	float epochs;            /* and at least */
	float patience;          /* as a share of the epochs */
	int visits;              /* of the search whose visits are learned */
	int opening_plies;       /* of the teacher's games, at most */
	int pairs, scored_plies; /* of a duel */
	int set_positions;       /* of each set that both are compared on */
	float budget;            /* TFLOP */
};
extern const struct conf_spec snapshot_spec[];

/* Where the labelled positions come from. */
enum snapshot_data {
	SNAPSHOT_OWN,    /* the teacher's games from where games begin */
	SNAPSHOT_RANDOM, /* the teacher's games from random positions */
	SNAPSHOT_DAGGER, /* half of them, then the student's games */
};

/* What an arm teaches a student. */
struct snapshot_arm {
	const char *name;
	enum snapshot_data data;
	enum teach_target target;
	double size;   /* channels, as a multiple of the teacher's */
	bool shuffled; /* labels, among positions with as many moves */
	bool curve;    /* of all sizes of data; else of the largest alone */
};
/* NULL: the arm makes no student. */
const struct snapshot_arm *snapshot_arm_find(const char *name);

/* Positions of step `i` of the curve, 0 the fewest. */
int snapshot_positions(const struct snapshot_conf *c, int i);

ATTR_NODISCARD enum err_code snapshot_game(const struct snapshot_conf *c,
					   struct game *out, struct err *e);

/* The teacher by self-play, and what it began as.  *distinct is the share of
 * its games that differ. */
ATTR_NODISCARD enum err_code
snapshot_teacher(struct study_run *r, const struct game *g, uint64_t seed,
		 struct kept_net *out, struct kept_net *untrained,
		 double *distinct, struct err *e);

/* Positions that the teacher labels for an arm, made when they are wanted and
 * the same for every size of data.  Borrows all but what it makes. */
struct snapshot_stream;
struct snapshot_stream *snapshot_stream_new(struct study_run *r,
					    const struct game *g, uint64_t seed,
					    const struct kept_net *teacher,
					    const struct snapshot_arm *arm);
void snapshot_stream_free(struct snapshot_stream *s);

/* A student of `count` labelled positions. */
struct snapshot_student {
	struct kept_net net;
	int64_t labelled, games; /* positions; of so many games */
	double distinct;         /* share of the positions */
	double tflop;            /* labels and training */
	struct ledger *ledger;   /* what moved its weights; owned */
	struct positions seen;   /* trained on or held out; owned */
};
/* Zeroed before; released also after an error. */
ATTR_NODISCARD enum err_code snapshot_imitate(struct snapshot_stream *s,
					      int count,
					      struct snapshot_student *out,
					      struct err *e);
void snapshot_student_release(struct snapshot_student *s);

/* How alike both are on three sets of positions, as measures at `x`. */
ATTR_NODISCARD enum err_code
snapshot_compare(struct study_run *r, const struct game *g, uint64_t seed,
		 const struct kept_net *teacher, const struct kept_net *student,
		 double x, struct err *e);

/* Chance, by what it is for. */
enum snapshot_chance {
	SNAPSHOT_LESSONS = 1,
	SNAPSHOT_SETS,
	SNAPSHOT_DUEL,
	SNAPSHOT_LEARNER,
	SNAPSHOT_COURSE,
	SNAPSHOT_SHUFFLE,
};

void snapshot_judge(const struct study_measures *m,
		    struct study_judgement *out);

#endif
