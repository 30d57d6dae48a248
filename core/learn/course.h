/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_COURSE_H
#define CORE_LEARN_COURSE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"

/*
 * The learning loop: a network learns from games that it plays with itself, or
 * from positions that it is given, and what comes of it is handed to a sink.
 * It knows no file, job or run, so hundreds of courses may live in one process,
 * in one pool.
 *
 * A course advances in iterations (some plies of self-play, then training; or
 * some steps on what it was given).  At the end of each it hands over figures,
 * perhaps a checkpoint, and a resume record: a course that takes up the record
 * goes on to the same bits as one that never stopped.  The same configuration
 * gives the same bits with any number of threads.
 *
 * A course belongs to one thread at a time.
 */
struct course;

/* How far a course has come. */
struct course_mark {
	int64_t step;    /* of the optimiser */
	int64_t games;   /* played, or that the given positions are of */
	int64_t samples; /* trained on */
	int64_t time_ms; /* worked, over all resumptions */
};

enum course_phase { COURSE_PLAYS, COURSE_LEARNS };

/*
 * Who gets what a course makes.  Any member may be NULL: it is not wanted then.
 * Calls come from the thread that advances the course, in this order in every
 * iteration: doing and goes_on while it works, game for each finished game,
 * then figures, a checkpoint if one is due, and commit.  What is handed over is
 * valid during the call.  An error ends course_advance(), which returns it.
 */
struct course_sink {
	/* A finished game of self-play, in an order that does not depend on
	 * threads. */
	enum err_code (*game)(void *self, const struct self_play_game *g,
			      struct err *e);
	/* A finite value by its name, "loss.policy" for instance. */
	enum err_code (*figure)(void *self, const struct course_mark *at,
				const char *name, double value, struct err *e);
	/* Averaged weights of `net`, to the recipe's checkpoint_bits.  A step
	 * may come again after resuming, with the same weights. */
	enum err_code (*checkpoint)(void *self, const struct course_mark *at,
				    const struct net_config *net,
				    const float *weights, struct err *e);
	/* All since the last commit belongs together.  With `resume` the course
	 * can go on from here; NULL: from the last record still. */
	enum err_code (*commit)(void *self, const struct course_mark *at,
				const struct buf *resume, struct err *e);
	/* What begins now: self-play, the training after it, or each step on
	 * what was given. */
	void (*doing)(void *self, enum course_phase phase);
	/* Asked often; false: stop.  Time spent here is not counted as work. */
	bool (*goes_on)(void *self);
	void *self;
};

struct course_config {
	const char *name;            /* in errors, "run c4"; copied */
	const struct game *game;     /* borrowed */
	const struct recipe *recipe; /* copied */
	uint64_t seed;
	/* Weights of recipe_net() to begin with, copied; NULL: drawn from
	 * `seed`. */
	const float *from;
	/* Self-play: the end is reached with so many games; 0: there is none.
	 */
	int64_t goal_games;
	/* Instead of self-play: positions to learn from, positions to be
	 * measured on, and how many games they are of.  Both or none, and
	 * neither empty; what they read is borrowed. */
	const struct dataset *data, *held_out;
	int64_t data_games;
	/* Of a method without a search: what its `replay` is drawn from; NULL:
	 * nothing.  What it reads is borrowed. */
	const struct dataset *demonstrations;
};

/*
 * On given positions a course has rounds, as many as the recipe's dagger_rounds
 * and one more: it is done at the end of each, and goes on when it is told of
 * what was added meanwhile.  The rate falls in the last.  With `patience` that
 * one may end early, and the averaged weights are those with the least loss on
 * what is held out, from its end on.
 */

struct course *course_new(const struct course_config *config,
			  const struct course_sink *sink);
void course_free(struct course *c);

/* A new course begins by handing over the network that it begins with, as the
 * checkpoint of step 0.  Call this or course_load(), once.  ERR_USAGE: an item
 * of `data` is larger than the recipe's shard. */
ATTR_NODISCARD enum err_code course_begin(struct course *c, struct pool *pool,
					  struct err *e);

/* Take up a resume record of a course with the same configuration; a later one
 * may follow, before any iteration.  One of
 * self-play has then to be given all its games again, in the order in which it
 * handed them over: they are not in the record.  ERR_VERSION, ERR_FORMAT, and
 * as course_begin(). */
ATTR_NODISCARD enum err_code course_load(struct course *c, const void *data,
					 size_t len, struct err *e);
/* False: it is given none, and hands over not all. */
bool course_remembers(const struct course *c);
ATTR_NODISCARD enum err_code course_load_game(struct course *c,
					      const game_move *moves, int count,
					      float result, const void *targets,
					      size_t targets_len,
					      struct err *e);

/* From the next iteration on every chance is drawn by `seed`: what follows from
 * here cannot be known from what came before. */
void course_reseed(struct course *c, uint64_t seed);

/* A resume record as commit() is handed, of a course that has worked no time:
 * it follows from the configuration alone. */
void course_save(const struct course *c, struct buf *out);

/* One iteration.  ERR_CANCELLED, without a sentence: the sink said stop; what
 * was committed stands, and the course must be freed, or finished if it plays.
 */
ATTR_NODISCARD enum err_code course_advance(struct course *c, struct pool *pool,
					    struct err *e);
bool course_done(const struct course *c);

/* The next round, once one is done and there is another: `data` and `held_out`
 * have grown, to `games`.  After course_load() too, for each round that the
 * record was in or behind. */
void course_next_round(struct course *c, int64_t games);
/* Rounds after the one at hand. */
int course_rounds_left(const struct course *c);

/* The end of self-play is a checkpoint, wherever it was stopped; that of given
 * positions has been one. */
ATTR_NODISCARD enum err_code course_finish(struct course *c, struct err *e);

/* From where it stands to its end: begin if it has not been loaded, advance,
 * finish. */
ATTR_NODISCARD enum err_code course_run(struct course *c, struct pool *pool,
					struct err *e);

/*
 * Many courses, each to its end by course_run(): a thread of the pool takes a
 * whole course, so small courses fill all processors.  Sinks are called from
 * those threads.  errs[count] gets what each returned.
 */
void courses_run(struct course *const *courses, int count, struct pool *pool,
		 struct err *errs);

const struct course_mark *course_at(const struct course *c);
int64_t course_steps(const struct course *c);     /* to the end; 0: not known */
int64_t course_positions(const struct course *c); /* to learn from so far */
/* Positions that the network was asked about in play, since this course was
 * made: a measure of work, of which no record knows. */
int64_t course_asked(const struct course *c);
/* The step of the weights that were kept; -1: those of the last. */
int64_t course_best_step(const struct course *c);

/* What a checkpoint keeps, now.  Borrowed until the next call. */
const struct net_config *course_net(const struct course *c);
const float *course_weights(struct course *c);

/* On the positions held out; all 0 without. */
void course_measure(const struct course *c, struct pool *pool,
		    struct learner_held_out *out);

#endif
