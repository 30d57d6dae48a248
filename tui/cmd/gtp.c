/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/gtp_int.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/format/paste.h"
#include "core/game/game.h"
#include "core/game/go.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/table.h"

/*
 * A command answers into `out`, a buffer of plain text; what it returns is why
 * it failed, NULL if it did not.
 */
struct command {
	const char *name;
	int least, most; /* arguments; most -1: any number */
	const char *(*run)(struct gtp_server *v, const struct gtp_line *l,
			   struct buf *out);
};

static const struct command *commands(void);

/* --- about the program --------------------------------------------------- */

static const char *protocol_version(struct gtp_server *v,
				    const struct gtp_line *l, struct buf *out)
{
	(void)v;
	(void)l;
	buf_puts(out, "2");
	return NULL;
}

static const char *name(struct gtp_server *v, const struct gtp_line *l,
			struct buf *out)
{
	(void)l;
	buf_puts(out, v->as_name);
	return NULL;
}

static const char *version(struct gtp_server *v, const struct gtp_line *l,
			   struct buf *out)
{
	(void)l;
	buf_puts(out, v->as_version);
	return NULL;
}

static const char *list_commands(struct gtp_server *v, const struct gtp_line *l,
				 struct buf *out)
{
	(void)v;
	(void)l;
	for (const struct command *c = commands(); c->name; c++)
		buf_printf(out, "%s\n", c->name);
	return NULL;
}

static const char *known_command(struct gtp_server *v, const struct gtp_line *l,
				 struct buf *out)
{
	const struct command *c = commands();

	(void)v;
	while (c->name && strcmp(c->name, l->words[0]))
		c++;
	buf_puts(out, c->name ? "true" : "false");
	return NULL;
}

static const char *quit(struct gtp_server *v, const struct gtp_line *l,
			struct buf *out)
{
	(void)l;
	(void)out;
	v->done = true;
	return NULL;
}

/* --- the board ----------------------------------------------------------- */

static const char *boardsize(struct gtp_server *v, const struct gtp_line *l,
			     struct buf *out)
{
	char value[16];
	int size;

	(void)out;
	if (!gtp_int(l->words[0], 1, 99, &size))
		return "boardsize not an integer";
	snprintf(value, sizeof(value), "%d", size);
	/* Games without sizes have the one. */
	if (size == v->game.rows && size == v->game.cols)
		gtp_board_clear(v);
	else if (gtp_board_param(v, "size", value))
		return "unacceptable size";
	return NULL;
}

static const char *rectangular(struct gtp_server *v, const struct gtp_line *l,
			       struct buf *out)
{
	if (strcmp(l->words[0], l->words[1]))
		return "unacceptable size";
	return boardsize(v, l, out);
}

static const char *clear_board(struct gtp_server *v, const struct gtp_line *l,
			       struct buf *out)
{
	(void)l;
	(void)out;
	if (v->part_count == 1)
		serve_tell(&v->serve, &v->parts[0].from, v->parts[0].moves,
			   v->parts[0].plies);
	gtp_board_clear(v);
	return NULL;
}

static const char *komi(struct gtp_server *v, const struct gtp_line *l,
			struct buf *out)
{
	char value[32];
	double x;

	(void)out;
	if (!gtp_number(l->words[0], &x) || fabs(x) > 1000)
		return "komi not a float";
	if (fabs(x * 2 - rint(x * 2)) > 1e-9)
		return "komi must be a multiple of 0.5";
	snprintf(value, sizeof(value), "%g", x);
	if (gtp_board_param(v, "komi", value))
		return "unacceptable komi";
	return NULL;
}

static const char *play(struct gtp_server *v, const struct gtp_line *l,
			struct buf *out)
{
	int player = gtp_color(l->words[0]);

	(void)out;
	if (player < 0)
		return "invalid color or coordinate";
	return gtp_board_play(v, player, l->words[1]);
}

static const char *undo(struct gtp_server *v, const struct gtp_line *l,
			struct buf *out)
{
	(void)l;
	(void)out;
	return gtp_board_undo(v);
}

static const char *showboard(struct gtp_server *v, const struct gtp_line *l,
			     struct buf *out)
{
	(void)l;
	gtp_board_show(v, out);
	return NULL;
}

static void add_vertices(const struct gtp_server *v, const int *cells,
			 int count, struct buf *out)
{
	for (int i = 0; i < count; i++) {
		char text[GAME_TEXT_SIZE];

		go_vertex_text(&v->game, (game_move)cells[i], text);
		buf_printf(out, "%s%s", i ? " " : "", text);
	}
}

static const char *fixed_handicap(struct gtp_server *v,
				  const struct gtp_line *l, struct buf *out)
{
	int cells[GO_HANDICAP_MAX], n, stones;
	const char *why;

	if (!go_is(&v->game))
		return "handicap is for Go";
	if (!gtp_int(l->words[0], 2, GO_CELLS_MAX, &stones))
		return "handicap not an integer";
	n = go_handicap(&v->game, stones, cells);
	if (!n)
		return "invalid number of stones";
	why = gtp_board_handicap(v, cells, n);
	if (!why)
		add_vertices(v, cells, n, out);
	return why;
}

/* The program may place fewer stones than it was asked to. */
static const char *place_free_handicap(struct gtp_server *v,
				       const struct gtp_line *l,
				       struct buf *out)
{
	int cells[GO_HANDICAP_MAX], n = 0, stones;
	const char *why;

	if (!go_is(&v->game))
		return "handicap is for Go";
	if (!gtp_int(l->words[0], 2, GO_CELLS_MAX, &stones))
		return "handicap not an integer";
	for (; stones >= 2 && !n; stones--)
		n = go_handicap(&v->game, stones, cells);
	if (!n)
		return "invalid number of stones";
	why = gtp_board_handicap(v, cells, n);
	if (!why)
		add_vertices(v, cells, n, out);
	return why;
}

static const char *set_free_handicap(struct gtp_server *v,
				     const struct gtp_line *l, struct buf *out)
{
	int cells[GO_CELLS_MAX], pass = v->game.rows * v->game.cols;

	(void)out;
	if (!go_is(&v->game))
		return "handicap is for Go";
	if (l->count >= pass)
		return "bad vertex list";
	for (int i = 0; i < l->count; i++) {
		game_move m = go_vertex_parse(&v->game, l->words[i]);

		if (m == GAME_NO_MOVE || m == pass)
			return "bad vertex list";
		for (int k = 0; k < i; k++)
			if (cells[k] == m)
				return "bad vertex list";
		cells[i] = m;
	}
	return gtp_board_handicap(v, cells, l->count);
}

/* --- games from files ---------------------------------------------------- */

enum { MOST_FILE = 4 << 20 };

static const char *loadsgf(struct gtp_server *v, const struct gtp_line *l,
			   struct buf *out)
{
	FILE *f = fopen(l->words[0], "r");
	game_move *moves = NULL;
	const char *why = "cannot load file";
	struct game g;
	struct buf text;
	int count = 0, upto = INT32_MAX;

	(void)out;
	if (!f)
		return why;
	buf_init(&text);
	if (l->count > 1 && !gtp_int(l->words[1], 0, INT32_MAX, &upto))
		why = "move number not an integer";
	else if (buf_add_stream(&text, f, MOST_FILE) &&
		 !paste_read(text.data, text.len, &v->game, &g, &moves, &count,
			     NULL)) {
		/* The position before move `upto`. */
		if (upto > 0 && count > upto - 1)
			count = upto - 1;
		why = gtp_board_load(v, &g, moves, count);
	}
	fclose(f);
	free(moves);
	buf_release(&text);
	return why;
}

static const char *get_komi(struct gtp_server *v, const struct gtp_line *l,
			    struct buf *out)
{
	(void)l;
	if (!go_is(&v->game))
		return "komi is for Go";
	buf_printf(out, "%g", go_komi_halves(&v->game) / 2.0);
	return NULL;
}

static const char *query_boardsize(struct gtp_server *v,
				   const struct gtp_line *l, struct buf *out)
{
	(void)l;
	buf_printf(out, "%d", v->game.cols);
	return NULL;
}

/* --- the table ----------------------------------------------------------- */

/* Those without a function write their response as they think. */
static const struct command table[] = {
	{"protocol_version", 0, 0, protocol_version},
	{"name", 0, 0, name},
	{"version", 0, 0, version},
	{"known_command", 1, 1, known_command},
	{"list_commands", 0, 0, list_commands},
	{"quit", 0, 0, quit},
	{"boardsize", 1, 1, boardsize},
	{"query_boardsize", 0, 0, query_boardsize},
	{"clear_board", 0, 0, clear_board},
	{"komi", 1, 1, komi},
	{"get_komi", 0, 0, get_komi},
	{"play", 2, 2, play},
	{"undo", 0, 0, undo},
	{"genmove", 1, 1, NULL},
	{"reg_genmove", 1, 1, NULL},
	{"fixed_handicap", 1, 1, fixed_handicap},
	{"place_free_handicap", 1, 1, place_free_handicap},
	{"set_free_handicap", 2, -1, set_free_handicap},
	{"rectangular_boardsize", 2, 2, rectangular},
	{"set_position", 0, -1, gtp_set_position},
	{"time_settings", 3, 3, gtp_time_settings},
	{"kgs-time_settings", 1, 4, gtp_time_kinds},
	{"kata-time_settings", 1, 5, gtp_time_kinds},
	{"time_left", 3, 3, gtp_time_left},
	{"final_score", 0, 0, gtp_final_score},
	{"final_status_list", 1, 1, gtp_final_status},
	{"loadsgf", 1, 2, loadsgf},
	{"printsgf", 0, 1, gtp_printsgf},
	{"showboard", 0, 0, showboard},
	{"kata-get-rules", 0, 0, gtp_get_rules},
	{"kata-set-rules", 1, -1, gtp_set_rules},
	{"kata-set-rule", 2, 2, gtp_set_rule},
	{"kgs-rules", 1, 1, gtp_set_rules},
	{"kata-get-param", 1, 1, gtp_get_param},
	{"kata-set-param", 2, 2, gtp_set_param},
	{"kata-list-params", 0, 0, gtp_list_params},
	{"kata-get-models", 0, 0, gtp_models},
	{"kata-raw-nn", 1, 1, gtp_raw_nn},
	{"lz-setoption", 0, 4, gtp_setoption},
	{"clear_cache", 0, 0, gtp_clear_cache},
	{"stop", 0, 0, gtp_stop},
	{"cputime", 0, 0, gtp_cputime},
	{"gogui-analyze_commands", 0, 0, gtp_gogui},
	{"analyze", 0, -1, NULL},
	{"lz-analyze", 0, -1, NULL},
	{"kata-analyze", 0, -1, NULL},
	{"genmove_analyze", 0, -1, NULL},
	{"lz-genmove_analyze", 0, -1, NULL},
	{"kata-genmove_analyze", 0, -1, NULL},
	{"kata-search", 0, 1, NULL},
	{"kata-search_cancellable", 0, 1, NULL},
	{"kata-search_analyze", 0, -1, NULL},
	{"kata-search_analyze_cancellable", 0, -1, NULL},
	{NULL, 0, 0, NULL},
};

static const struct command *commands(void)
{
	return table;
}

static enum gtp_style style_of(const char *command)
{
	if (!strstr(command, "analyze"))
		return GTP_PLAIN;
	return strncmp(command, "kata-", 5) ? GTP_LZ : GTP_KATA;
}

/* Thinking commands, by their names. */
static void think(struct gtp_server *v, const struct gtp_line *l,
		  const char **next, struct buf *out)
{
	enum gtp_style style = style_of(l->name);

	if (strstr(l->name, "genmove"))
		gtp_generate(v, l, style, strncmp(l->name, "reg_", 4), NULL,
			     out);
	else if (strstr(l->name, "search"))
		gtp_generate(v, l, style, false,
			     strstr(l->name, "cancellable") ? next : NULL, out);
	else
		gtp_analysis(v, l, style, next);
}

/* False: nobody reads the responses.  *next: the line that ended an analysis,
 * NULL where that was the end of the input, "" otherwise. */
static bool obey(struct gtp_server *v, const char *text, const char **next)
{
	const struct command *c = table;
	const char *why = NULL;
	struct gtp_line l;
	struct buf out, answer;

	*next = "";
	gtp_parse(text, &l);
	if (!l.name)
		return true;
	while (c->name && strcmp(c->name, l.name))
		c++;
	buf_init(&out);
	buf_init(&answer);
	if (!c->name)
		why = "unknown command";
	else if (l.cut)
		why = "the line is too long";
	else if (l.count < c->least || (c->most >= 0 && l.count > c->most))
		why = "wrong number of arguments";
	else if (c->run)
		why = c->run(v, &l, &answer);
	else
		think(v, &l, next, &out);
	if (why)
		gtp_respond(&l, false, why, &out);
	else if (c->run)
		gtp_respond(&l, true, answer.data, &out);
	buf_release(&answer);
	return serve_say(&out);
}

static void serve(struct gtp_server *v)
{
	const char *line = "", *next = "";

	while (!v->done) {
		if (!*next &&
		    serve_wait(&v->serve, true, 0, &next) != SERVE_LINE) {
			/* News of a search that nobody waits for. */
			if (v->serve.eof)
				return;
			next = "";
			continue;
		}
		line = next;
		next = "";
		if (!obey(v, line, &next) || !next)
			return;
	}
}

struct gtp_args {
	struct serve_args serve;
	const char *as;
	int dead;
};

/* "NAME VERSION" for front ends that ask who it is before they use it. */
static void set_name(struct gtp_server *v, const char *name)
{
	char *as = mem_strdup(name);
	char *blank = strrchr(as, ' ');

	if (blank)
		*blank = '\0';
	v->as_name = as;
	snprintf(v->as_version, sizeof(v->as_version), "%s",
		 blank ? blank + 1 : PACKAGE_VERSION);
}

static int run(const struct cmd_line *line)
{
	const struct gtp_args *a = line->args;
	struct gtp_server *v = mem_zalloc(1, sizeof(*v));
	int status = serve_open(&v->serve, line, "go", &v->game);

	if (!status && (v->game.player_count != 2 || v->game.rules->chance))
		status = cmd_complain(line, CMD_USAGE,
				      "GTP is for two-player board games, and "
				      "this agent plays %s",
				      game_title(&v->game));
	if (!status) {
		set_name(v, a->as);
		v->no_dead = a->dead == 1;
		gtp_board_clear(v);
		serve(v);
	}
	serve_close(&v->serve);
	gtp_board_release(v);
	free(v->as_name);
	free(v);
	return status;
}

#define ARGS struct gtp_args

static const struct cmd_option options[] = {
	CMD_STRING("agent", "SPEC", serve.agent, NULL,
		   "who plays, e.g. mcts:go9/latest,sims=400"),
	CMD_STRING("game", "GAME", serve.game, NULL,
		   "what is played (the network's game, or go)"),
	CMD_SEED(serve.seed, "of the agent's randomness ({})"),
	CMD_STRING("as", "'NAME VERSION'", as, "plyscope " PACKAGE_VERSION,
		   "what to answer to name and version"),
	CMD_CHOICE("dead", "WHO", dead, "network|none", "network",
		   "who says which stones are dead when a game is scored: "
		   "network or none ({})"),
	CMD_END,
};

const struct cmd cmd_gtp = {
	.name = "gtp",
	.synopsis = "--agent SPEC [--game go:size=9]",
	.summary = "serve an agent to a Go front end, through GTP",
	.details = "Reads commands from standard input until 'quit'.  "
		   "'list_commands' tells which;\nlz-analyze and kata-analyze "
		   "are among them.",
	.options = options,
	.args_size = sizeof(struct gtp_args),
	.max_args = 0,
	.lab = true,
	.dialogue = true,
	.run = run,
};
