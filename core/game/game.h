/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_GAME_H
#define CORE_GAME_GAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"

/*
 * The rules of a game: a constant table of functions over plain-data states.
 * A state has no pointers, so copying is memcpy() and saving and hashing are
 * free.  A family of games (`drop`, `mnk`, `go`) has parameters; a `struct
 * game` is one member with its parameters fixed, e.g. drop:rows=6,cols=7,line=4.
 * The engine knows cells and moves; how a cell looks belongs to the front end.
 *
 * All functions are reentrant: states belong to the caller, and a `struct
 * game` is constant once made.
 */
typedef uint16_t game_move; /* 0 .. move_count-1: index into a policy */

enum {
	GAME_MAX_PLAYERS = 2,
	GAME_MAX_PARAMS = 8,
	GAME_NAME_SIZE = 96,
	GAME_TEXT_SIZE = 32, /* longest text of one move, with its NUL */
	GAME_CHANCE = -1,
	GAME_OVER = -2,
	GAME_NO_MOVE = 0xffff,
};

/* What a cell holds: 0 empty, 1 a piece of player 0, 2 of player 1; games with
 * more kinds of pieces go on from there and say so in their own header. */
enum { GAME_EMPTY = 0 };

struct game_rules;

struct game {
	const struct game_rules *rules;
	char name[GAME_NAME_SIZE]; /* canonical: equal games, equal text */
	int param[GAME_MAX_PARAMS];
	size_t state_size; /* bytes; a multiple of 8 */
	int player_count, move_count;
	int max_plies;          /* every game ends within this many moves */
	int planes, rows, cols; /* shape of encode(); rows x cols is the board */
	int symmetries;         /* >= 1; number 0 is the identity */
};

struct game_param {
	const char *name; /* NULL ends the list */
	int min, max, fallback;
	const char *help;
};

struct game_rules {
	const char *family; /* unique key, e.g. "drop" */
	const char *title;  /* for people, e.g. "Connect-style drop games" */
	const char *source; /* rules text this follows */
	const struct game_param *params;

	/* Fill sizes from g->param.  ERR_USAGE for parameters that do not go
	 * together. */
	ATTR_NODISCARD enum err_code (*setup)(struct game *g, struct err *e);
	/* `seed` matters only to games with chance in their set-up. */
	void (*start)(const struct game *g, void *s, uint64_t seed);
	/* Player 0 .. player_count-1, GAME_CHANCE or GAME_OVER. */
	int (*to_act)(const struct game *g, const void *s);
	/* Legal moves, ascending, into out[move_count]; returns how many. */
	int (*legal)(const struct game *g, const void *s, game_move *out);
	/* `m` must be legal (asserted, not reported). */
	void (*apply)(const struct game *g, void *s, game_move m);
	/* At GAME_OVER only: value[player_count], each in [-1, 1]. */
	void (*score)(const struct game *g, const void *s, float *value);
	/* Features seen by the player to act: out(planes, rows, cols), [0, 1]. */
	void (*encode)(const struct game *g, const void *s, float *out);
	/* Equal for equal positions (same moves from here on), else almost
	 * surely different. */
	uint64_t (*hash)(const struct game *g, const void *s);
	/* Move `m` and cell seen through symmetry `sym`: the map must commute
	 * with apply() and encode().  cell = row * cols + col. */
	game_move (*move_symmetry)(const struct game *g, int sym, game_move m);
	int (*cell_symmetry)(const struct game *g, int sym, int cell);
	/* What stands on a cell; row 0 is the top row of the drawn board. */
	int (*cell)(const struct game *g, const void *s, int row, int col);
	/* The cell where a move would put its piece; -1 if none (a pass). */
	int (*move_cell)(const struct game *g, const void *s, game_move m);
	/* Text of a legal move as players write it, and back.  parse() gives
	 * GAME_NO_MOVE for text that names no legal move here. */
	void (*move_text)(const struct game *g, const void *s, game_move m,
			  char out[GAME_TEXT_SIZE]);
	game_move (*move_parse)(const struct game *g, const void *s,
				const char *text);
	/* True: moves are one character each and a game is written "4453";
	 * false: they are separated by spaces. */
	bool compact_text;
	/* (optional) The cells of the line that won, into out[rows * cols];
	 * returns how many.  For drawing a finished game. */
	int (*winning_cells)(const struct game *g, const void *s, int *out);
	/* (optional) Probability of each legal move at GAME_CHANCE; sums to 1. */
	void (*chance)(const struct game *g, const void *s, float *prob);
	/* (optional) Running score of games that keep one. */
	int (*points)(const struct game *g, const void *s);
};

/* All families; ends with NULL.  Adding one: a file, a line here, a build line. */
extern const struct game_rules *const game_table[];

/* Short names for well-known members, shown first in menus and help. */
struct game_alias {
	const char *name; /* "connect4"; NULL ends */
	const char *title; /* "Connect Four" */
	const char *spec; /* "drop:rows=6,cols=7,line=4" */
};
extern const struct game_alias game_aliases[];

/* Make a game from "connect4", "mnk:3,3,3" or "drop:rows=6,cols=7,line=4".
 * ERR_USAGE names what is wrong, with the nearest known name. */
ATTR_NODISCARD enum err_code game_init(struct game *g, const char *spec,
				       struct err *e);

/* The alias if there is one ("connect4"), else the canonical name. */
const char *game_short_name(const struct game *g);
const char *game_title(const struct game *g); /* "Connect Four" */

/* A zeroed state of the right size, after start(); caller frees. */
void *game_state_new(const struct game *g, uint64_t seed);

/*
 * A line of play as text, from the starting position: "4453" or "d3 c5".
 * Parsing applies each move to `s` and stores it in moves[max_plies].
 * ERR_FORMAT names the first bad move and its ply, counted from 1.
 */
ATTR_NODISCARD enum err_code game_play_text(const struct game *g, void *s,
					    const char *text, game_move *moves,
					    int *count, struct err *e);
/* `start` is where the line begins; it is not changed. */
void game_line_text(const struct game *g, const void *start,
		    const game_move *moves, int count, struct buf *out);

/* Count leaf paths of `depth` plies; finished games are not extended and
 * count only at their own depth. */
uint64_t game_perft(const struct game *g, const void *s, int depth);

/* Permute a policy (move_count) or planes (planes, rows, cols) by `sym`. */
void game_policy_symmetry(const struct game *g, int sym, const float *in,
			  float *out);
void game_planes_symmetry(const struct game *g, int sym, const float *in,
			  float *out);

#endif
