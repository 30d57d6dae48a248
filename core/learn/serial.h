/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_SERIAL_H
#define CORE_LEARN_SERIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/agent/page.h"
#include "core/agent/scribe.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/learn/learner.h"
#include "core/net/net.h"

/*
 * Serialised expert iteration: a network that reads and writes boards as tokens
 * looks at the boards after its best moves, writes better estimates of the
 * board it was at, and learns these in the place of its first ones, by a step
 * of gradient descent on what is before it (dynamic evaluation); then it goes
 * on to a deeper board, or begins a new game.  It begins from random weights.
 *
 * A round is a page in each of many lanes (core/agent/page.h), then that step.
 * What it needs besides - which words stand where, which board follows a move,
 * how values are backed up - it learns from pages with made-up values, the
 * drills, which say nothing of who is better: all of the first rounds, and a
 * share of each later one.  The same settings, game and seed give the same bits
 * on any number of threads, also of one that was saved and loaded.
 */
enum serial_update {
	SERIAL_IMPROVED, /* the better estimates */
	SERIAL_NONE,     /* no step once the drills are over */
	SERIAL_PLACEBO,  /* its own first estimates */
	SERIAL_PERMUTED, /* the better ones, in an order drawn for each board */
};

enum { SERIAL_NETWORK = 192 };

struct serial_conf {
	char network[SERIAL_NETWORK];
	int width, depth, page, lanes;
	int rollouts; /* enum scribe_rollouts */
	float trust, temperature, fresh;
	int opening_plies;
	bool writes_backups, writes_boards;
	int update; /* enum serial_update */
	int passes;
	int drills; /* rounds */
	float drill_share;
	float rate, rate_end;
	int warmup;
	int64_t backups; /* over which the rate falls: the end */
	int64_t checkpoint_first;
	float checkpoint_growth;
	int grade_positions;
};
extern const struct conf_spec serial_spec[];

/* ERR_USAGE: settings that do not go together, a network that is none or that
 * cannot hold a page, a game whose boards are no tokens. */
ATTR_NODISCARD enum err_code serial_check(const struct serial_conf *c,
					  const struct game *g, struct err *e);
/* Of settings that were checked. */
void serial_net(const struct serial_conf *c, const struct game *g,
		struct net_config *out);
void serial_scribe_conf(const struct serial_conf *c, struct scribe_conf *out);

struct serial;

/* The game is borrowed; the settings are copied. */
struct serial *serial_new(const struct game *g, const struct serial_conf *c,
			  uint64_t seed);
void serial_free(struct serial *s); /* NULL is allowed */

/* Before the first round: these weights, as many as there are. */
void serial_begin_with(struct serial *s, const float *params);

void serial_round(struct serial *s, struct pool *pool);

struct serial_mark {
	int64_t rounds;       /* drills among them */
	int64_t drills;       /* rounds of nothing else */
	int64_t backups;      /* boards whose estimates were written twice */
	int64_t games;        /* begun */
	int64_t steps, words; /* of gradient descent; learned from */
};
const struct serial_mark *serial_at(const struct serial *s);
bool serial_done(const struct serial *s);
/* The next number of backups at which a checkpoint is due. */
int64_t serial_next_checkpoint(const struct serial_conf *c, int64_t backups);

const struct net_config *serial_net_of(const struct serial *s);
const float *serial_weights(const struct serial *s);

/* Sums since they were last taken. */
struct serial_figures {
	int64_t values;  /* of moves and boards, written twice */
	double surprise; /* sum of how far the better one is off the first */
	double left;     /* the same of what it says after the step, of the */
	double first;    /* first board of each page, and before it */
	int64_t firsts;
	/* surprise at the first board of a page and at those after it */
	double opening, second;
	int64_t openings, seconds; /* values of these */
	int64_t rollouts, backups;
	struct scribe_counts wrote;
	double gradient; /* sum of norms */
	int64_t steps;
	double loss; /* sum of its means, nats a word that is learned */
};
void serial_take_figures(struct serial *s, struct serial_figures *out);

/* How it does when it writes everything itself, boards and backups, on so many
 * boards of random play: by the weights as they are. */
void serial_probe(const struct serial *s, int boards, struct pool *pool,
		  struct scribe_counts *out);

/* What lane 0 wrote in the last round, with what it says of each board now. */
const struct page *serial_page(struct serial *s);

/* All of it as bytes, and back into a new one of the same settings.
 * ERR_FORMAT. */
void serial_save(const struct serial *s, struct buf *out);
ATTR_NODISCARD enum err_code serial_load(struct serial *s, struct reader *r,
					 struct err *e);

#endif
