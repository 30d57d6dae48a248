/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/format/gtp.h"
#include "core/format/uci.h"
#include "core/game/game.h"
#include "tests/fuzz/fuzz.h"
#include "tui/cmd/kata_int.h"

/* What front ends send to us and what engines answer, a line at a time. */

static void check_vertices(const char *list)
{
	char vertex[8];
	size_t most = strlen(list) + 1;

	while (gtp_next_vertex(&list, vertex)) {
		fuzz_check(strlen(vertex) < sizeof(vertex));
		fuzz_check(most-- > 0);
	}
}

static void run_gtp(const char *text, size_t len)
{
	static struct gtp_line line;
	struct gtp_analyze analyze;
	struct gtp_status status;
	struct buf out;
	double number;
	int whole;

	(void)len;
	if (gtp_parse_status(text, &status))
		(void)strlen(status.text);
	gtp_parse(text, &line);
	fuzz_check(line.count >= 0 && line.count <= GTP_MAX_WORDS);
	if (!line.name)
		return;
	fuzz_check(*line.name && strlen(line.rest) < GTP_TEXT_SIZE);
	for (int i = 0; i < line.count; i++) {
		fuzz_check(*line.words[i] && !strchr(line.words[i], ' '));
		fuzz_check(gtp_color(line.words[i]) >= -1);
		if (gtp_int(line.words[i], -5, 25, &whole))
			fuzz_check(whole >= -5 && whole <= 25);
		if (gtp_number(line.words[i], &number))
			fuzz_check(isfinite(number));
		check_vertices(line.words[i]);
	}
	if (!gtp_parse_analyze(line.words, line.count, &analyze)) {
		fuzz_check(analyze.limit_count <= GTP_MAX_LIMITS);
		for (int i = 0; i < analyze.limit_count; i++)
			check_vertices(analyze.limits[i].vertices);
	}
	/* Whatever is answered ends with its only empty line. */
	buf_init(&out);
	gtp_respond(&line, len % 2, text, &out);
	fuzz_check(out.len > 2 && out.data[0] == (len % 2 ? '=' : '?'));
	fuzz_check(strstr(out.data, "\n\n") == out.data + out.len - 2);
	buf_release(&out);
}

static void run_uci(const char *text, size_t len)
{
	struct uci_position position;
	struct uci_setting setting;
	struct uci_option option;
	struct uci_info info;
	struct uci_go go;
	char move[UCI_MOVE_SIZE];
	struct buf out;
	const char *at = text;

	(void)len;
	while (uci_next_move(&at, move))
		fuzz_check(strlen(move) < sizeof(move));
	uci_parse_position(text, &position);
	if (position.given)
		fuzz_check(position.moves &&
			   strlen(position.fen) < UCI_FEN_SIZE);
	uci_parse_go(text, &go);
	for (int player = 0; player < 2; player++)
		fuzz_check(uci_time(&go, player, UCI_MARGIN_MS) >= -1);
	if (uci_parse_setting(text, &setting))
		fuzz_check(*setting.name);
	if (uci_parse_bestmove(text, move))
		fuzz_check(*move && strlen(move) < sizeof(move));
	if (uci_parse_option(text, &option))
		fuzz_check(*option.name);
	uci_parse_info(text, &info);
	buf_init(&out);
	uci_format_info(&info, &out);
	fuzz_check(!strchr(out.data, '\n') || strchr(text, '\n'));
	if (info.has_cp)
		fuzz_check(fabs(uci_value_of(info.cp)) <= 1);
	buf_release(&out);
}

static void check_job(const struct kata_job *job)
{
	const struct game *g = &job->game;

	fuzz_check(g->rules->to_act(g, job->state) == job->player);
	fuzz_check(job->plies >= 0 && job->plies <= g->max_plies);
	fuzz_check(job->only_count >= 0 && job->only_count < g->move_count);
	fuzz_check(json_valid(job->id));
}

/* A query, or the reason why it is none; what is said of it is JSON. */
static void run_kata(const char *text, size_t len)
{
	static struct game usual;
	struct kata_fault fault;
	struct kata_query q;
	struct buf out;

	(void)len;
	if (!usual.rules && game_init(&usual, "go:size=5", NULL))
		fuzz_check(false);
	buf_init(&out);
	if (kata_query_read(text, &usual, &q, &fault)) {
		fuzz_check(q.id && (q.action || q.jobs));
		for (const struct kata_job *j = q.jobs; j; j = j->next) {
			check_job(j);
			kata_say_nothing(j, &out);
		}
	} else {
		fuzz_check(*fault.what);
		kata_say_fault(q.id, "error", &fault, &out);
	}
	for (char *at = out.data; at && *at; at++) {
		char *end = strchr(at, '\n');

		*end = '\0';
		fuzz_check(json_valid(at));
		at = end;
	}
	buf_release(&out);
	kata_query_release(&q);
}

static const char *const kata_words[] = {
	"\"id\"",
	"\"moves\"",
	"\"rules\"",
	"\"boardXSize\"",
	"\"boardYSize\"",
	"\"analyzeTurns\"",
	"\"priorities\"",
	"\"initialStones\"",
	"\"avoidMoves\"",
	"\"B\"",
	"\"pass\"",
	"\"C3\"",
	"[",
	"]",
	"{",
	"}",
	",",
	":",
	"0",
	"5",
	"true",
	"null",
	" ",
	NULL,
};

static const char *const gtp_words[] = {
	"genmove",
	"play",
	"b",
	"w",
	"white",
	"Q16",
	"pass",
	"resign",
	"boardsize",
	"19",
	"komi",
	"lz-analyze",
	"kata-analyze",
	"interval",
	"50",
	"minmoves",
	"maxmoves",
	"avoid",
	"allow",
	"D4,E5",
	"ownership",
	"true",
	"#",
	"=",
	"?",
	"1",
	"\t",
	"\n",
	" ",
	NULL,
};

static const char *const uci_words[] = {
	"startpos", "fen",       "moves",      "e2e4",        "e7e8q",
	"go",       "nodes",     "movetime",   "wtime",       "btime",
	"winc",     "movestogo", "infinite",   "searchmoves", "name",
	"value",    "MultiPV",   "info",       "depth",       "score",
	"cp",       "mate",      "wdl",        "pv",          "string",
	"type",     "spin",      "min",        "max",         "default",
	"bestmove", "ponder",    "lowerbound", " ",           NULL,
};

const struct fuzz_target fuzz_targets[] = {
	{.name = "gtp", .run = run_gtp, .words = gtp_words},
	{.name = "uci", .run = run_uci, .words = uci_words},
	{.name = "kata", .run = run_kata, .words = kata_words},
	{.name = NULL},
};
