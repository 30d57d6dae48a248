/* SPDX-License-Identifier: MIT */
#ifndef CORE_AGENT_PAGE_H
#define CORE_AGENT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/net/tokens.h"

/*
 * What a network that writes boards as tokens has before it: backups one after
 * the other, each in words (core/net/tokens.h):
 *
 *	BOARD cells, its worth, a value of each move, 0 or 1
 *	    a move, the cells after it, their worth        for some moves, or
 *	    a move, the cells after it, ... the end        a game to its end
 *	AGAIN a better value of each move, the board's worth
 *	a move or FRESH                                    where it goes on
 *
 * Cells and values are as the player to act at that board sees them.  Two plies
 * deep, a board after a move has values of its moves and boards of its own,
 * then AGAIN and its worth.
 */
enum page_ask {
	PAGE_GIVEN, /* form, or known by the rules: nobody was asked */
	PAGE_CELL,
	PAGE_VALUE,
	PAGE_LEAF, /* a value, or that the game is over */
	PAGE_MODE, /* 0 or 1 */
	PAGE_MOVE,
};

struct page_word {
	uint16_t word, place, level, branch, next;
	uint8_t ask; /* enum page_ask: what stands there is one of these, */
	bool engine; /* and this is the rules' or the engine's, not its own */
	float mean;  /* of what it said of a value; NAN: not asked */
	/* What is learned there: nothing where the weight is 0; a value, or
	 * where that is NAN the word itself. */
	float weight, aim;
};

/* One of them.  Values: [moves + 1], the last the board's worth; NAN: the move
 * cannot be made. */
struct page_backup {
	int first, count; /* words */
	int worth;        /* where the board's worth stands; those of moves
			   * follow */
	int again;        /* where the better values begin; -1: not looked */
	bool rollout;
	game_move pick; /* GAME_NO_MOVE: a fresh game */
	int looked;     /* boards after a move that were looked at */
	/* owned, each: as it wrote at first; what is written once more, and
	 * what it should be by the rules of arithmetic from the values written
	 * in between; what it says of the board after it has learned */
	float *before, *better, *exact, *later;
	float pull; /* (optional) norm of that gradient; NAN: none */
	/* owned; the position, and the moves that led to it, where they are
	 * known: page_save() needs them */
	void *state;
	game_move *line;
	int plies; /* -1: not known */
};

struct page {
	const struct game *game; /* borrowed */
	struct token_form form;
	struct page_word *words; /* owned; [count] */
	int count, room;
	struct page_backup *backups; /* owned; [backup_count] */
	int backup_count, backup_room;
};

/* Whether boards of the game are cells of three kinds: ERR_USAGE says. */
ATTR_NODISCARD enum err_code page_game_check(const struct game *g,
					     struct err *e);

void page_init(struct page *p, const struct game *g);
void page_release(struct page *p);
void page_clear(struct page *p);

/* One more word; the one before it is told where it stands. */
struct page_word *page_add(struct page *p, int word, int place, int level,
			   int branch);
/* The board of `state` as `player` sees it, as words; the first of them. */
int page_add_cells(struct page *p, const void *state, int player, int level,
		   int branch);
/* The word of one cell. */
int page_cell(const struct page *p, const void *state, int player, int cell);
/* One more backup, of the board `state` after these moves; plies -1: they are
 * not known. */
struct page_backup *page_begin(struct page *p, const void *state,
			       const game_move *line, int plies);

/* One row of the network. */
void page_row(const struct page_word *w, float ids[TOKEN_IDS]);

/* A word as people read it: "x", "+.25", "d3".  `state`: the position whose
 * moves are meant. */
enum { PAGE_TEXT = GAME_TEXT_SIZE };
void page_word_text(const struct page *p, const void *state, int word,
		    char out[PAGE_TEXT]);

/* Moves from the game's start to where somebody acts, and back: into `state`
 * and line[max_plies]; how many.  `r` fails on what cannot be played. */
void page_save_line(const game_move *line, int plies, struct buf *out);
int page_load_line(const struct game *g, struct reader *r, void *state,
		   game_move *line);

void page_save(const struct page *p, struct buf *out);
/* Into a page that was page_init()ed.  ERR_FORMAT. */
ATTR_NODISCARD enum err_code page_load(struct page *p, struct reader *r,
				       struct err *e);

#endif
