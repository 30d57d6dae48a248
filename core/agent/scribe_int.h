/* SPDX-License-Identifier: MIT */
#ifndef CORE_AGENT_SCRIBE_INT_H
#define CORE_AGENT_SCRIBE_INT_H

#include <stdbool.h>

#include "core/agent/page.h"
#include "core/agent/scribe.h"
#include "core/net/net.h"
#include "core/net/tokens.h"

/*
 * The inside of a scribe, in layers: what is asked (scribe_ask.c), boards and
 * what they are worth (scribe_board.c), a backup (scribe.c), and counts.  All
 * lanes do the same at the same time; who has the `turn` takes part.
 */
enum { SCRIBE_PLIES = 3 }; /* boards of a line: the root and two after it */

/* A board of the line in hand. */
struct ply {
	void *state; /* owned */
	int player;  /* as whom it is seen */
	int branch, level;
	bool on; /* somebody acts there, and it is looked at */
	game_move *legal, *listed; /* owned, each: [moves] */
	int legal_count, listed_count;
	float *q;    /* owned; [moves]; NAN: cannot be made */
	float worth; /* as written */
};

struct lane {
	const struct scribe_desk *desk;
	struct ply ply[SCRIBE_PLIES];
	bool turn; /* takes part in what is asked next */
	int told;  /* words that the network was told */
};

struct scribe {
	const struct net_plan *plan; /* borrowed; NULL: nobody is asked */
	const struct game *game;     /* borrowed */
	struct token_form form;
	int words, context;
	struct net_work *work;     /* owned */
	struct net_memory *memory; /* owned */
	int lanes, max_rows;
	struct lane *lane; /* owned; [lanes] */
	float *x, *said;   /* owned; rows of a call */
	float *logits;     /* owned; (lanes, words): of the word that follows */
	float *weight;     /* owned; [words] */
	int *begin, *which;
	struct scribe_counts counts;
	/* the backup in hand */
	const struct scribe_conf *conf;
	int n;
};

/* --- scribe_ask.c -------------------------------------------------------- */

struct page *scribe_page(const struct scribe *s, int i);
/* Which word follows, in the lanes whose turn it is, where it will stand at
 * `place`: logits. */
void scribe_ask(struct scribe *s, int place);
/* Softmax of the words from .. from + n - 1 into s->weight[n]; the largest. */
int scribe_chances(struct scribe *s, int lane, int from, int n);
/* A value that was asked for, or one that is known, written: what stands there.
 */
float scribe_value(struct scribe *s, int i, int place, int level, int branch);
float scribe_give(struct page *p, float value, int place, int level,
		  int branch);

/* --- scribe_board.c ------------------------------------------------------ */

void scribe_legal(const struct scribe *s, struct ply *p);
/* Values of the moves at ply k, in the lanes whose board there is on. */
void scribe_moves(struct scribe *s, int k);
/* The best by what was written, in an order that says nothing. */
void scribe_list(struct scribe *s, int lane, struct ply *p);
/* That the game is over, and how, as the rules say. */
float scribe_give_end(struct scribe *s, int i, const struct ply *p);
/* What the board at ply k is worth, in the lanes whose turn it is. */
void scribe_worth(struct scribe *s, int k);
/* The board after move number j that is listed at ply k - 1, and its worth. */
void scribe_after(struct scribe *s, int k, int j);
/* Two plies deep: the board at ply 1 looks at its own moves, and is worth what
 * the best of them is. */
void scribe_deeper(struct scribe *s);
/* What a move to the board at `after` is worth to who makes it. */
float scribe_worth_before(const struct ply *from, const struct ply *after);
float scribe_best(const struct ply *p);

/* --- scribe_count.c ------------------------------------------------------ */

/* The board that was just written in lane i, by ply k. */
void scribe_count_board(struct scribe *s, int i, int k);
void scribe_count_end(struct scribe *s, const struct ply *p, bool said);
void scribe_count_result(struct scribe *s, const struct ply *p);
/* Of better values that it wrote itself. */
void scribe_count_values(struct scribe *s, const struct page_backup *b);

#endif
