/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/uci.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"

static const char BLANKS[] = " \t\r";

enum { MOVES_LEFT = 30, LONGEST_MS = 100000000 };

size_t uci_word(const char **text, const char **word)
{
	size_t n;

	*text += strspn(*text, BLANKS);
	*word = *text;
	n = strcspn(*text, " \t\r\n");
	*text += n;
	return n;
}

static bool is_word(const char *word, size_t n, const char *name)
{
	return strlen(name) == n && !memcmp(word, name, n);
}

bool uci_take(const char **text, const char *name)
{
	const char *at = *text, *word;
	size_t n = uci_word(&at, &word);

	if (!n || !is_word(word, n, name))
		return false;
	*text = at;
	return true;
}

bool uci_next_move(const char **text, char out[UCI_MOVE_SIZE])
{
	const char *word;
	size_t n = uci_word(text, &word);

	if (!n || n >= UCI_MOVE_SIZE)
		return false;
	for (size_t i = 0; i < n; i++)
		out[i] = (char)tolower((unsigned char)word[i]);
	out[n] = '\0';
	return true;
}

/* The next word as a number; the text stays where it is if it is none. */
static bool take_number(const char **text, int64_t *out)
{
	const char *at = *text, *word;
	size_t n = uci_word(&at, &word);
	long long v;
	char *end;

	if (!n || n > 24)
		return false;
	errno = 0;
	v = strtoll(word, &end, 10);
	if (end != word + n || errno)
		return false;
	*out = v;
	*text = at;
	return true;
}

/* --- from the front end -------------------------------------------------- */

void uci_parse_position(const char *args, struct uci_position *out)
{
	const char *word;
	size_t n, used = 0;

	out->given = false;
	out->fen[0] = '\0';
	out->moves = "";
	if (uci_take(&args, "startpos")) {
		out->given = true;
	} else if (uci_take(&args, "fen")) {
		for (;;) {
			const char *before = args;

			n = uci_word(&args, &word);
			if (!n || is_word(word, n, "moves")) {
				args = before;
				break;
			}
			if (used + n + 2 > sizeof(out->fen))
				return;
			if (used)
				out->fen[used++] = ' ';
			memcpy(out->fen + used, word, n);
			used += n;
			out->fen[used] = '\0';
		}
		out->given = used > 0;
	}
	if (uci_take(&args, "moves"))
		out->moves = args;
}

/* The keys of "go" that a number follows. */
static int64_t *go_number(struct uci_go *go, const char *word, size_t n)
{
	const struct {
		const char *name;
		int64_t *at;
	} keys[] = {
		{"nodes", &go->nodes},   {"movetime", &go->movetime},
		{"depth", &go->depth},   {"mate", &go->mate},
		{"perft", &go->perft},   {"wtime", &go->time[0]},
		{"btime", &go->time[1]}, {"winc", &go->inc[0]},
		{"binc", &go->inc[1]},   {"movestogo", &go->movestogo},
	};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (is_word(word, n, keys[i].name))
			return keys[i].at;
	return NULL;
}

/* Two squares, and perhaps a piece: a move and not the next key. */
static bool looks_like_move(const char *word, size_t n)
{
	return (n == 4 || n == 5) && isalpha((unsigned char)word[0]) &&
	       isdigit((unsigned char)word[1]) &&
	       isalpha((unsigned char)word[2]) &&
	       isdigit((unsigned char)word[3]);
}

static void take_searchmoves(const char **args, struct uci_go *out)
{
	const char *word, *before;
	size_t n;

	out->searchmoves = *args;
	for (;;) {
		before = *args;
		n = uci_word(args, &word);
		if (!n || !looks_like_move(word, n))
			break;
		out->searchmove_count++;
	}
	*args = before;
}

void uci_parse_go(const char *args, struct uci_go *out)
{
	const char *word;
	size_t n;

	memset(out, 0, sizeof(*out));
	out->nodes = out->movetime = out->depth = out->mate = -1;
	out->perft = -1;
	out->time[0] = out->time[1] = out->movestogo = -1;
	while ((n = uci_word(&args, &word))) {
		int64_t *number = go_number(out, word, n);

		/* A clock that ran out is a clock. */
		if (number && take_number(&args, number) && *number < 0)
			*number = 0;
		if (is_word(word, n, "infinite"))
			out->infinite = true;
		else if (is_word(word, n, "ponder"))
			out->ponder = true;
		else if (is_word(word, n, "searchmoves"))
			take_searchmoves(&args, out);
	}
}

static int64_t between(int64_t v, int64_t low, int64_t high)
{
	return v < low ? low : v > high ? high : v;
}

int64_t uci_time(const struct uci_go *go, int player, int64_t margin_ms)
{
	int64_t left, inc, moves, most, share;

	if (go->movetime >= 0)
		return between(go->movetime, 1, LONGEST_MS);
	if (go->infinite || go->time[player] == -1)
		return -1;
	left = between(go->time[player], 0, LONGEST_MS);
	inc = between(go->inc[player], 0, LONGEST_MS);
	moves = go->movestogo > 0 ? between(go->movestogo, 1, MOVES_LEFT)
				  : MOVES_LEFT;
	/* Whatever the share is, the flag must not fall. */
	most = left > 2 * margin_ms ? left - margin_ms : left / 2;
	share = left / moves + inc * 3 / 4 - margin_ms / 2;
	return between(share, between(most, 1, 10), most > 0 ? most : 1);
}

/* Words up to one of the names given, or the end, put together with blanks. */
static void take_text(const char **args, const char *const *ends, char *out,
		      size_t size)
{
	const char *word, *before;
	size_t used = 0, n;

	out[0] = '\0';
	for (;;) {
		before = *args;
		n = uci_word(args, &word);
		if (!n)
			return;
		for (int i = 0; ends[i]; i++)
			if (is_word(word, n, ends[i])) {
				*args = before;
				return;
			}
		if (used + n + 2 > size)
			continue;
		if (used)
			out[used++] = ' ';
		memcpy(out + used, word, n);
		used += n;
		out[used] = '\0';
	}
}

bool uci_parse_setting(const char *args, struct uci_setting *out)
{
	static const char *const value[] = {"value", NULL};
	static const char *const none[] = {NULL};

	out->name[0] = out->value[0] = '\0';
	if (!uci_take(&args, "name"))
		return false;
	take_text(&args, value, out->name, sizeof(out->name));
	if (uci_take(&args, "value"))
		take_text(&args, none, out->value, sizeof(out->value));
	return *out->name;
}

/* --- from the engine ----------------------------------------------------- */

static int as_int(int64_t v)
{
	return (int)between(v, -INT_MAX, INT_MAX);
}

static void take_score(const char **args, struct uci_info *out)
{
	int64_t v;

	if (uci_take(args, "cp") && take_number(args, &v)) {
		out->has_cp = true;
		out->cp = as_int(v);
	} else if (uci_take(args, "mate") && take_number(args, &v)) {
		out->has_mate = true;
		out->mate = as_int(v);
	}
	if (uci_take(args, "lowerbound") || uci_take(args, "upperbound"))
		out->bound = true;
}

static void take_wdl(const char **args, struct uci_info *out)
{
	int64_t v[3], sum = 0;

	for (int i = 0; i < 3; i++) {
		if (!take_number(args, &v[i]) || v[i] < 0 || v[i] > 1000)
			return;
		sum += v[i];
	}
	if (sum <= 0)
		return;
	out->has_wdl = true;
	for (int i = 0; i < 3; i++)
		out->wdl[i] = (int)v[i];
}

static int64_t info_number(const char **args)
{
	int64_t v = 0;

	return take_number(args, &v) && v > 0 ? v : 0;
}

void uci_parse_info(const char *args, struct uci_info *out)
{
	const char *word;
	size_t n;

	*out = (struct uci_info)UCI_INFO_NONE;
	while ((n = uci_word(&args, &word))) {
		if (is_word(word, n, "depth"))
			out->depth = as_int(info_number(&args));
		else if (is_word(word, n, "seldepth"))
			out->seldepth = as_int(info_number(&args));
		else if (is_word(word, n, "multipv"))
			out->multipv = as_int(info_number(&args));
		else if (is_word(word, n, "nodes"))
			out->nodes = info_number(&args);
		else if (is_word(word, n, "nps"))
			out->nps = info_number(&args);
		else if (is_word(word, n, "time"))
			out->time_ms = info_number(&args);
		else if (is_word(word, n, "score"))
			take_score(&args, out);
		else if (is_word(word, n, "wdl"))
			take_wdl(&args, out);
		else if (is_word(word, n, "pv")) {
			out->pv = args;
			return;
		} else if (is_word(word, n, "string")) {
			out->string = args + strspn(args, BLANKS);
			return;
		}
	}
}

void uci_format_info(const struct uci_info *info, struct buf *out)
{
	buf_puts(out, "info");
	if (info->depth)
		buf_printf(out, " depth %d", info->depth);
	if (info->seldepth)
		buf_printf(out, " seldepth %d", info->seldepth);
	if (info->pv)
		buf_printf(out, " multipv %d", info->multipv);
	if (info->has_mate)
		buf_printf(out, " score mate %d", info->mate);
	else if (info->has_cp)
		buf_printf(out, " score cp %d", info->cp);
	if (info->has_wdl)
		buf_printf(out, " wdl %d %d %d", info->wdl[0], info->wdl[1],
			   info->wdl[2]);
	if (info->nodes >= 0)
		buf_printf(out, " nodes %lld", (long long)info->nodes);
	if (info->nps >= 0)
		buf_printf(out, " nps %lld", (long long)info->nps);
	if (info->time_ms >= 0)
		buf_printf(out, " time %lld", (long long)info->time_ms);
	if (info->pv)
		buf_printf(out, " pv %s", info->pv);
	if (info->string)
		buf_printf(out, " string %s", info->string);
}

bool uci_parse_bestmove(const char *args, char out[UCI_MOVE_SIZE])
{
	return uci_next_move(&args, out);
}

bool uci_parse_option(const char *args, struct uci_option *out)
{
	static const char *const type[] = {"type", NULL};
	const char *word;
	size_t n;

	memset(out, 0, sizeof(*out));
	if (!uci_take(&args, "name"))
		return false;
	take_text(&args, type, out->name, sizeof(out->name));
	while ((n = uci_word(&args, &word))) {
		if (is_word(word, n, "type")) {
			n = uci_word(&args, &word);
			if (n && n < sizeof(out->type)) {
				memcpy(out->type, word, n);
				out->type[n] = '\0';
			}
		} else if (is_word(word, n, "min")) {
			take_number(&args, &out->min);
		} else if (is_word(word, n, "max")) {
			take_number(&args, &out->max);
		}
	}
	return *out->name;
}

/* --- values -------------------------------------------------------------- */

static const double CP_SCALE = 90, CP_BEND = 1.5637541897;

int uci_cp_of(double value)
{
	return (int)lround(CP_SCALE * tan(CP_BEND * fmin(fmax(value, -1), 1)));
}

double uci_value_of(int cp)
{
	return fmin(fmax(atan(cp / CP_SCALE) / CP_BEND, -1), 1);
}
