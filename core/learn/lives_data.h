/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_LIVES_DATA_H
#define CORE_LEARN_LIVES_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"

/*
 * Lives of learners for a network that watches them learn: games by life and
 * stage, whole, each position with what it teaches (lessons.h).  All is kept.
 * Adding is by one alone; several threads may read at once.
 */
struct life; /* life.h */
struct lives_data;

/* `g` is borrowed; `search_share` is the share of the learner's own value in
 * the value target, beside the result of the game. */
struct lives_data *lives_data_new(const struct game *g, float search_share);
void lives_data_free(struct lives_data *l); /* NULL is allowed */

void lives_data_begin(struct lives_data *l); /* a life begins */
void lives_data_stage(struct lives_data *l); /* its next stage begins */
/* A game that its learner played at that stage, as lessons_make() takes it.
 * ERR_FORMAT when the record does not fit the game; nothing is added then. */
ATTR_NODISCARD enum err_code lives_data_add(struct lives_data *l,
					    const game_move *moves, int count,
					    float result, const void *targets,
					    size_t targets_len, struct err *e);

/* A life more, with all the stages that it has. */
ATTR_NODISCARD enum err_code lives_data_add_life(struct lives_data *l,
						 const struct life *life,
						 struct err *e);

int lives_data_count(const struct lives_data *l);
int lives_data_stages(const struct lives_data *l, int life);
int lives_data_games(const struct lives_data *l, int life, int stage);
/* One of them, from the usual start: moves are borrowed, `result` is that of
 * the first player. */
struct lives_game {
	const game_move *moves;
	int count;
	float result;
};
struct lives_game lives_data_game(const struct lives_data *l, int life,
				  int stage, int game);

/*
 * What a network is shown of them, as sequences: of one life, stage after stage
 * with a stride between them, some games of each, whole ones, until the rows
 * are full or the stages end; all through one symmetry.  A game says how many
 * stages it is after the one before (NET_ID_GAP), and how that one ended.  No
 * sequence says which stage it begins with.
 */
enum lives_order {
	LIVES_TRUE,
	LIVES_SHUFFLED, /* the same games, their stages in any order; the gaps
			 * are those of the true order */
	LIVES_REVERSED, /* likewise, the last stage first */
	LIVES_LAST,     /* of the last stage alone */
};

enum { LIVES_STRIDES = 4, LIVES_GAMES = 64 };

struct lives_view {
	const struct lives_data *lives; /* borrowed */
	int rows;                       /* of a sequence, at most */
	int stages; /* shown of each life, its first ones; 0: all */
	enum lives_order order;
	/* No row says how a game ended, nor is it asked how this one will. */
	bool masked;
	int strides[LIVES_STRIDES]; /* one is drawn; 0: no more */
	int games_low, games_high;  /* of each stage that is visited */
	/* Of so many draws the latest stage is the first one of a sequence, as
	 * early ones say little; 0 is 1: any stage as often as any other. */
	int late;
	/* As items, each life is so many sequences, which are always the same:
	 * what a held-out loss is measured on. */
	int per_life;
};

struct lives_pick {
	int life, stage, game;
	int gap; /* stages since the game before */
};

/* One sequence: `rows` rows of `count` games, all of one life but where the
 * caller puts in others. */
struct lives_sequence {
	int life, sym;
	int count, rows;
	struct lives_pick games[LIVES_GAMES];
};

/* The sequence that a chance decides, of lives first .. first + count - 1. */
void lives_view_draw(const struct lives_view *v, int first, int count,
		     const struct dataset_chance *chance,
		     struct lives_sequence *out);

/*
 * What a network reads before it goes on with a life itself: the games up to
 * the end of stage `last`, as the view shows them in true order, of as many
 * stages before it as fit in `rows` rows, `games` of each; which ones, `chance`
 * decides.  Of LIVES_LAST these are all of stage `last`.  Symmetry 0.
 */
struct lives_tail {
	int life, last, stride, games, rows;
};
void lives_view_tail(const struct lives_view *v, const struct lives_tail *t,
		     const struct dataset_chance *chance,
		     struct lives_sequence *out);

/* Its rows, into `room`, where they fit; the sequence's stage is that of its
 * first game. */
void lives_view_read(const struct lives_view *v, const struct lives_sequence *s,
		     struct dataset_room *room);

/* Lives as items, `per_life` of each; a draw is of the lives of the window, as
 * many sequences as surely fit in the room, at least one.  Borrows `v`. */
struct dataset lives_view_dataset(const struct lives_view *v);

#endif
