/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_TOKENS_H
#define CORE_NET_TOKENS_H

#include <assert.h>
#include <stdbool.h>

#include "core/net/net.h"

/*
 * Boards as tokens, for a network that reads and writes them: the words, and
 * the ids of a row.  A word is a cell as the player to act sees it, a value of
 * TOKEN_VALUES steps from -1 to 1, a move, or a mark.  The policy of such a
 * network is over the words: which one follows.
 *
 * A row has the word and where it stands, so that nothing has to be counted:
 * the place in its board, the level (enum token_level), the move that led to
 * the board, and the place of the word that follows.
 */
enum token_mark {
	TOKEN_SHALLOW, /* a search follows, */
	TOKEN_ROLLOUT, /* or a game to the end */
	TOKEN_BOARD,
	TOKEN_AGAIN,  /* a board's estimates once more */
	TOKEN_FRESH,  /* a new game */
	TOKEN_END,    /* the game is over, and how it ended follows */
	TOKEN_CANNOT, /* no value: the move cannot be made */
	TOKEN_MARKS
};
enum token_cell { TOKEN_EMPTY, TOKEN_MINE, TOKEN_THEIRS, TOKEN_CELLS };
enum { TOKEN_STEPS = 64, TOKEN_VALUES = TOKEN_STEPS + 1 };

enum token_id {
	TOKEN_ID_WORD,
	TOKEN_ID_PLACE,
	TOKEN_ID_LEVEL,
	TOKEN_ID_BRANCH,
	TOKEN_ID_NEXT,
	TOKEN_IDS
};

enum token_level {
	TOKEN_FIRST, /* a board and those after its moves */
	TOKEN_DEEP,  /* two plies on */
	TOKEN_ONCE_MORE,
	TOKEN_LEVELS
};

/* Places: the cells, the values of moves, the board's own, a mark, a move. */
struct token_form {
	int cells, moves; /* of the game */
};

static inline int token_words(const struct token_form *f)
{
	return TOKEN_MARKS + TOKEN_CELLS + TOKEN_VALUES + f->moves;
}

static inline int token_cell(int cell)
{
	return TOKEN_MARKS + cell;
}

static inline int token_value_first(void)
{
	return TOKEN_MARKS + TOKEN_CELLS;
}

static inline int token_move(int move)
{
	return TOKEN_MARKS + TOKEN_CELLS + TOKEN_VALUES + move;
}

static inline bool token_is_cell(int word)
{
	return word >= TOKEN_MARKS && word < TOKEN_MARKS + TOKEN_CELLS;
}

static inline bool token_is_value(int word)
{
	return word >= token_value_first() &&
	       word < token_value_first() + TOKEN_VALUES;
}

/* The word nearest to a value in [-1, 1], and what it says. */
static inline int token_value(float value)
{
	float v = value < -1 ? -1 : value > 1 ? 1 : value;

	return token_value_first() +
	       (int)((v + 1) * (TOKEN_STEPS / 2.0f) + 0.5f);
}

static inline float token_value_of(int word)
{
	assert(token_is_value(word));
	return (float)(word - token_value_first()) / (TOKEN_STEPS / 2.0f) - 1;
}

static inline int token_places(const struct token_form *f)
{
	return f->cells + f->moves + 3;
}

static inline int token_place_move(const struct token_form *f, int move)
{
	return f->cells + move;
}

static inline int token_place_worth(const struct token_form *f)
{
	return f->cells + f->moves;
}

static inline int token_place_mark(const struct token_form *f)
{
	return f->cells + f->moves + 1;
}

static inline int token_place_choice(const struct token_form *f)
{
	return f->cells + f->moves + 2;
}

/* Branches: the moves, and none. */
static inline int token_branches(const struct token_form *f)
{
	return f->moves + 1;
}

/* The rows of a game's network become those of its boards as tokens. */
void net_tokens_rows(struct net_config *c);

#endif
