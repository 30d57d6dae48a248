/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_MATCH_INT_H
#define CORE_RATE_MATCH_INT_H

#include <stdatomic.h>

#include "core/rate/match.h"

/* The inside of matches: match.c deals out games and delivers them, and
 * match_games.c plays them. */

struct played {
	game_move *moves;         /* owned */
	struct thought *thoughts; /* owned; NULL if not kept */
	int count, opening;
	float result, first_result;
	double points;
	struct game_fact facts[GAME_MAX_FACTS];
	int fact_count;
	char ended[sizeof(((struct thought *)NULL)->forfeit)];
	atomic_bool finished; /* by its worker, when all else is there */
};

/* A place at which one game after the other is played. */
struct lane {
	struct played *p;           /* borrowed; NULL: no game */
	int number;                 /* of the game */
	int player;                 /* who acts: a player */
	void *state;                /* owned; NULL: no game */
	struct agent_kept *kept[2]; /* owned */
};

struct worker {
	struct agent *agents[2];  /* owned; the second NULL for one player */
	struct lane *lanes;       /* owned; [match.lanes] */
	struct agent_turn *turns; /* owned; [match.lanes] */
	struct lane **asked;      /* owned; [match.lanes]: whose a turn is */
	game_move *legal;         /* owned; [move_count] */
	int next, end;            /* games of the life in hand */
	bool told;                /* its agents have seen games */
	struct err error;         /* why it could not go on; none: "" */
	enum err_code failed;
};

struct match {
	const struct match_request *request;
	struct worker *workers; /* owned; [threads] */
	int threads, lanes;     /* lanes of each worker */
	int life;               /* games of one life; 1: nobody learns */
	bool together;          /* an agent gains from many games */
	struct played *played;  /* owned; the games at hand, from `first` */
	int first, end;         /* of those */
	atomic_int begun;       /* number of the next to begin */
	int delivered;          /* by the calling thread */
	atomic_bool cancelled;  /* nobody plays on */
	bool enough;            /* the request says so */
	void (*done)(void *ctx, const struct match_game *g);
	bool (*tick)(void *ctx);
	void *ctx;
	struct match_result *out;
};

/* Which agent acts, or which player an agent is: 0 or 1. */
int match_seat(const struct match_request *m, int number, int player);

/* The agent of this seat, new.  ERR_USAGE: it cannot play in a match. */
ATTR_NODISCARD enum err_code match_open_agent(const struct match_request *m,
					      struct worker *w, int seat,
					      struct err *e);

/* A task of the pool, `ctx` is the match: its worker plays games until none is
 * left or the match is cancelled. */
void match_play_games(void *ctx, int task, int worker);

#endif
