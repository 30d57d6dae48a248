/* SPDX-License-Identifier: MIT */
#ifndef CORE_FORMAT_UCI_H
#define CORE_FORMAT_UCI_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"

/*
 * The text of the Universal Chess Interface (Meyer-Kahlen, Huber 2000), both
 * ends of it; nothing here reads or writes a pipe.  Text may be anything: what
 * is not understood is passed over, as the protocol asks.
 */
enum { UCI_FEN_SIZE = 128, UCI_MOVE_SIZE = 8, UCI_NAME_SIZE = 64 };

/* The next word of *text, which moves behind it; its length, 0 at the end of
 * the line. */
size_t uci_word(const char **text, const char **word);
/* Whether *text goes on with this word; it is taken then. */
bool uci_take(const char **text, const char *word);
/* The next word as a move, in lower case; false at the end, or if it is too
 * long for one. */
bool uci_next_move(const char **text, char out[UCI_MOVE_SIZE]);

/* "position" and what follows it. */
struct uci_position {
	bool given;             /* understood */
	char fen[UCI_FEN_SIZE]; /* empty: startpos */
	const char *moves;      /* what follows "moves"; "" if nothing */
};
void uci_parse_position(const char *args, struct uci_position *out);

/* "go" and what follows it; times in ms, -1 where not said (inc: 0). */
struct uci_go {
	int64_t nodes, movetime, depth, mate, perft;
	int64_t time[2], inc[2]; /* White, Black */
	int64_t movestogo;
	bool infinite, ponder;
	const char *searchmoves; /* the first of them; NULL: all */
	int searchmove_count;
};
void uci_parse_go(const char *args, struct uci_go *out);

/*
 * How long to think: movetime, or a share of the clock, always less than what
 * is left by a margin for the way to the front end.  In milliseconds; -1:
 * without a limit.
 */
enum { UCI_MARGIN_MS = 50 };
int64_t uci_time(const struct uci_go *go, int player, int64_t margin_ms);

/* "setoption name N value V"; false if there is no name. */
struct uci_setting {
	char name[UCI_NAME_SIZE];
	char value[256]; /* empty if none was said */
};
bool uci_parse_setting(const char *args, struct uci_setting *out);

/* "info ..." */
struct uci_info {
	int depth, seldepth;         /* 0: not said */
	int multipv;                 /* from 1 */
	int64_t nodes, nps, time_ms; /* -1: not said */
	bool has_cp, has_mate, has_wdl, bound;
	int cp;             /* hundredths of a pawn, for the player to act */
	int mate;           /* moves; below 0: mated */
	int wdl[3];         /* thousandths */
	const char *pv;     /* the first of its moves; NULL: none */
	const char *string; /* the rest after "string"; NULL */
};
#define UCI_INFO_NONE                                               \
	{                                                           \
		.multipv = 1, .nodes = -1, .nps = -1, .time_ms = -1 \
	}
void uci_parse_info(const char *args, struct uci_info *out);
/* A line without its newline; what was not said is left out. */
void uci_format_info(const struct uci_info *info, struct buf *out);

/* "bestmove M [ponder P]": M, as written; false if there is none. */
bool uci_parse_bestmove(const char *args, char out[UCI_MOVE_SIZE]);

/* "name N type T default D min A max B ..." of an engine's option. */
struct uci_option {
	char name[UCI_NAME_SIZE];
	char type[16];
	int64_t min, max;
};
bool uci_parse_option(const char *args, struct uci_option *out);

/*
 * A value in [-1, 1] in hundredths of a pawn and back: 90 tan(1.5637541897 Q),
 * the curve that Leela Chess Zero shows, which has a pawn at about Q = 0.5.
 */
int uci_cp_of(double value);
double uci_value_of(int cp);

#endif
