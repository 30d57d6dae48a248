/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_KATA_INT_H
#define TUI_CMD_KATA_INT_H

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/game/game.h"
#include "core/game/go.h"

/*
 * KataGo's protocol of queries in JSON (docs/Analysis_Engine.md of that
 * program), shared by the files kata*.c of this folder alone.  A query is a
 * line; it asks about one or more turns of a game, and each is a job of its
 * own.
 */

/* Whose view winrates and leads are given in. */
enum kata_view { KATA_BLACK, KATA_WHITE, KATA_TO_MOVE };

/* What a query wants to know of each of its turns. */
struct kata_wants {
	int visits;          /* 0: as the agent's spec says */
	double seconds;      /* at most; 0: no limit */
	double report_every; /* seconds; 0: only the end */
	enum kata_view view;
	bool ownership, moves_ownership, policy, pv_visits;
};

/* One turn that is to be analysed. */
struct kata_job {
	struct game game; /* with its start */
	game_move *line;  /* owned; [plies] from there */
	int plies;
	game_move *only; /* owned; [only_count] */
	int only_count;
	void *state; /* owned; a player is to act */
	int player;
	struct kata_wants wants;
	char *id; /* owned; JSON, as it was given */
	int turn, priority;
	uint64_t number; /* of the job */
	struct kata_job *next;
};
void kata_job_free(struct kata_job *job); /* NULL is allowed */

/* What is wrong with a query, and where. */
struct kata_fault {
	const char *field; /* NULL: the query as a whole */
	char what[480];
};

/* What a line says beside its jobs. */
struct kata_query {
	char *id;              /* owned; JSON; NULL: none was given */
	char *action;          /* owned; NULL: a query for analysis */
	char *terminate_id;    /* owned; JSON; NULL: none */
	int *turns;            /* owned; [turn_count] of "turnNumbers" */
	int turn_count;        /* -1: all */
	struct kata_job *jobs; /* owned; in their order */
	struct buf warnings;   /* lines that are ready to be said */
};
void kata_query_release(struct kata_query *q);

/* Read a line; `usual` is the board that is asked about where a query does not
 * say.  False: *fault says why. */
bool kata_query_read(const char *line, const struct game *usual,
		     struct kata_query *q, struct kata_fault *fault);

/* kata_board.c: a game as a query tells it. */
struct kata_board {
	struct game game; /* size and komi, from where `line` begins */
	void *state;      /* owned */
	game_move *line;  /* owned; [plies], room for max_plies */
	int plies;
};
/* NULL: done; else why not. */
const char *kata_board_init(struct kata_board *b, const struct game *g);
void kata_board_release(struct kata_board *b);
const char *kata_board_place(struct kata_board *b, const uint8_t *stone,
			     int player);
/* A move of this player, out of turn if need be. */
const char *kata_board_play(struct kata_board *b, int player, game_move m);
/* This player is to act, after the end of the game too. */
const char *kata_board_turn(struct kata_board *b, int player);

/* kata_say.c: lines, each with its newline. */
void kata_say_fault(const char *id, const char *kind,
		    const struct kata_fault *f, struct buf *out);
/* The query again, with more at its end: members with a comma before. */
void kata_say_echo(const char *line, const char *more, struct buf *out);
void kata_say_nothing(const struct kata_job *job, struct buf *out);
void kata_say_thought(const struct kata_job *job, const struct thought *t,
		      bool more_to_come, struct buf *out);

#endif
