/* SPDX-License-Identifier: MIT */
#ifndef CORE_FORMAT_GTP_H
#define CORE_FORMAT_GTP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"

/*
 * The text of the Go Text Protocol, version 2 (Farneback 2002, draft 2), both
 * ends of it; nothing here reads or writes a pipe.  Text may be anything: what
 * is too long or too much is cut off, and `cut` says so.
 */
enum { GTP_TEXT_SIZE = 4096, GTP_MAX_WORDS = 512 };

/* A command: "[id] name argument ...". */
struct gtp_line {
	char text[GTP_TEXT_SIZE]; /* the words, each with its NUL */
	bool has_id;
	int id;
	const char *name; /* in `text`; NULL: nothing to do on this line */
	int count;        /* of arguments */
	const char *words[GTP_MAX_WORDS]; /* in `text` */
	const char *rest; /* in `all`: the arguments as written */
	char all[GTP_TEXT_SIZE];
	bool cut; /* longer than fits */
};

/* Comments and control characters are taken out, tabs are blanks.  The line
 * ends with its NUL or newline. */
void gtp_parse(const char *line, struct gtp_line *out);

/* "=id text\n\n", or with '?' for a failure.  Empty lines in `text`, which
 * would end the response, are left out. */
void gtp_respond(const struct gtp_line *to, bool ok, const char *text,
		 struct buf *out);

/* The first line of a response.  False: it is not one. */
struct gtp_status {
	bool ok, has_id;
	int id;
	const char *text; /* behind the blank; in the line */
};
bool gtp_parse_status(const char *line, struct gtp_status *out);

/* "b", "black", "w", "white": 0 or 1; -1 for anything else. */
int gtp_color(const char *word);

/* A number that is all of `word`, finite; false otherwise. */
bool gtp_int(const char *word, int min, int max, int *out);
bool gtp_number(const char *word, double *out);

/*
 * The arguments of lz-analyze and its kin: "[player] [interval] key value ...".
 * allow and avoid: player, vertices with commas between, and until which move
 * from here on.
 */
enum { GTP_MAX_LIMITS = 16 };

struct gtp_limit {
	bool allow; /* else avoid */
	int player;
	const char *vertices; /* "D4,E5"; in the words given */
	int until;
};

struct gtp_analyze {
	int player;               /* -1: not said */
	int interval;             /* centiseconds; 0: not said */
	int min_moves, max_moves; /* max 0: any number */
	bool ownership, root_info, pv_visits, moves_ownership;
	int limit_count;
	struct gtp_limit limits[GTP_MAX_LIMITS];
};

/* The word that is wrong, NULL if none is: front ends find out what a program
 * knows by what it refuses. */
const char *gtp_parse_analyze(const char *const *words, int count,
			      struct gtp_analyze *out);

/* The next vertex of "D4,E5" into out[8]; false at the end. */
bool gtp_next_vertex(const char **list, char out[8]);

/* One move of an analysis: what "info move ..." says. */
struct gtp_info {
	const char *move;
	uint32_t visits;
	double winrate, prior, lcb; /* [0, 1], for the player to act */
	bool has_lead;
	double lead;   /* points, for the player to act */
	double spread; /* its standard deviation; NAN: not known */
	int order;
	const char *pv;        /* the moves, with `move` first */
	const char *pv_visits; /* "20 7 1"; NULL: not wanted */
};

/* In the way of lz-analyze (ten thousandths) or kata-analyze (fractions, and
 * the lead in points). */
void gtp_format_info(const struct gtp_info *info, bool kata, struct buf *out);

#endif
