/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_SERVE_H
#define TUI_CMD_SERVE_H

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/lab/lab.h"
#include "core/session/thinker.h"
#include "tui/cmd/cmd.h"

/*
 * What the servers of protocols share: an agent that thinks in a thread of its
 * own, while this one reads lines from standard input and answers.
 */
struct serve_args {
	const char *agent, *game;
	int64_t seed;
};

struct serve {
	const struct cmd_line *line;
	const struct serve_args *args; /* of the command, at its beginning */
	const char *spec;
	struct lab *lab;         /* owned; NULL: no network is needed */
	struct thinker *thinker; /* owned; NULL before serve_agent() */
	struct game game;        /* that the thinker plays */
	int wake[2];             /* pipe: the thinker has news */
	char *input;             /* owned; what was read and not yet taken */
	size_t start, end;
	bool eof, cut;
	uint64_t seed;
};

/* A search without an end of its own takes as many simulations. */
enum { SERVE_MANY = 1000000 };

/* The command's arguments begin with struct serve_args.  *game is --game, else
 * that of the agent's network, else `usual`.  Returns an exit status. */
ATTR_NODISCARD int serve_open(struct serve *s, const struct cmd_line *line,
			      const char *usual, struct game *game);
void serve_close(struct serve *s);

/* Have the agent play `g`; nothing happens if it does.  On failure the agent is
 * the one it was. */
ATTR_NODISCARD enum err_code serve_agent(struct serve *s, const struct game *g,
					 struct err *e);
/* Another agent for the games to come. */
ATTR_NODISCARD enum err_code serve_spec(struct serve *s, const char *spec,
					const struct game *g, struct err *e);

/* Tell the agent of the game of `count` moves from the start of `from`, if it
 * is over. */
void serve_tell(struct serve *s, const struct game *from,
		const game_move *moves, int count);

enum serve_news {
	SERVE_LINE, /* a line is there */
	SERVE_WAKE, /* the thinker has a snapshot or its answer */
	SERVE_TIME, /* `until` has passed */
	SERVE_END,  /* standard input is closed */
};

/* Wait for what comes first; a line has been taken into *text, without its
 * newline and valid until the next call, if `lines`.  `until`: clock_seconds();
 * 0: no limit. */
enum serve_news serve_wait(struct serve *s, bool lines, double until,
			   const char **text);

/* Whether serve_wait() has a line at once. */
bool serve_has_line(const struct serve *s);

/* Player 0's lead in points at the root of a search, over all that it looked at
 * as its moves' are; NAN where nobody says. */
double serve_root_lead(const struct thought *t);

/* Write and release; false if nobody reads any more. */
bool serve_say(struct buf *out);

#endif
