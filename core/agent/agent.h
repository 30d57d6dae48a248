/* SPDX-License-Identifier: MIT */
#ifndef CORE_AGENT_AGENT_H
#define CORE_AGENT_AGENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"

/*
 * Anything that chooses a move, named by one spec string used everywhere:
 *
 *	KIND[:WHAT][,SETTING=VALUE...]
 *
 * as in `tactical`, `mcts:RUN/STEP,sims=100` and `engine:gnugo --mode gtp`.
 * agent_kinds[] (kind.h) is the table of kinds, with their forms; conf.h says
 * how settings are read, command.h how a command is quoted.  STEP may be
 * `latest`.
 */

struct agent_kind;
struct net_plan;
struct trace; /* core/search/trace.h */

/* A game that others played, from the game's usual start. */
struct agent_past {
	const game_move *moves; /* [count] */
	int count;
	float result;  /* of player 0, in [-1, 1] */
	int64_t stage; /* steps that its players had learned; -1: not known */
	int opening;   /* so many of the moves, at first, nobody chose */
};

/* Where agents get networks: the lab fills this in.  `step` is a number,
 * "latest", or SEED.STAGE in a set of lives; *loaded is the step that was
 * found.  The plan fits the game `g`. `release` is called once for each
 * success.  Any thread may call. */
struct agent_source {
	enum err_code (*load)(void *self, const char *run, const char *step,
			      const struct game *g,
			      const struct net_plan **plan, int64_t *loaded,
			      struct err *e);
	void (*release)(void *self, const struct net_plan *plan);
	void *self;
	/* (optional) May the command that a spec names be started?
	 * ERR_UNTRUSTED: no.  Without it all may: nobody but a person wrote the
	 * spec. */
	enum err_code (*allow)(void *self, const char *spec, struct err *e);
	/* (optional) Stored games for an agent to read, the oldest first:
	 * "last:N", the N newest that `run` learned from, or "RUN:last:N".
	 * ERR_USAGE: not one of these; ERR_NOTFOUND: there is none. */
	enum err_code (*past)(void *self, const char *run, const char *which,
			      const struct game *g,
			      void (*take)(void *ctx,
					   const struct agent_past *past),
			      void *ctx, struct err *e);
	/* (optional) Kinds of agents that are not in agent_kinds[] (kind.h);
	 * ends with NULL. */
	const struct agent_kind *const *kinds;
};

struct agent_move {
	game_move move;
	uint32_t visits; /* 0 where there was no search */
	float prior;  /* the network's; the agent's own policy if it has none */
	float policy; /* chance that the agent plays it, before temperature */
	float q;      /* for the player to act; NAN if unknown */
	float value;  /* raw V after the move, for the player to act; NAN */
	float wdl[3]; /* of which q is made; NAN: unknown */
};

/* How an agent expects the game to go on. */
enum { THOUGHT_LINE = 32 };
struct thought_line {
	int count;
	game_move moves[THOUGHT_LINE]; /* the first from the position in hand */
	uint32_t visits[THOUGHT_LINE]; /* of each; 0 without a search */
	/* Of the positions that the search looked at after the first move, the
	 * mean lead of player 0 in points, and its standard deviation; NAN
	 * where the network does not say. */
	float lead, lead_spread;
};

/* What an agent that reads games had before it when it thought. */
struct thought_reading {
	bool known;
	int64_t games;  /* before the one in hand, of which it has something */
	int64_t plies;  /* positions, of all of them */
	int64_t slides; /* times that it forgot the oldest ones */
	int context;    /* the most positions; 0: no limit */
};

/* What an agent thought: what screens draw and the store keeps. */
struct thought {
	game_move move;           /* chosen */
	int count;                /* legal moves */
	struct agent_move *moves; /* owned; [count], in move order */
	bool has_value;
	float wdl[3]; /* for the player to act */
	int simulations;
	struct trace *trace; /* owned; NULL without a search */
	int line_count;
	struct thought_line *lines; /* owned; [line_count], best first, of a
				     * search those moves that it looked at and
				     * the one chosen; NULL: not asked for, or
				     * not known */
	float *ownership; /* owned; [rows * cols], seen from player 0, in
			   * [-1, 1]; NULL where the network does not say */
	float lead; /* of player 0, in points; NAN where it does not say */
	float *line_owners; /* owned; [line_count][rows * cols], as ownership,
			     * after the first move of each line; NULL: not
			     * asked for, or not said */
	struct thought_reading reading;
	/* Not empty: the agent could not move and loses; why, ready to show:
	 * "gnugo gave no answer within 10 s".  `move` is then no choice. */
	char forfeit[160];
};
void thought_release(struct thought *t);

struct agent; /* one per player and thread */

/* `g` and `source` are borrowed and must outlive the agent.  `source` may be
 * NULL where no network is needed.  ERR_USAGE for a spec not understood
 * (nearest name given), ERR_NOTFOUND for a run or step that is not there,
 * ERR_UNTRUSTED for a command that `source` does not allow. */
ATTR_NODISCARD enum err_code agent_open(struct agent **out, const char *spec,
					const struct game *g,
					const struct agent_source *source,
					struct err *e);
void agent_close(struct agent *a); /* NULL is allowed */

/* Whether opening this spec, of a kind in agent_kinds[], asks `source` for a
 * network. */
bool agent_needs_network(const char *spec);

/* The network that it asks for, "RUN/STEP", as written.  False: none. */
enum { AGENT_COMMAND_SIZE = 208 };
bool agent_network(const char *spec, char network[AGENT_COMMAND_SIZE]);

/* The command that a spec, of a kind in agent_kinds[], would have started: what
 * stands after the colon, as written.  False: it starts none. */
bool agent_command(const char *spec, char command[AGENT_COMMAND_SIZE]);

/* As written in tables and lab files: settings at their defaults left out,
 * `latest` replaced by the step that was loaded. */
const char *agent_name(const struct agent *a);
bool agent_is_human(const struct agent *a);

/* Choose a move at `state` (not over).  `seed`, `game` and `ply` name the
 * random stream.  `cancel` may be NULL; after a cancel the best so far stands.
 * `out` is filled and owned by the caller. */
void agent_think(struct agent *a, const void *state, uint64_t seed,
		 uint64_t game, int ply, const atomic_bool *cancel,
		 struct thought *out);

/* Many positions at once, each on its own. */
struct agent_question {
	const void *state;     /* not over; borrowed */
	const game_move *line; /* as agent_line(); borrowed */
	int ply;               /* moves in it */
	uint64_t game;         /* names the random streams, with the seed */
};
struct agent_answers {
	/* The thought about questions[i], valid during the call; in any order,
	 * from the asking thread. */
	void (*take)(void *ctx, int i, const struct thought *t);
	void *ctx;
};
/* As agent_think() about each alone, without traces, and with nothing kept for
 * a next turn; not with limits.  A search with a network that was not told its
 * `batch` asks about one leaf at a time: the searches are a fleet (fleet.h), so
 * that the network's calls are full and it is asked once about each position.
 * No answer depends on the other questions.  False: ended by `cancel` (may be
 * NULL), some answers missing. */
bool agent_think_many(struct agent *a, const struct agent_question *questions,
		      int count, uint64_t seed, const atomic_bool *cancel,
		      const struct agent_answers *answers);

/* How an agent takes part in many games at a time. */
enum agent_company {
	AGENT_IN_TURN,  /* one position after the other */
	AGENT_TOGETHER, /* asks its network about all at once */
	AGENT_ALONE,    /* follows one game: another program */
};
enum agent_company agent_company(const struct agent *a);

/* What an agent keeps of one game from turn to turn: its tree.  It serves any
 * agent of the same spec and game, one at a time. */
struct agent_kept;
struct agent_kept *agent_kept_new(const struct agent *a);
void agent_kept_free(struct agent_kept *kept); /* NULL is allowed */

/* One of many games in which an agent has the turn. */
struct agent_turn {
	struct agent_question at;
	struct agent_kept *kept; /* of this game; borrowed */
	struct thought out;      /* filled; the caller releases it */
};
/*
 * As agent_think() about each, with traces if they are kept, each game with its
 * own tree; not with limits.  Agents of AGENT_TOGETHER search one leaf at a
 * time, as agent_think_many() does: a thought is the same in any company.
 * False: `cancel` (may be NULL) was set, and no thought is there.
 */
bool agent_think_together(struct agent *a, struct agent_turn *turns, int count,
			  uint64_t seed, const atomic_bool *cancel);

/* A finished game, as it is told to an agent that took part. */
struct agent_game {
	const void *start;      /* the position before the first move */
	const game_move *moves; /* [count], those of chance among them */
	int count;
	int opening;  /* so many of them were given and not chosen */
	int player;   /* who the agent was */
	float result; /* of that player, in [-1, 1] */
};
/*
 * An agent may live across games: it is told each, in the order in which they
 * were played, and may play the next by what it has learned.  Its thoughts then
 * follow from the games of its life, and still from nothing else.  All is
 * forgotten with agent_close().  `game` is borrowed for the call; agents that
 * do not learn take no notice.
 */
void agent_learn(struct agent *a, const struct agent_game *game);
/* Whether it takes notice of games. */
bool agent_learns(const struct agent *a);

/* The moves played so far from where g's games begin, before agent_think():
 * agents that follow a game (other programs) need more than a position.
 * Borrowed until the next call; if it is not called, only the position is
 * known. */
void agent_line(struct agent *a, const game_move *moves, int count);

/* What holds for one question and not for the agent.  Agents that do not search
 * take `only` into account and nothing else. */
struct agent_limits {
	int simulations;       /* instead of its own; 0: its own */
	int lines;             /* of play, wanted in its thoughts */
	const game_move *only; /* choose among these; [only_count] */
	int only_count;        /* 0: all */
	bool no_trace;         /* whatever agent_keep_trace() said */
	bool line_owners;      /* wanted in its thoughts, of each line */
};
/* From the next thought on; NULL: no limits.  Copied. */
void agent_limit(struct agent *a, const struct agent_limits *limits);

/* (for live views) called from inside agent_think() about ten times a second,
 * and once more when a search was cancelled, with a thought so far that is only
 * valid during the call.  It has no trace: copying a large tree takes longer
 * than a frame.  The callback may call agent_keep_trace(). */
void agent_watch(struct agent *a,
		 void (*report)(void *ctx, const struct thought *so_far),
		 void *ctx);

/* Ask agent_think() to leave out traces, ownership and lead, which are for
 * show, from the next thought on (matches in bulk), or out of the one in hand
 * if that is not wanted any more. */
void agent_keep_trace(struct agent *a, bool keep);

#endif
