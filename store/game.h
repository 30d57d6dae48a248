/* SPDX-License-Identifier: MIT */
#ifndef STORE_GAME_H
#define STORE_GAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

struct store_game {
	int64_t id;
	int64_t run_id, match_id; /* 0: belongs to none */
	int64_t number;     /* from 1, unique in its run: the order of replay;
			     * 0: no part of the run's history */
	const char *game;   /* with its parameters */
	const char *first;  /* agents, by their specs; second is NULL in a */
	const char *second; /* one-player game */
	int opening;        /* plies from the start that nobody chose */
	const char *moves;  /* as the game writes them */
	int plies;
	double result;       /* of the first player, -1 .. 1; NAN: unfinished */
	double score;        /* where the game keeps one; NAN */
	const char *ended;   /* how, in a word or two; NULL: unfinished */
	const char *purpose; /* "selfplay" "match" "human" "watch" "imitate"
			      * "import" "study" */
	uint64_t seed;
	int64_t step; /* of the run when it was played; -1: none */
	int64_t created_ms;
	const char *facts; /* figures of the game as a JSON object,
			    * {"score":320,"dots":12}; NULL */
	/* Of games from elsewhere, else NULL: where and when they were played,
	 * as written there; the other tags as a JSON object; FILE:LINE. */
	const char *event, *date, *tags, *origin;
	/* What training wants, the caller's bytes; read by store_game_each()
	 * and store_game_targets() alone. */
	const void *targets;
	size_t targets_len;
	/* Only when read: */
	const char *run;  /* its run's name */
	int64_t searches; /* stored with it */
};

STORE_NODISCARD enum store_status
store_game_add(struct store *s, const struct store_game *g, int64_t *id);
/* A game in progress: new moves, plies, result, score, ended, facts. */
STORE_NODISCARD enum store_status store_game_update(struct store *s,
						    const struct store_game *g);
STORE_NODISCARD enum store_status store_game_get(struct store *s,
						 struct store_bag *bag,
						 int64_t game_id,
						 struct store_game *out);
STORE_NODISCARD enum store_status
store_game_targets(struct store *s, struct store_bag *bag, int64_t game_id,
		   const void **data, size_t *len);

/* The tags of an imported game, in their order. */
struct store_tag_text {
	const char *name, *value;
};
STORE_NODISCARD enum store_status
store_game_tags(struct store *s, struct store_bag *bag, int64_t game_id,
		struct store_tag_text **rows, size_t *count);

enum store_outcome {
	STORE_ANY_OUTCOME = 0,
	STORE_FIRST_WON,
	STORE_DRAWN,
	STORE_SECOND_WON,
	STORE_UNFINISHED,
	STORE_FINISHED,
};

/* All zero: every game. */
struct store_game_filter {
	int64_t run_id, match_id;
	const char *game;       /* exact */
	bool starts;            /* and the same from other starts; of a family's
				 * name: all of its games */
	const char *purpose;    /* exact */
	const char *agent;      /* on either side; exact */
	const char *agent_like; /* on either side; part of its spec */
	enum store_outcome outcome;
	bool by_step; /* only from step_min to step_max */
	int64_t step_min, step_max;
	bool searched;         /* only with stored searches */
	bool oldest_first;     /* else newest first */
	int64_t after;         /* only those that come after the game with this
				* id, in that order; 0: all */
	int64_t limit, offset; /* limit 0: all */
};

/* At once for a run, a purpose, an outcome and their combinations, however many
 * they are; others are looked through. */
STORE_NODISCARD enum store_status
store_game_count(struct store *s, const struct store_game_filter *f,
		 int64_t *count);
STORE_NODISCARD enum store_status
store_game_list(struct store *s, struct store_bag *bag,
		const struct store_game_filter *f, struct store_game **rows,
		size_t *count);

/* The numbered games of a run in order, from number `from` on, with targets.
 * The row is valid during the call; a return of false ends the walk.  The
 * callback may use the store, but not write. */
STORE_NODISCARD enum store_status
store_game_each(struct store *s, int64_t run_id, int64_t from,
		bool (*each)(void *ctx, const struct store_game *g), void *ctx);
/* Of the numbered games of a run, in order from number `from` on, `limit` at
 * most (0: all), the moves alone; the text is valid during the call. */
STORE_NODISCARD enum store_status store_game_each_line(
	struct store *s, int64_t run_id, int64_t from, int64_t limit,
	void (*each)(void *ctx, int64_t number, const char *moves), void *ctx);
/* The finished games of a match, the oldest first, without what only pages
 * show: five times as quick as their rows.  The row is valid during the call.
 */
struct store_game_brief {
	bool begun; /* by the agent that was asked for */
	int opening;
	const char *moves;
	double result; /* of who began */
};
STORE_NODISCARD enum store_status
store_game_each_brief(struct store *s, int64_t match_id, const char *agent,
		      void (*each)(void *ctx, const struct store_game_brief *g),
		      void *ctx);
/* The highest number in a run; 0: no games. */
STORE_NODISCARD enum store_status
store_game_last(struct store *s, int64_t run_id, int64_t *number);

/* What somebody said about a stored game: a comment; a NAG, "$1" to "$255" as
 * in PGN, or a property of SGF, "TE[1]"; or moves other than those played. */
enum store_annotation_kind {
	STORE_COMMENT,
	STORE_NAG,
	STORE_VARIATION,
};
struct store_annotation {
	int64_t id, game_id;
	int64_t parent; /* variation in which it stands; 0: the game's line */
	int ply;        /* plies from the game's start before it */
	enum store_annotation_kind kind;
	const char *text; /* moves of a variation: as the game writes them */
};
STORE_NODISCARD enum store_status
store_annotation_add(struct store *s, const struct store_annotation *a,
		     int64_t *id);
/* In the order in which they were added: parents come before what stands in
 * them. */
STORE_NODISCARD enum store_status
store_annotation_list(struct store *s, struct store_bag *bag, int64_t game_id,
		      struct store_annotation **rows, size_t *count);

/* A search at one position of a stored game. */
struct store_search {
	int64_t id, game_id;
	int ply;           /* moves played before it */
	const char *agent; /* spec of who searched */
	const char *settings;
	uint64_t seed;
	int64_t simulations;
	const char *best;       /* move chosen, as the game writes it */
	double win, draw, loss; /* at the root, for the player to act; NAN */
	double raw_value;       /* of the evaluator, win minus loss; NAN */
	const char *moves;      /* JSON array of the root's moves, or NULL */
	int64_t created_ms;
	/* The recorded tree, the caller's bytes; store_search_trace(). */
	const void *trace;
	size_t trace_len; /* when read: 0 if none was stored */
};

STORE_NODISCARD enum store_status
store_search_add(struct store *s, const struct store_search *x, int64_t *id);
/* By ply, then the order in which they were made; without traces. */
STORE_NODISCARD enum store_status
store_search_list(struct store *s, struct store_bag *bag, int64_t game_id,
		  struct store_search **rows, size_t *count);
/* All searches at one ply, the oldest first, without traces. */
STORE_NODISCARD enum store_status
store_search_at(struct store *s, struct store_bag *bag, int64_t game_id,
		int ply, struct store_search **rows, size_t *count);
/* The moves at the root that were visited most, then those with the highest
 * prior, at most `most`. */
struct store_root_move {
	const char *move;
	int64_t visits;
	double prior;
};
STORE_NODISCARD enum store_status
store_search_top(struct store *s, struct store_bag *bag, int64_t search_id,
		 int most, struct store_root_move **rows, size_t *count);
/* STORE_NOTFOUND if there is no such search or it has no trace. */
STORE_NODISCARD enum store_status
store_search_trace(struct store *s, struct store_bag *bag, int64_t search_id,
		   const void **data, size_t *len);

#endif
