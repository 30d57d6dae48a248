/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/opinion.h"
#include "core/session/opinions.h"
#include "core/session/quote.h"
#include "core/session/seat.h"
#include "store/run.h"
#include "store/store.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/screen.h"
#include "tui/screen/panes.h"
#include "tui/screen/screens.h"
#include "tui/widget/board.h"
#include "tui/widget/plot.h"

/* One position over the checkpoints of runs, as a heat map of moves by
 * checkpoints. */
enum { MOVES_SIZE = 8192, RUNS_SIZE = 512, SPARK = 16 };

struct sweep_screen {
	struct app *app; /* borrowed */
	struct sweep sweep;
	struct opinions *table; /* owned */
	char game[GAME_NAME_SIZE];
	char moves[MOVES_SIZE], runs[RUNS_SIZE];
	int run;         /* in focus */
	int column, row; /* of the cursor: checkpoint of the run, place */
	game_move *rows; /* owned; [move_count], as they are shown */
};

/* --- what is asked -------------------------------------------------------- */

/* By the order of the run's last checkpoint, as far as it is known. */
static void sort_rows(struct sweep_screen *s)
{
	const struct sweep *w = &s->sweep;
	const struct sweep_run *r = &w->runs[s->run];
	const struct opinion *last =
		w->columns[r->first + r->count - 1].opinion;

	for (int i = 0; i < w->move_count; i++) {
		int rank = opinion_rank(last, w->moves[i]);

		s->rows[rank < 0 ? i : rank] = w->moves[i];
	}
}

static void ask(struct sweep_screen *s)
{
	struct opinion_question q;

	sweep_question(&s->sweep, NULL, &q);
	opinions_ask(s->table, &q);
}

/* What came goes to its columns. */
static void collect(struct sweep_screen *s)
{
	struct sweep *w = &s->sweep;

	for (int i = 0; i < w->agent_count; i++) {
		const struct opinion *o = opinions_at(s->table, i, 0);
		int at = w->order[i];
		const struct opinion *has =
			at < 0 ? w->solved : w->columns[at].opinion;

		if (o && !has)
			sweep_take(w, i, opinions_hold(s->table, i, 0));
	}
	sort_rows(s);
}

static enum err_code add_runs(struct sweep_screen *s, struct store *store,
			      struct err *e)
{
	const char *at = s->runs;
	enum err_code rc = ERR_OK;

	while (!rc && *at) {
		char name[SWEEP_NAME];
		size_t len = strcspn(at, ",");

		snprintf(name, sizeof(name), "%.*s", (int)len, at);
		rc = sweep_add_run(&s->sweep, store, name, 0, e);
		at += len;
		at += *at == ',';
	}
	return rc;
}

/* The run of this game with the most checkpoints. */
static enum err_code usual_run(struct sweep_screen *s, struct store *store,
			       const struct game *g, struct err *e)
{
	struct store_bag bag = {0};
	struct store_run *rows;
	size_t n;
	int64_t most = 0;
	enum err_code rc =
		lab_error(store, store_run_list(store, &bag, &rows, &n), e);

	for (size_t i = 0; !rc && i < n; i++) {
		struct game own;

		if (rows[i].checkpoints <= most ||
		    game_init(&own, rows[i].game, NULL) ||
		    !game_same_network(&own, g))
			continue;
		most = rows[i].checkpoints;
		snprintf(s->runs, sizeof(s->runs), "%s", rows[i].name);
	}
	store_bag_release(&bag);
	if (!rc && !most)
		rc = err_set(e, ERR_NOTFOUND, "no run here plays %s",
			     game_short_name(g));
	return rc;
}

static enum err_code set_up(struct sweep_screen *s, int sims, struct err *e)
{
	struct store *store = s->app->lab ? lab_store(s->app->lab) : NULL;
	struct game g;
	game_move *line;
	void *state;
	int plies;
	enum err_code rc = game_init(&g, s->game, e);

	if (!rc && !store)
		rc = err_set(e, ERR_NOTFOUND, "there is no lab file");
	if (rc)
		return rc;
	state = game_state_new(&g, 0);
	line = mem_zalloc((size_t)g.max_plies + 1, sizeof(*line));
	rc = game_play_text(&g, state, s->moves, line, &plies, e);
	if (!rc)
		rc = sweep_open(&s->sweep, &g, state, line, plies, sims, e);
	if (!rc && !*s->runs)
		rc = usual_run(s, store, &g, e);
	if (!rc)
		rc = add_runs(s, store, e);
	free(line);
	free(state);
	return rc;
}

/* "GAME [MOVES] [run=NAME,NAME] [sims=N]" */
static void take_arg(struct sweep_screen *s, const char *arg, int *sims)
{
	char word[MOVES_SIZE];
	struct buf moves;

	buf_init(&moves);
	quote_next(&arg, s->game, sizeof(s->game));
	while (quote_next(&arg, word, sizeof(word))) {
		if (!strncmp(word, "run=", 4))
			snprintf(s->runs, sizeof(s->runs), "%.*s",
				 (int)sizeof(s->runs) - 1, word + 4);
		else if (!strncmp(word, "sims=", 5))
			*sims = atoi(word + 5);
		else if (strcmp(word, "-") != 0)
			buf_printf(&moves, "%s%s", moves.len ? " " : "", word);
	}
	snprintf(s->moves, sizeof(s->moves), "%.*s", MOVES_SIZE - 1,
		 moves.len ? moves.data : "");
	buf_release(&moves);
}

static enum err_code sweep_screen_open(void *self, struct app *app,
				       const char *arg, struct err *e)
{
	struct sweep_screen *s = self;
	const struct seat_host host = panes_host(app);
	int sims = 0;
	enum err_code rc;

	s->app = app;
	take_arg(s, arg, &sims);
	if (!*s->game)
		return err_set(e, ERR_USAGE,
			       "say which position: `sweep connect4 4453`, or "
			       "with run=NAME sims=N too");
	if (sims < 0 || sims > 1000000)
		return err_set(e, ERR_USAGE,
			       "sims=N: a number from 0 to 1000000");
	rc = set_up(s, sims, e);
	if (!rc)
		rc = opinions_open(&s->table, &host, app->opinions, e);
	if (rc)
		return rc;
	s->rows = mem_zalloc((size_t)s->sweep.move_count, sizeof(*s->rows));
	s->column = s->sweep.runs[0].count - 1;
	ask(s);
	collect(s);
	return ERR_OK;
}

static void sweep_screen_close(void *self)
{
	struct sweep_screen *s = self;

	opinions_close(s->table);
	sweep_release(&s->sweep);
	free(s->rows);
}

static enum screen_action sweep_tick(void *self)
{
	struct sweep_screen *s = self;

	if (!opinions_collect(s->table))
		return SCREEN_STAY;
	collect(s);
	return SCREEN_REDRAW;
}

static bool sweep_busy(const void *self)
{
	const struct sweep_screen *s = self;

	return opinions_running(s->table);
}

/* --- the picture ---------------------------------------------------------- */

/* How much of all, in five steps that need no colour. */
static void draw_shade(struct canvas *c, int row, int col, int width, double p,
		       enum style st)
{
	static const uint32_t shade[] = {0x00b7, 0x2591, 0x2592, 0x2593,
					 0x2588};
	int level = p < 0.05 ? 0 : p < 0.2 ? 1 : p < 0.4 ? 2 : p < 0.7 ? 3 : 4;

	for (int i = 0; i < width; i++)
		canvas_glyph_or(c, row, col + i, st, shade[level],
				".:o0#"[level]);
}

static void draw_cell(const struct sweep_screen *s, struct canvas *c, int row,
		      int col, int width, int at, game_move m)
{
	const struct sweep *w = &s->sweep;
	double p = sweep_figure(w, at, m, SWEEP_POLICY);
	bool top = opinion_top(w->columns[at].opinion) == m;
	enum style st = top        ? STYLE_MARKED
			: p < 0.05 ? STYLE_DIM
				   : STYLE_NORMAL;

	if (isnan(p))
		canvas_printf(c, row, col, STYLE_DIM, "%*s",
			      width >= 3 ? width - 1 : 1, "?");
	else if (width >= 3)
		canvas_printf(c, row, col, st, "%*.0f", width - 1, 100 * p);
	else
		draw_shade(c, row, col, width, p, st);
	if (at == w->runs[s->run].first + s->column && s->rows[s->row] == m)
		canvas_style(c, row, col, width, STYLE_SELECTED);
}

static void draw_head(const struct sweep_screen *s, struct canvas *c)
{
	const struct sweep *w = &s->sweep;
	int to_act = w->game.rules->to_act(&w->game, w->state), col;

	col = canvas_text(c, 0, 1, STYLE_LABEL, "to move ");
	col = canvas_text(c, 0, col, board_style(to_act),
			  board_piece_text(&w->game, to_act, c->ascii));
	col = canvas_text(c, 0, col, STYLE_LABEL, "  moves ");
	col = canvas_text(c, 0, col, STYLE_NORMAL,
			  *s->moves ? s->moves : "none yet");
	if (w->simulations)
		col = canvas_printf(c, 0, col + 2, STYLE_VALUE,
				    "%d simulations", w->simulations);
	canvas_printf(c, 0, col + 2, STYLE_DIM, "%d of %d asked",
		      opinions_done(s->table), opinions_total(s->table));
	for (int r = 0; r < w->run_count; r++) {
		struct buf text;

		buf_init(&text);
		sweep_say(w, r, &text);
		canvas_text(c, 1 + r, 1,
			    r == s->run ? STYLE_BOLD : STYLE_NORMAL, text.data);
		buf_release(&text);
	}
}

/* The checkpoint under the cursor, and what it says of the move there. */
static void draw_here(const struct sweep_screen *s, struct canvas *c, int row)
{
	const struct sweep *w = &s->sweep;
	int at = w->runs[s->run].first + s->column;
	const struct sweep_column *k = &w->columns[at];
	double v = opinion_value(k->opinion);
	double q = sweep_figure(w, at, s->rows[s->row], SWEEP_Q);
	double p = sweep_figure(w, at, s->rows[s->row], SWEEP_PRIOR);
	int col = canvas_printf(c, row, 1, STYLE_LABEL,
				"step %lld after %lld games",
				(long long)k->step, (long long)k->games);

	if (k->opinion && k->opinion->wrong) {
		canvas_text(c, row, col + 2, STYLE_BAD, k->opinion->wrong);
		return;
	}
	if (!isnan(k->elo))
		col = canvas_printf(c, row, col + 2, STYLE_VALUE, "Elo %.0f",
				    k->elo);
	if (!isnan(v))
		col = canvas_printf(c, row, col + 2, STYLE_VALUE, "V %+.2f", v);
	if (!isnan(p))
		col = canvas_printf(c, row, col + 2, STYLE_VALUE, "P %.0f%%",
				    100 * p);
	if (!isnan(q))
		canvas_printf(c, row, col + 2, STYLE_VALUE, "Q %+.2f", q);
}

static void draw_spark(const struct sweep_screen *s, struct canvas *c, int row,
		       int col, game_move m)
{
	const struct sweep_run *r = &s->sweep.runs[s->run];
	double *p = mem_alloc(((size_t)r->count + 1) * sizeof(*p));
	struct buf text;

	for (int i = 0; i < r->count; i++)
		p[i] = sweep_figure(&s->sweep, r->first + i, m, SWEEP_POLICY);
	buf_init(&text);
	plot_sparkline(p, (size_t)r->count, SPARK, &text);
	canvas_text(c, row, col, STYLE_SERIES0, text.data ? text.data : "");
	buf_release(&text);
	free(p);
}

static int first_shown(int cursor, int count, int room)
{
	int first = cursor - room / 2;

	if (first > count - room)
		first = count - room;
	return first < 0 ? 0 : first;
}

static void sweep_draw(const void *self, struct canvas *c)
{
	const struct sweep_screen *s = self;
	const struct sweep *w = &s->sweep;
	const struct sweep_run *r = &w->runs[s->run];
	int top = w->run_count + 4, left = 9 + SPARK + 2;
	int width = (c->width - left - 1) / r->count;
	int room, col, row, rows = c->height - top;

	width = width < 1 ? 1 : width > 5 ? 5 : width;
	room = (c->width - left - 1) / width;
	col = first_shown(s->column, r->count, room);
	row = first_shown(s->row, w->move_count, rows);
	draw_head(s, c);
	draw_here(s, c, w->run_count + 2);
	for (int y = 0; y < rows && row + y < w->move_count; y++) {
		game_move m = s->rows[row + y];
		char text[GAME_TEXT_SIZE];

		w->game.rules->move_text(&w->game, w->state, m, text);
		canvas_printf(c, top + y, 1,
			      row + y == s->row ? STYLE_BOLD : STYLE_NORMAL,
			      "%s%s", text,
			      sweep_is_best(w, s->run, m) ? " *" : "");
		draw_spark(s, c, top + y, 9, m);
		for (int x = 0; x < room && col + x < r->count; x++)
			draw_cell(s, c, top + y, left + x * width, width,
				  r->first + col + x, m);
	}
}

/* --- keys ----------------------------------------------------------------- */

static int clamp(int x, int count)
{
	return x < 0 ? 0 : x >= count ? count - 1 : x;
}

static enum screen_action across(void *self, const struct key_press *k)
{
	struct sweep_screen *s = self;

	s->column = clamp(s->column + k->arg, s->sweep.runs[s->run].count);
	return SCREEN_REDRAW;
}

static enum screen_action down(void *self, const struct key_press *k)
{
	struct sweep_screen *s = self;

	s->row = clamp(s->row + k->arg, s->sweep.move_count);
	return SCREEN_REDRAW;
}

static enum screen_action next_run(void *self, const struct key_press *k)
{
	struct sweep_screen *s = self;

	(void)k;
	s->run = (s->run + 1) % s->sweep.run_count;
	s->column = clamp(s->column, s->sweep.runs[s->run].count);
	sort_rows(s);
	return SCREEN_REDRAW;
}

static enum screen_action stop(void *self, const struct key_press *k)
{
	struct sweep_screen *s = self;

	(void)k;
	opinions_cancel(s->table);
	app_say(s->app, "stopped: %d of %d were asked", opinions_done(s->table),
		opinions_total(s->table));
	return SCREEN_REDRAW;
}

/* The same position, runs and all, with another number of simulations. */
static bool sims_typed(void *self, const char *text)
{
	struct sweep_screen *s = self;
	struct buf arg;
	char *end;
	long n;

	if (!text || !*text)
		return true;
	n = strtol(text, &end, 10);
	if (*end || n < 0 || n > 1000000) {
		app_say(s->app, "a number from 0 (the policy) to 1000000");
		return false;
	}
	buf_init(&arg);
	quote_put(&arg, s->game);
	buf_printf(&arg, " %s run=%s sims=%ld", *s->moves ? s->moves : "-",
		   s->runs, n);
	app_replace(s->app, "sweep", arg.data);
	buf_release(&arg);
	return true;
}

static enum screen_action ask_sims(void *self, const struct key_press *k)
{
	struct sweep_screen *s = self;
	char now[16];

	(void)k;
	snprintf(now, sizeof(now), "%d", s->sweep.simulations);
	app_ask(s->app, "simulations", now, sims_typed, s);
	return SCREEN_REDRAW;
}

/* The checkpoint's own look at the position. */
static enum screen_action open_search(void *self, const struct key_press *k)
{
	struct sweep_screen *s = self;
	const struct sweep *w = &s->sweep;
	int at = w->runs[s->run].first + s->column;
	struct buf arg;

	(void)k;
	buf_init(&arg);
	quote_put(&arg, s->game);
	buf_printf(&arg, " %s agent=%s", *s->moves ? s->moves : "-",
		   w->columns[at].spec);
	app_push(s->app, "search", arg.data);
	buf_release(&arg);
	return SCREEN_REDRAW;
}

static const struct key_binding keys[] = {
	{"Left", "left", "the checkpoint before", false, .run = across,
	 .arg = -1},
	{"Right", "right", "the next checkpoint", false, .run = across,
	 .arg = 1},
	{"Up", "up", "the move above", false, .run = down, .arg = -1},
	{"Down", "down", "the move below", false, .run = down, .arg = 1},
	{"Enter", "open", "what this checkpoint thinks here", true,
	 .run = open_search},
	{"Tab", "next-run", "the next run", true, .run = next_run},
	{"s", "simulations", "ask again with a search of so many simulations",
	 true, .run = ask_sims},
	{"c", "stop", "ask no further", true, .run = stop},
	{0},
};

static void sweep_status(const void *self, struct buf *out)
{
	const struct sweep_screen *s = self;

	buf_printf(out, "%s  %s", game_title(&s->sweep.game),
		   s->sweep.runs[s->run].name);
}

const struct screen screen_sweep = {
	.name = "sweep",
	.title = "Sweep",
	.help = "One position over all checkpoints of a run: a move a row, a "
		"checkpoint a column, * at the best moves, and when they "
		"were learned.",
	.self_size = sizeof(struct sweep_screen),
	.keys = keys,
	.open = sweep_screen_open,
	.draw = sweep_draw,
	.tick = sweep_tick,
	.busy = sweep_busy,
	.status = sweep_status,
	.close = sweep_screen_close,
};
