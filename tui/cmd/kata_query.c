/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/kata_int.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/base/json.h"
#include "core/base/json_scan.h"
#include "core/base/mem.h"
#include "core/format/gtp.h"
#include "core/game/game.h"
#include "core/game/go.h"

/* Reading queries.  Members come in any order, so all are read before anything
 * is made of them. */

enum { TURNS_MAX = 2048, MOVES_MAX = 2048, VERTEX_SIZE = 16 };

struct stone_said {
	int player;
	char vertex[VERTEX_SIZE];
};

struct reading {
	struct json_scan s;
	struct kata_query *q;
	struct kata_fault *fault;
	bool failed;

	int cols, rows; /* 0: not said */
	double komi;    /* NAN: not said */
	bool has_rules, has_moves;
	int first;                         /* player; -1: not said */
	struct stone_said *stones, *moves; /* owned */
	int stone_count, move_count;
	int *turns, *priorities; /* owned; [turn_count], [priority_count] */
	int turn_count, priority_count;
	int priority;
	/* Vertices for one player: of `avoid` or of `allow`. */
	struct stone_said *limits; /* owned */
	int limit_count;
	bool allow;
	struct kata_wants wants;
};

static bool fail(struct reading *r, const char *field, const char *fmt, ...)
	ATTR_PRINTF(3, 4);
static bool fail(struct reading *r, const char *field, const char *fmt, ...)
{
	va_list ap;

	if (r->failed)
		return false;
	r->failed = true;
	r->fault->field = field;
	va_start(ap, fmt);
	vsnprintf(r->fault->what, sizeof(r->fault->what), fmt, ap);
	va_end(ap);
	return false;
}

static void warn(struct reading *r, const char *field, const char *what)
{
	struct kata_fault f = {.field = field};

	snprintf(f.what, sizeof(f.what), "%s", what);
	kata_say_fault(r->q->id, "warning", &f, &r->q->warnings);
}

/* --- values -------------------------------------------------------------- */

static char kind_of(struct reading *r)
{
	while (isspace((unsigned char)*r->s.at))
		r->s.at++;
	return *r->s.at;
}

/* The value as it is written; the caller frees. */
static char *take_raw(struct reading *r)
{
	const char *from;
	char *text;
	size_t n;

	kind_of(r);
	from = r->s.at;
	json_scan_skip(&r->s);
	n = (size_t)(r->s.at - from);
	text = mem_alloc(n + 1);
	memcpy(text, from, n);
	text[n] = '\0';
	return text;
}

static bool take_text(struct reading *r, const char *field, char *out,
		      size_t size)
{
	if (kind_of(r) != '"') {
		json_scan_skip(&r->s);
		return fail(r, field, "Must be a string");
	}
	json_scan_string(&r->s, out, size);
	return true;
}

static bool take_number(struct reading *r, const char *field, double low,
			double high, double *out)
{
	char kind = kind_of(r);

	if (kind != '-' && !isdigit((unsigned char)kind)) {
		json_scan_skip(&r->s);
		return fail(r, field, "Must be a number");
	}
	*out = json_scan_number(&r->s);
	if (!(*out >= low && *out <= high))
		return fail(r, field, "Must be a number from %g to %g", low,
			    high);
	return true;
}

static bool take_int(struct reading *r, const char *field, int low, int high,
		     int *out)
{
	double v = 0;

	if (!take_number(r, field, low, high, &v))
		return false;
	if (v > floor(v))
		return fail(r, field, "Must be an integer");
	*out = (int)v;
	return true;
}

static bool take_bool(struct reading *r, const char *field, bool *out)
{
	char *text = take_raw(r);

	*out = !strcmp(text, "true");
	if (!*out && strcmp(text, "false"))
		fail(r, field, "Must be a boolean");
	free(text);
	return !r->failed;
}

static bool take_player(struct reading *r, const char *field, int *out)
{
	char text[8];

	if (!take_text(r, field, text, sizeof(text)))
		return false;
	*out = gtp_color(text);
	return *out >= 0 || fail(r, field, "Must be \"B\" or \"W\"");
}

static bool want_list(struct reading *r, const char *field)
{
	if (kind_of(r) != '[') {
		json_scan_skip(&r->s);
		return fail(r, field, "Must be a list");
	}
	json_scan_open(&r->s, '[');
	return true;
}

static bool take_ints(struct reading *r, const char *field, int low, int high,
		      int **list, int *count)
{
	free(*list);
	*list = mem_zalloc(TURNS_MAX, sizeof(**list));
	*count = 0;
	if (!want_list(r, field))
		return false;
	while (json_scan_item(&r->s)) {
		if (*count == TURNS_MAX)
			return fail(r, field, "Too many");
		if (!take_int(r, field, low, high, &(*list)[*count]))
			return false;
		++*count;
	}
	return true;
}

/* [["B", "D4"], ...] */
static bool take_stones(struct reading *r, const char *field,
			struct stone_said **list, int *count)
{
	free(*list);
	*list = mem_zalloc(MOVES_MAX, sizeof(**list));
	*count = 0;
	if (!want_list(r, field))
		return false;
	while (json_scan_item(&r->s)) {
		struct stone_said *one = &(*list)[*count];

		if (*count == MOVES_MAX)
			return fail(r, field, "Too many");
		if (!want_list(r, field) || !json_scan_item(&r->s) ||
		    !take_player(r, field, &one->player) ||
		    !json_scan_item(&r->s) ||
		    !take_text(r, field, one->vertex, sizeof(one->vertex)) ||
		    json_scan_item(&r->s))
			return fail(r, field,
				    "Must be pairs of player and location");
		++*count;
	}
	return true;
}

/* --- limits on moves ----------------------------------------------------- */

static bool add_limits(struct reading *r, const char *field, int player)
{
	if (!want_list(r, field))
		return false;
	while (json_scan_item(&r->s)) {
		struct stone_said *one = &r->limits[r->limit_count];

		if (r->limit_count == MOVES_MAX)
			return fail(r, field, "Too many");
		if (!take_text(r, field, one->vertex, sizeof(one->vertex)))
			return false;
		one->player = player;
		r->limit_count++;
	}
	return true;
}

/* {"player": "B", "moves": [...], "untilDepth": 1} */
static bool take_limit(struct reading *r, const char *field)
{
	int player = -1, depth = 0, from = r->limit_count;
	char key[32];

	json_scan_open(&r->s, '{');
	while (!r->failed && json_scan_key(&r->s, key, sizeof(key))) {
		if (!strcmp(key, "player"))
			take_player(r, field, &player);
		else if (!strcmp(key, "moves"))
			add_limits(r, field, 0);
		else if (!strcmp(key, "untilDepth"))
			take_int(r, field, 1, 1000000, &depth);
		else
			json_scan_skip(&r->s);
	}
	if (player < 0 || !depth)
		return fail(r, field, "Must have player, moves and untilDepth");
	if (depth > 1)
		warn(r, field, "Moves are limited at the first ply alone");
	for (int i = from; i < r->limit_count; i++)
		r->limits[i].player = player;
	return true;
}

static bool take_limits(struct reading *r, const char *field)
{
	r->allow = !strcmp(field, "allowMoves");
	free(r->limits);
	r->limits = mem_zalloc(MOVES_MAX + 1, sizeof(*r->limits));
	r->limit_count = 0;
	if (!want_list(r, field))
		return false;
	while (!r->failed && json_scan_item(&r->s)) {
		if (kind_of(r) != '{')
			return fail(r, field, "Must be a list of objects");
		take_limit(r, field);
	}
	return !r->failed;
}

/* --- rules and settings -------------------------------------------------- */

/* There is one set of rules: area, positional superko, no suicide. */
static void take_rules(struct reading *r)
{
	static const char *const same[] = {"\"chinese\"", "\"chinese-ogs\"",
					   "\"chinese-kgs\""};
	char *text = take_raw(r);

	r->has_rules = true;
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		if (!strcasecmp(text, same[i])) {
			free(text);
			return;
		}
	free(text);
	warn(r, "rules",
	     "Only area scoring with positional superko and without suicide is "
	     "played: these rules are used");
}

static void take_view(struct reading *r)
{
	char text[16];

	if (!take_text(r, "overrideSettings", text, sizeof(text)))
		return;
	if (!strcasecmp(text, "BLACK"))
		r->wants.view = KATA_BLACK;
	else if (!strcasecmp(text, "WHITE"))
		r->wants.view = KATA_WHITE;
	else if (!strcasecmp(text, "SIDETOMOVE"))
		r->wants.view = KATA_TO_MOVE;
	else
		fail(r, "overrideSettings",
		     "reportAnalysisWinratesAs must be BLACK, WHITE or "
		     "SIDETOMOVE");
}

static void take_settings(struct reading *r)
{
	char key[48], what[96];

	if (kind_of(r) != '{') {
		fail(r, "overrideSettings", "Must be an object");
		return;
	}
	json_scan_open(&r->s, '{');
	while (!r->failed && json_scan_key(&r->s, key, sizeof(key))) {
		if (!strcmp(key, "reportAnalysisWinratesAs")) {
			take_view(r);
		} else if (!strcmp(key, "maxTime")) {
			take_number(r, "overrideSettings", 0, 1e9,
				    &r->wants.seconds);
		} else if (!strcmp(key, "maxVisits")) {
			take_int(r, "overrideSettings", 1, 1000000000,
				 &r->wants.visits);
		} else {
			json_scan_skip(&r->s);
			snprintf(what, sizeof(what), "%s is not used here",
				 key);
			warn(r, "overrideSettings", what);
		}
	}
}

/* --- members ------------------------------------------------------------- */

static bool take_flag(struct reading *r, const char *key)
{
	const struct {
		const char *name;
		bool *at;
	} flags[] = {
		{"includeOwnership", &r->wants.ownership},
		{"includeMovesOwnership", &r->wants.moves_ownership},
		{"includePolicy", &r->wants.policy},
		{"includePVVisits", &r->wants.pv_visits},
	};

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (!strcmp(key, flags[i].name)) {
			take_bool(r, flags[i].name, flags[i].at);
			return true;
		}
	return false;
}

static bool take_board(struct reading *r, const char *key)
{
	if (!strcmp(key, "boardXSize"))
		take_int(r, "boardXSize", 2, GO_SIZE_MAX, &r->cols);
	else if (!strcmp(key, "boardYSize"))
		take_int(r, "boardYSize", 2, GO_SIZE_MAX, &r->rows);
	else if (!strcmp(key, "komi"))
		take_number(r, "komi", -150, 150, &r->komi);
	else if (!strcmp(key, "rules"))
		take_rules(r);
	else if (!strcmp(key, "initialPlayer"))
		take_player(r, "initialPlayer", &r->first);
	else if (!strcmp(key, "initialStones"))
		take_stones(r, "initialStones", &r->stones, &r->stone_count);
	else if (!strcmp(key, "moves"))
		r->has_moves =
			take_stones(r, "moves", &r->moves, &r->move_count);
	else
		return false;
	return true;
}

static bool take_order(struct reading *r, const char *key)
{
	if (!strcmp(key, "maxVisits"))
		take_int(r, "maxVisits", 1, 1000000000, &r->wants.visits);
	else if (!strcmp(key, "priority"))
		take_int(r, "priority", -1000000000, 1000000000, &r->priority);
	else if (!strcmp(key, "priorities"))
		take_ints(r, "priorities", -1000000000, 1000000000,
			  &r->priorities, &r->priority_count);
	else if (!strcmp(key, "analyzeTurns"))
		take_ints(r, "analyzeTurns", 0, MOVES_MAX, &r->turns,
			  &r->turn_count);
	else if (!strcmp(key, "turnNumbers"))
		take_ints(r, "turnNumbers", 0, MOVES_MAX, &r->q->turns,
			  &r->q->turn_count);
	else if (!strcmp(key, "reportDuringSearchEvery"))
		take_number(r, "reportDuringSearchEvery", 0.001, 1e6,
			    &r->wants.report_every);
	else
		return false;
	return true;
}

static void take_member(struct reading *r, const char *key)
{
	char text[64];

	if (!strcmp(key, "id") || take_flag(r, key) || take_board(r, key) ||
	    take_order(r, key)) {
		if (!strcmp(key, "id"))
			json_scan_skip(&r->s);
	} else if (!strcmp(key, "action")) {
		free(r->q->action);
		r->q->action = NULL;
		if (take_text(r, "action", text, sizeof(text)))
			r->q->action = mem_strdup(text);
	} else if (!strcmp(key, "terminateId")) {
		free(r->q->terminate_id);
		r->q->terminate_id = take_raw(r);
	} else if (!strcmp(key, "avoidMoves")) {
		take_limits(r, "avoidMoves");
	} else if (!strcmp(key, "allowMoves")) {
		take_limits(r, "allowMoves");
	} else if (!strcmp(key, "overrideSettings")) {
		take_settings(r);
	} else {
		json_scan_skip(&r->s);
		warn(r, key, "Not used here");
	}
}

/* Who asks is told first: faults and warnings name it. */
static void find_id(struct reading *r, const char *line)
{
	char key[32];

	json_scan_init(&r->s, line);
	json_scan_open(&r->s, '{');
	while (json_scan_key(&r->s, key, sizeof(key))) {
		if (!strcmp(key, "id") && kind_of(r) == '"' && !r->q->id)
			r->q->id = take_raw(r);
		else
			json_scan_skip(&r->s);
	}
}

/* --- what comes of it ---------------------------------------------------- */

static bool vertex(struct reading *r, const char *field, const struct game *g,
		   const char *text, game_move *out)
{
	int col, row, used = 0;

	*out = go_vertex_parse(g, text);
	if (*out == GAME_NO_MOVE &&
	    sscanf(text, "(%d,%d)%n", &col, &row, &used) == 2 && !text[used] &&
	    col >= 0 && col < g->cols && row >= 0 && row < g->rows)
		*out = (game_move)(row * g->cols + col);
	return *out != GAME_NO_MOVE ||
	       fail(r, field, "Could not read the location: %s", text);
}

static bool make_game(struct reading *r, const struct game *usual,
		      struct game *out)
{
	char spec[64];
	double komi = isnan(r->komi) ? go_komi_halves(usual) / 2.0 : r->komi;

	if (!r->cols || !r->rows)
		return fail(r, r->cols ? "boardYSize" : "boardXSize",
			    "Must be given");
	if (r->cols != r->rows)
		return fail(r, "boardYSize", "Only square boards are played");
	if (komi * 2 > floor(komi * 2))
		return fail(r, "komi", "Must be an integer or half-integer");
	snprintf(spec, sizeof(spec), "go:size=%d,komi=%g", r->cols, komi);
	if (game_init(out, spec, NULL))
		return fail(r, "komi", "Is not played: %g", komi);
	return true;
}

static bool place_stones(struct reading *r, struct kata_board *b)
{
	uint8_t stone[GO_CELLS_MAX] = {0};
	const char *why;

	for (int i = 0; i < r->stone_count; i++) {
		game_move m;

		if (!vertex(r, "initialStones", &b->game, r->stones[i].vertex,
			    &m))
			return false;
		if (m < b->game.rows * b->game.cols)
			stone[m] = r->stones[i].player ? GO_WHITE : GO_BLACK;
	}
	if (!r->stone_count && r->first == 0)
		return true;
	why = kata_board_place(b, stone, r->first);
	return !why || fail(r, "initialStones", "%s", why);
}

static bool is_limited(const struct reading *r, const struct game *g,
		       int player, game_move m)
{
	bool named = false, any = false;

	for (int i = 0; i < r->limit_count; i++) {
		if (r->limits[i].player != player)
			continue;
		any = true;
		named |= go_vertex_parse(g, r->limits[i].vertex) == m;
	}
	return any && (r->allow ? !named : named);
}

static bool add_job(struct reading *r, const struct kata_board *b, int turn,
		    int priority)
{
	struct kata_job *job = mem_zalloc(1, sizeof(*job));
	struct kata_job **end = &r->q->jobs;
	const struct game *g = &b->game;
	game_move legal[GO_CELLS_MAX + 1];
	int n;

	job->game = *g;
	job->plies = b->plies;
	job->line = mem_zalloc((size_t)g->max_plies, sizeof(*job->line));
	memcpy(job->line, b->line, (size_t)b->plies * sizeof(*job->line));
	job->state = mem_alloc(g->state_size);
	memcpy(job->state, b->state, g->state_size);
	job->player = g->rules->to_act(g, b->state);
	job->only = mem_zalloc(GO_CELLS_MAX + 1, sizeof(*job->only));
	n = g->rules->legal(g, b->state, legal);
	for (int i = 0; i < n; i++)
		if (!is_limited(r, g, job->player, legal[i]))
			job->only[job->only_count++] = legal[i];
	if (job->only_count == n)
		job->only_count = 0;
	else if (!job->only_count) {
		kata_job_free(job);
		return fail(r, r->allow ? "allowMoves" : "avoidMoves",
			    "No legal move is left at turn %d", turn);
	}
	job->wants = r->wants;
	job->id = mem_strdup(r->q->id);
	job->turn = turn;
	job->priority = priority;
	while (*end)
		end = &(*end)->next;
	*end = job;
	return true;
}

/* The jobs about the position now: with each time that the turn was named. */
static bool add_turn(struct reading *r, struct kata_board *b, int turn,
		     int player)
{
	const char *why = NULL;
	int named = 0;

	for (int i = 0; i < r->turn_count; i++) {
		if (r->turns[i] != turn)
			continue;
		/* As it is played on from there. */
		if (!named++)
			why = kata_board_turn(b, player);
		if (why)
			return fail(r, "moves", "%s", why);
		if (!add_job(r, b, turn,
			     r->priorities ? r->priorities[i] : r->priority))
			return false;
	}
	return true;
}

static bool play_moves(struct reading *r, struct kata_board *b)
{
	int player = r->first;

	for (int i = 0; i < r->move_count; i++) {
		const struct stone_said *said = &r->moves[i];
		const char *why;
		game_move m;

		if (!add_turn(r, b, i, player) ||
		    !vertex(r, "moves", &b->game, said->vertex, &m))
			return false;
		why = kata_board_play(b, said->player, m);
		if (why)
			return fail(r, "moves", "%s %d: %s", why, i,
				    said->vertex);
		player = !said->player;
	}
	return add_turn(r, b, r->move_count, player);
}

static bool check_query(struct reading *r)
{
	if (!r->has_moves)
		return fail(r, "moves", "Must be given");
	if (!r->has_rules)
		return fail(r, "rules", "Must be given");
	if (r->priorities && r->priority_count != r->turn_count)
		return fail(r, "priorities", "Must be as many as analyzeTurns");
	for (int i = 0; i < r->turn_count; i++)
		if (r->turns[i] > r->move_count)
			return fail(r, "analyzeTurns",
				    "Turn %d is after the last move",
				    r->turns[i]);
	return true;
}

static void make_jobs(struct reading *r, const struct game *usual)
{
	struct kata_board b;
	struct game g;

	if (!r->turns) {
		r->turns = mem_zalloc(1, sizeof(*r->turns));
		r->turns[0] = r->move_count;
		r->turn_count = 1;
	}
	if (!check_query(r) || !make_game(r, usual, &g))
		return;
	if (r->first < 0)
		r->first = r->move_count ? r->moves[0].player : 0;
	kata_board_init(&b, &g);
	if (place_stones(r, &b))
		play_moves(r, &b);
	kata_board_release(&b);
}

bool kata_query_read(const char *line, const struct game *usual,
		     struct kata_query *q, struct kata_fault *fault)
{
	struct reading r = {.q = q, .fault = fault, .first = -1};
	char key[48];

	memset(q, 0, sizeof(*q));
	memset(fault, 0, sizeof(*fault));
	buf_init(&q->warnings);
	q->turn_count = -1;
	r.komi = (double)NAN;
	while (isspace((unsigned char)*line))
		line++;
	if (*line != '{' || !json_valid(line))
		return fail(&r, NULL,
			    "Could not parse input line as json "
			    "request");
	find_id(&r, line);
	if (!q->id)
		return fail(&r, "id", "Must be given, a string");
	json_scan_init(&r.s, line);
	json_scan_open(&r.s, '{');
	while (!r.failed && json_scan_key(&r.s, key, sizeof(key)))
		take_member(&r, key);
	if (!r.failed && json_scan_failed(&r.s))
		fail(&r, NULL, "Could not make sense of the query");
	if (!r.failed && !q->action)
		make_jobs(&r, usual);
	free(r.stones);
	free(r.moves);
	free(r.turns);
	free(r.priorities);
	free(r.limits);
	return !r.failed;
}

void kata_job_free(struct kata_job *job)
{
	if (!job)
		return;
	free(job->line);
	free(job->only);
	free(job->state);
	free(job->id);
	free(job);
}

void kata_query_release(struct kata_query *q)
{
	while (q->jobs) {
		struct kata_job *next = q->jobs->next;

		kata_job_free(q->jobs);
		q->jobs = next;
	}
	free(q->id);
	free(q->action);
	free(q->terminate_id);
	free(q->turns);
	buf_release(&q->warnings);
}
