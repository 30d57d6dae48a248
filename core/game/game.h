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
 * game` is one member with its parameters fixed, e.g.
 * drop:rows=6,cols=7,line=4. The engine knows cells and moves; how a cell looks
 * belongs to the front end.
 *
 * All functions are reentrant: states belong to the caller, and a `struct
 * game` is constant once made.
 */
typedef uint16_t game_move; /* 0 .. move_count-1: index into a policy */

enum {
	GAME_MAX_PLAYERS = 2,
	GAME_MAX_PARAMS = 8,
	GAME_START_SIZE = 448,
	GAME_NAME_SIZE = 576,
	GAME_TEXT_SIZE = 32,  /* longest text of one move, with its NUL */
	GAME_PARAM_SIZE = 32, /* longest text of a parameter, with its NUL */
	GAME_MAX_FACTS = 8,
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
	char short_name[GAME_NAME_SIZE]; /* parameters at their defaults left
					  * out, or the alias */
	int param[GAME_MAX_PARAMS];
	/* Where games of this member begin, in the family's own notation
	 * (position_text()); empty: its usual start. */
	char start[GAME_START_SIZE];
	size_t state_size; /* bytes; a multiple of 8 */
	int player_count, move_count;
	int max_plies; /* every game ends within this many moves */
	int planes, rows,
		cols;   /* shape of encode(); rows x cols is the board */
	int symmetries; /* >= 1; number 0 is the identity */
};

struct game_param {
	const char *name; /* NULL ends the list */
	int min, max, fallback;
	const char *help;
	/* 0 or 1: a whole number.  2: halves, as komi: 15 is written 7.5. */
	int scale;
	/* Not NULL: names for 0, 1, ... up to max, written instead of them. */
	const char *const *choices;
	/* (optional, together) A notation of its own, without commas; min and
	 * max are not looked at.  read: ERR_USAGE says what is wrong with
	 * `text`, which goes on from "game drop: dirs = 'x': ". */
	enum err_code (*read)(const char *text, int *value, struct err *e);
	void (*write)(int value, char out[GAME_PARAM_SIZE]);
	/* At its fallback it is left out of the canonical name too: a parameter
	 * that came later changes no name of before. */
	bool unsaid;
	/* A network need not have been trained with the same value: it sees the
	 * parameter (komi), or need not know it (a cap on plies). */
	bool loose;
};

/* A figure that the record of a game keeps, e.g. "ghosts" 3. */
struct game_fact {
	const char *name; /* one lower-case word */
	int value;
};

struct rng;

struct game_rules {
	const char *family; /* unique key, e.g. "drop" */
	const char *title;  /* for people, e.g. "Connect-style drop games" */
	const char *source; /* rules text this follows */
	const struct game_param *params;

	/* Fill sizes from g->param, and write values there in their one
	 * canonical way.  ERR_USAGE for parameters that do not go together. */
	ATTR_NODISCARD enum err_code (*setup)(struct game *g, struct err *e);
	/* From g->start where that is not empty.  `seed` matters only to games
	 * with chance in their set-up. */
	void (*start)(const struct game *g, void *s, uint64_t seed);
	/* Player 0 .. player_count-1, GAME_CHANCE or GAME_OVER. */
	int (*to_act)(const struct game *g, const void *s);
	/* Legal moves, ascending, into out[move_count]; returns how many. */
	int (*legal)(const struct game *g, const void *s, game_move *out);
	/* `m` must be legal (asserted, not reported). */
	void (*apply)(const struct game *g, void *s, game_move m);
	/* At GAME_OVER only: value[player_count], each in [-1, 1]. */
	void (*score)(const struct game *g, const void *s, float *value);
	/* Features seen by the player to act: out(planes, rows, cols), [0, 1].
	 */
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
	/* (optional) What moves begin with beside the letter of a column, as
	 * move_text() writes it: "KQRBNO" in chess. */
	const char *move_letters;
	/* (optional) The cells of the line that won, into out[rows * cols];
	 * returns how many.  For drawing a finished game. */
	int (*winning_cells)(const struct game *g, const void *s, int *out);
	/* (optional) Probability of each legal move at GAME_CHANCE; sums to 1.
	 * There legal(), apply() and the move's text work as for a player;
	 * encode() is for players alone. */
	void (*chance)(const struct game *g, const void *s, float *prob);
	/* (optional) Running score of games that keep one. */
	int (*points)(const struct game *g, const void *s);
	/* (optional) Figures for the record of a game so far, into
	 * out[GAME_MAX_FACTS]; returns how many. */
	int (*facts)(const struct game *g, const void *s,
		     struct game_fact *out);
	/* (optional) At GAME_OVER: how, in a word or two: "checkmate". */
	const char *(*ended)(const struct game *g, const void *s);

	/*
	 * (optional, together) Positions as text in the notation of the game's
	 * players (FEN), one line without commas, and back.  start_param names
	 * the parameter that sets g->start: "fen".  parse: ERR_FORMAT names the
	 * column and what is wrong; the state is unchanged then.  What it
	 * accepts is a position that can be played from.
	 */
	const char *start_param;
	void (*position_text)(const struct game *g, const void *s,
			      char out[GAME_START_SIZE]);
	enum err_code (*position_parse)(const struct game *g, void *s,
					const char *text, struct err *e);

	/* (optional) What of a position that position_parse() takes is read
	 * otherwise than it is written, in phrases for people; adds nothing
	 * where that is nothing. */
	void (*position_doubts)(const struct game *g, const char *text,
				struct buf *out);

	/* (optional) Text for position_parse() out of what stands on each cell,
	 * cell[rows * cols] in the numbers of cell(), with `player` to move;
	 * the rest of the position is guessed, and nothing is checked.  Empty
	 * where it is too long. */
	void (*setup_text)(const struct game *g, const uint8_t *cell,
			   int player, char out[GAME_START_SIZE]);

	/* (optional) Why the player to act may not move to an empty cell, for
	 * people: "it repeats a position (superko)"; NULL: it is allowed. */
	const char *(*refusal)(const struct game *g, const void *s, int cell);

	/* (optional) The cell that a moved piece leaves; -1: none. */
	int (*move_from)(const struct game *g, const void *s, game_move m);
	/* (optional) Whose cell it is, seen from player 0, in [-1, 1], into
	 * out[rows * cols]: at GAME_OVER a training target; else as it would be
	 * counted now.  Cells lie as encode() lays them.  And player 0's lead
	 * in points, komi included. */
	void (*ownership)(const struct game *g, const void *s, float *out);
	float (*lead)(const struct game *g, const void *s);
	/* (optional) At GAME_OVER: the lead by which the game is scored, where
	 * that is not lead(). */
	float (*final_lead)(const struct game *g, const void *s);
	/* Leads are divided by this for training: about the largest usual one.
	 * Set with lead(). */
	float (*lead_scale)(const struct game *g);

	/* (optional) Where a network may say a move: a plane, 0 or a few dozen
	 * at most, of boards that lie as encode() lays them, and there *cell.
	 * -1: on no cell (a pass).  No two moves share a place.  With it,
	 * networks need not learn a dense layer over all moves. */
	int (*move_plane)(const struct game *g, game_move m, int *cell);

	/* (optional) Faster than the general way, the same answers: leaf paths
	 * as game_perft(); a move for random games to the end, which may leave
	 * out moves that no sane game wants (filling an own eye). */
	uint64_t (*perft)(const struct game *g, const void *s, int depth);
	game_move (*random_move)(const struct game *g, const void *s,
				 struct rng *r);
	/* (optional) A quick check of whether a move from here may end the
	 * game.  Where it says no, searches do not try every move for one; an
	 * end that is there after all is found once the move is searched. */
	bool (*may_end)(const struct game *g, const void *s);
};

/* All families; ends with NULL.  Adding one: a file, a line here, a build line.
 */
extern const struct game_rules *const game_table[];

/* Short names for well-known members, shown first in menus and help. */
struct game_alias {
	const char *name;  /* "connect4"; NULL ends */
	const char *title; /* "Connect Four" */
	const char *spec;  /* "drop:rows=6,cols=7,line=4" */
};
extern const struct game_alias game_aliases[];

/* What menus offer, in their order: members of every family, by the name that
 * game_short_name() gives. */
struct game_member {
	const char *name;  /* "go:size=13"; NULL ends */
	const char *title; /* "Go 13x13" */
};
extern const struct game_member game_members[];

/* Make a game from "connect4", "mnk:3,3,3", "drop:rows=6,cols=7,line=4" or
 * "chess:fen=...": the start comes last and takes the rest of the text.
 * ERR_USAGE names what is wrong, with the nearest known name; what a start's
 * own parser says is passed on. */
ATTR_NODISCARD enum err_code game_init(struct game *g, const char *spec,
				       struct err *e);

/* The alias if there is one ("connect4"), else the name without parameters at
 * their defaults. */
const char *game_short_name(const struct game *g);

/* A parameter as game_init() reads it; false if the game has none of the name.
 */
bool game_param_text(const struct game *g, const char *name,
		     char out[GAME_PARAM_SIZE]);

/* The same rules and parameters, wherever games begin. */
bool game_same_rules(const struct game *a, const struct game *b);
/* A network trained on one can play the other: only starts and loose
 * parameters differ. */
bool game_same_network(const struct game *a, const struct game *b);

/* The same rules from another start; an empty text: the usual one.  `out` may
 * be `g`.  ERR_FORMAT as position_parse(), ERR_USAGE where the family has only
 * one start. */
ATTR_NODISCARD enum err_code game_from(struct game *out, const struct game *g,
				       const char *start, struct err *e);
/* "Connect Four", "Go 9x9" whatever its start and loose parameters; the short
 * name where there is no better one. */
const char *game_title(const struct game *g);

/* Player 0's lead at GAME_OVER, of a game with lead(): how it is scored. */
float game_final_lead(const struct game *g, const void *s);

/* A zeroed state of the right size, after start(); caller frees. */
void *game_state_new(const struct game *g, uint64_t seed);

/*
 * A line of play as text, from the starting position: "4453" or "d3 c5", and as
 * people write it: numbered, "1. d3 c5 2. f6", glued, "d3c5f6", in capitals,
 * with commas, and without the passes that are forced.  Parsing applies each
 * move to `s` and stores it in moves[max_plies].  ERR_FORMAT names the first
 * bad move and its ply, counted from 1.
 */
ATTR_NODISCARD enum err_code game_play_text(const struct game *g, void *s,
					    const char *text, game_move *moves,
					    int *count, struct err *e);
/* The same, a move at a time, for readers that know more than moves: the next
 * word, past numbers, and its length, 0 at the end; and the move that *text,
 * which moves on, begins with.  False: none is there, and *text is at the word.
 */
const char *game_line_word(const char *text, size_t *len);
bool game_line_move(const struct game *g, const void *s, const char **text,
		    game_move *m);
/* `start` is where the line begins; it is not changed. */
void game_line_text(const struct game *g, const void *start,
		    const game_move *moves, int count, struct buf *out);

/* Count leaf paths of `depth` plies; finished games are not extended and
 * count only at their own depth. */
uint64_t game_perft(const struct game *g, const void *s, int depth);
/* The games that are over in fewer plies, which game_perft() leaves out: some
 * tables count each as a leaf. */
uint64_t game_perft_ended(const struct game *g, const void *s, int depth);

/* Draw a move at GAME_CHANCE by its probabilities; a move for a random game.
 * `scratch` has room for move_count moves. */
game_move game_chance_move(const struct game *g, const void *s, struct rng *r,
			   game_move *scratch);
game_move game_random_move(const struct game *g, const void *s, struct rng *r,
			   game_move *scratch);

/*
 * Play `plies` random moves from `s`, and chance between them, which is not
 * counted, into moves[max_plies]; *count gets how many there are in all.  All
 * draws come from `r`.  Returns false where the game would have ended: it is
 * left one move short of that.
 */
bool game_opening(const struct game *g, void *s, int plies, struct rng *r,
		  game_move *moves, int *count);

/* A result in [-1, 1] as win, draw, loss.  In a one-player game it is win minus
 * loss without draws; in a two-player game, what lies between is mixed with a
 * draw. */
void game_value_wdl(const struct game *g, float value, float wdl[3]);

/* Permute a policy (move_count) or planes (planes, rows, cols) by `sym`. */
void game_policy_symmetry(const struct game *g, int sym, const float *in,
			  float *out);
void game_planes_symmetry(const struct game *g, int sym, const float *in,
			  float *out);

#endif
