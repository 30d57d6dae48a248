/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_MATCH_INT_H
#define CORE_RATE_MATCH_INT_H

#include <stdatomic.h>

#include "core/rate/balance.h"
#include "core/rate/match.h"
#include "core/rate/seen.h"
#include "core/rate/tally.h"

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

/* An opening that was drawn: by which stream, or from which line. */
struct drawn_opening {
	int plies, attempt, line;
	int left_out;       /* positions before it that were not balanced */
	enum balance_by by; /* says that it is */
};

/* The openings of a match of two players, in the order of its pairs. */
struct opening_book {
	struct drawn_opening *drawn; /* owned */
	int count, room;
	int plies;               /* random moves of the next */
	unsigned symmetries;     /* match_symmetries(); 0: not known yet */
	bool dry;                /* there are no others */
	struct seen positions;   /* after those drawn */
	struct balance *balance; /* borrowed; NULL: not asked for */
	bool none_balanced;      /* and there was none */
};

struct match {
	const struct match_request *request;
	struct opening_book book;
	struct balance balance; /* where openings are balanced */
	struct tally_games tally;
	int stale; /* pairs from openings played again that repeat others */
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

/* Draw openings until there are `pairs` of them or no more. */
void match_draw_openings(const struct match_request *m, struct opening_book *b,
			 int pairs);
void match_book_release(struct opening_book *b);
/* Play the opening of a game at `state`, a start, into moves[max_plies]. */
void match_play_opening(const struct match_request *m,
			const struct opening_book *b, int number, void *state,
			game_move *moves, int *count);

/* The symmetries under which the start is its own image, a bit for each: moves
 * seen through others do not make the image of a position. */
unsigned match_symmetries(const struct game *g);
/* The same for positions that are equal or, by these symmetries, images of each
 * other. */
uint64_t match_position_key(const struct game *g, unsigned symmetries,
			    const game_move *moves, int count);

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
