/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "tui/cmd/grid.h"
#include "tui/cmd/rows.h"
#include "tui/cmd/table.h"
#include "tui/widget/look.h"

struct show_args {
	const char *what, *id;
	bool json;
};

struct showing {
	const struct cmd_line *line;
	const char *id; /* as typed */
	struct store *s;
	struct store_bag bag;
	bool as_json;
	struct json json;
	struct buf out;
};

enum { LABEL_WIDTH = 12 };

static void label(struct showing *w, const char *name)
{
	buf_printf(&w->out, "%-*s", LABEL_WIDTH, name);
}

static void field(struct showing *w, const char *name, const char *text)
{
	label(w, name);
	buf_printf(&w->out, "%s\n", rows_or_dash(text));
}

static void field_int(struct showing *w, const char *name, int64_t v)
{
	label(w, name);
	buf_printf(&w->out, "%lld\n", (long long)v);
}

static void field_date(struct showing *w, const char *name, int64_t ms)
{
	char date[32];

	field(w, name, rows_date(ms, date));
}

static void field_elo(struct showing *w, double elo, double low, double high)
{
	if (!isfinite(elo))
		return;
	label(w, "elo");
	buf_printf(&w->out, "%.0f", elo);
	if (isfinite(low) && isfinite(high))
		buf_printf(&w->out, " (%.0f to %.0f)", low, high);
	buf_putc(&w->out, '\n');
}

/* The last value of each curve. */
struct last_value {
	const char *name;
	struct store_metric m;
};

static int read_metrics(struct showing *w, int64_t run_id,
			struct last_value **out, size_t *count)
{
	const char **names;

	if (store_metric_names(w->s, &w->bag, run_id, &names, count))
		return rows_fail(w->line, w->s);
	*out = store_bag_alloc(&w->bag, *count * sizeof(**out));
	for (size_t i = 0; i < *count; i++) {
		struct store_metric *rows;
		size_t n;

		(*out)[i].name = names[i];
		if (store_metric_list(w->s, &w->bag, run_id, names[i], 0, &rows,
				      &n))
			return rows_fail(w->line, w->s);
		if (n)
			(*out)[i].m = rows[n - 1];
	}
	return 0;
}

static void print_run(struct showing *w, const struct store_run *r,
		      const struct last_value *values, size_t count)
{
	const char *line = r->config;
	char seed[32];

	snprintf(seed, sizeof(seed), "%llu", (unsigned long long)r->seed);
	field(w, "run", r->name);
	field(w, "kind", r->kind);
	field(w, "game", r->game);
	field(w, "status", r->status);
	if (r->source)
		field(w, "source", r->source);
	if (r->parent_checkpoint)
		field_int(w, "parent", r->parent_checkpoint);
	field_int(w, "games", r->games);
	field_int(w, "stored", r->games_stored);
	field_int(w, "checkpoints", r->checkpoints);
	if (r->last_step >= 0)
		field_int(w, "last step", r->last_step);
	field_elo(w, r->elo, r->elo_low, r->elo_high);
	field(w, "seed", seed);
	field_date(w, "made", r->created_ms);
	field(w, "on", r->host);
	field(w, "with", r->build);
	if (*line)
		buf_puts(&w->out, "\nsettings\n");
	while (*line) {
		size_t n = strcspn(line, "\n");

		buf_printf(&w->out, "  %.*s\n", (int)n, line);
		line += n + (line[n] != '\0');
	}
	if (count)
		buf_puts(&w->out, "\nlast value of each curve\n");
	for (size_t i = 0; i < count; i++)
		buf_printf(&w->out, "  %-24s %12.6g  at step %lld\n",
			   values[i].name, values[i].m.value,
			   (long long)values[i].m.step);
}

static void json_run(struct showing *w, const struct store_run *r,
		     const struct last_value *values, size_t count)
{
	struct json *j = &w->json;

	json_open(j, '{');
	rows_json_run_keys(j, r);
	json_key(j, "config");
	json_string(j, r->config);
	json_key(j, "metrics");
	json_open(j, '{');
	for (size_t i = 0; i < count; i++) {
		json_key(j, values[i].name);
		json_double(j, values[i].m.value);
	}
	json_close(j, '}');
	json_close(j, '}');
}

/* A run by its name, or by its number where no run has that name. */
static int show_run(struct showing *w)
{
	bool number = w->id[strspn(w->id, "0123456789")] == '\0' && *w->id;
	struct last_value *values = NULL;
	struct store_run r;
	enum store_status st = store_run_find(w->s, &w->bag, w->id, &r);
	size_t count = 0;
	int status;

	if (st == STORE_NOTFOUND && number)
		st = store_run_get(w->s, &w->bag, strtoll(w->id, NULL, 10), &r);
	if (st)
		return rows_fail(w->line, w->s);
	status = read_metrics(w, r.id, &values, &count);
	if (status)
		return status;
	if (w->as_json)
		json_run(w, &r, values, count);
	else
		print_run(w, &r, values, count);
	return 0;
}

/* By number, or as in an agent's spec: RUN/STEP, RUN/latest. */
static int find_checkpoint(struct showing *w, struct store_checkpoint *c)
{
	const char *slash = strrchr(w->id, '/');
	struct err e = ERR_INIT;
	struct store_run r;
	enum err_code rc;
	int64_t id;
	int status;
	char *run;

	if (!slash) {
		status = rows_id(w->line, "checkpoint", w->id, &id);
		if (!status && store_checkpoint_get(w->s, &w->bag, id, c))
			status = rows_fail(w->line, w->s);
		return status;
	}
	run = mem_printf("%.*s", (int)(slash - w->id), w->id);
	rc = lab_find_checkpoint(w->s, &w->bag, run, slash + 1, &r, c, &e);
	free(run);
	return rc ? cmd_fail(w->line, &e) : 0;
}

/* The run's metric at a checkpoint's step; NAN: none. */
static double metric_at(struct showing *w, const struct store_checkpoint *c,
			const char *name)
{
	struct store_metric *rows;
	size_t count;

	if (store_metric_list(w->s, &w->bag, c->run_id, name, c->step, &rows,
			      &count) != STORE_OK ||
	    !count || rows[0].step != c->step)
		return (double)NAN;
	return rows[0].value;
}

static int show_checkpoint(struct showing *w)
{
	struct store_checkpoint c;
	int status = find_checkpoint(w, &c);
	double kept, best;

	if (status)
		return status;
	kept = metric_at(w, &c, "grade.class");
	best = metric_at(w, &c, "grade.score");
	if (w->as_json) {
		rows_json_checkpoint(&w->json, &c);
		return 0;
	}
	label(w, "checkpoint");
	buf_printf(&w->out, "%s/%lld\n", c.run, (long long)c.step);
	field_int(w, "number", c.id);
	field_int(w, "games", c.games);
	field_int(w, "samples", c.samples);
	field_elo(w, c.elo, c.elo_low, c.elo_high);
	if (isfinite(kept)) {
		label(w, "grade");
		buf_printf(&w->out,
			   "%.1f%% of moves keep the result, %.1f%% are as "
			   "good as any\n",
			   100 * kept, 100 * best);
	}
	field(w, "network", c.network);
	field_int(w, "weights", c.floats);
	field(w, "sha256", c.sha256);
	field_date(w, "made", c.created_ms);
	return 0;
}

/* The position after all moves, as far as the rules of today know them. */
static void print_board(struct showing *w, const struct store_game *row)
{
	const struct look *look;
	game_move *moves = NULL;
	void *state = NULL;
	struct game g;
	int count;

	if (game_init(&g, row->game, NULL))
		return;
	look = look_of(&g);
	state = game_state_new(&g, row->seed);
	moves = mem_zalloc((size_t)g.max_plies, sizeof(*moves));
	if (!game_play_text(&g, state, row->moves, moves, &count, NULL)) {
		buf_putc(&w->out, '\n');
		for (int y = 0; y < g.rows; y++) {
			buf_puts(&w->out, " ");
			for (int x = 0; x < g.cols; x++) {
				int what = g.rules->cell(&g, state, y, x);

				buf_printf(&w->out, " %c",
					   look_letter(look, what));
			}
			buf_putc(&w->out, '\n');
		}
	}
	free(moves);
	free(state);
}

static void print_searches(struct showing *w, const struct store_search *rows,
			   size_t count)
{
	static const struct grid_column columns[] = {
		{.title = "PLY", .right = true},
		{.title = "BEST"},
		{.title = "WIN", .right = true},
		{.title = "DRAW", .right = true},
		{.title = "LOSS", .right = true},
		{.title = "SIMULATIONS", .right = true},
		{.title = "TREE", .right = true},
		{.title = "AGENT", .cut = true},
		{.title = NULL},
	};
	struct grid grid;

	if (!count)
		return;
	grid_init(&grid, columns);
	for (size_t i = 0; i < count; i++) {
		const struct store_search *x = &rows[i];
		const double wdl[] = {x->win, x->draw, x->loss};

		grid_add(&grid, "%d", x->ply);
		grid_add(&grid, "%s", rows_or_dash(x->best));
		for (int k = 0; k < 3; k++) {
			if (isfinite(wdl[k]))
				grid_add(&grid, "%.3f", wdl[k]);
			else
				grid_add(&grid, "-");
		}
		grid_add(&grid, "%lld", (long long)x->simulations);
		if (x->trace_len)
			grid_add(&grid, "%zu kB", (x->trace_len + 1023) / 1024);
		else
			grid_add(&grid, "-");
		grid_add(&grid, "%s", rows_or_dash(x->agent));
	}
	buf_puts(&w->out, "\nsearches\n");
	grid_write(&grid, grid_width(), &w->out);
	grid_release(&grid);
}

static void print_game(struct showing *w, const struct store_game *g)
{
	char title[96];

	field_int(w, "game", g->id);
	field(w, "of", rows_game(g->game, title));
	if (g->run)
		field(w, "run", g->run);
	field(w, "purpose", g->purpose);
	field(w, "first", g->first);
	if (g->second)
		field(w, "second", g->second);
	label(w, "result");
	if (!g->second && isfinite(g->score))
		buf_printf(&w->out, "%g points", g->score);
	else if (g->result > 0 || g->result < 0)
		buf_printf(&w->out, "%s player won", rows_winner(g));
	else
		buf_puts(&w->out, g->result == 0 ? "draw" : "unfinished");
	if (g->ended)
		buf_printf(&w->out, " (%s)", g->ended);
	buf_printf(&w->out, " after %d plies\n", g->plies);
	if (g->second && isfinite(g->score)) {
		label(w, "score");
		buf_printf(&w->out, "%g\n", g->score);
	}
	if (g->facts)
		field(w, "facts", g->facts);
	if (g->event)
		field(w, "event", g->event);
	if (g->date)
		field(w, "date", g->date);
	if (g->tags)
		field(w, "tags", g->tags);
	if (g->origin)
		field(w, "origin", g->origin);
	field_date(w, g->origin ? "imported" : "played", g->created_ms);
	field(w, "moves", g->moves);
	print_board(w, g);
}

static void json_search(struct json *j, const struct store_search *x)
{
	json_open(j, '{');
	json_key(j, "id"), json_int(j, x->id);
	json_key(j, "ply"), json_int(j, x->ply);
	json_key(j, "agent"), json_string(j, x->agent);
	json_key(j, "settings"), json_string(j, x->settings);
	json_key(j, "simulations"), json_int(j, x->simulations);
	json_key(j, "seed"), json_int(j, (int64_t)x->seed);
	json_key(j, "best"), json_string(j, x->best);
	json_key(j, "value"), json_open(j, '{');
	json_key(j, "win"), json_double(j, x->win);
	json_key(j, "draw"), json_double(j, x->draw);
	json_key(j, "loss"), json_double(j, x->loss);
	json_close(j, '}');
	json_key(j, "raw_value"), json_double(j, x->raw_value);
	json_key(j, "trace_bytes"), json_int(j, (int64_t)x->trace_len);
	json_close(j, '}');
}

static int show_game(struct showing *w)
{
	struct store_search *rows;
	struct store_game g;
	size_t count;
	int64_t id;
	int status = rows_id(w->line, "game", w->id, &id);

	if (status)
		return status;
	if (store_game_get(w->s, &w->bag, id, &g) ||
	    store_search_list(w->s, &w->bag, id, &rows, &count))
		return rows_fail(w->line, w->s);
	if (!w->as_json) {
		print_game(w, &g);
		print_searches(w, rows, count);
		return 0;
	}
	json_open(&w->json, '{');
	rows_json_game_keys(&w->json, &g);
	json_key(&w->json, "searches");
	json_open(&w->json, '[');
	for (size_t i = 0; i < count; i++)
		json_search(&w->json, &rows[i]);
	json_close(&w->json, ']');
	json_close(&w->json, '}');
	return 0;
}

static const struct {
	const char *name;
	int (*show)(struct showing *w);
} kinds[] = {
	{"run", show_run},
	{"checkpoint", show_checkpoint},
	{"game", show_game},
};

static int show(struct showing *w, int (*make)(struct showing *w))
{
	int status = rows_open(w->line, &w->s);

	if (status)
		return status;
	buf_init(&w->out);
	json_init(&w->json, &w->out);
	status = make(w);
	if (status) {
		buf_release(&w->out);
	} else {
		if (w->as_json)
			buf_putc(&w->out, '\n');
		status = cmd_finish(w->line, &w->out);
	}
	store_bag_release(&w->bag);
	store_close(w->s);
	return status;
}

static int run(const struct cmd_line *line)
{
	const struct show_args *a = line->args;
	struct showing w = {.line = line, .id = a->id, .as_json = a->json};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(a->what, kinds[i].name))
			return show(&w, kinds[i].show);
	return cmd_complain(line, CMD_USAGE,
			    "'%s' cannot be shown: a run, a checkpoint or a "
			    "game can",
			    a->what);
}

#define AT(field) offsetof(struct show_args, field)

static const struct cmd_option options[] = {
	CMD_ARG(1, "WHAT", AT(what)),
	CMD_ARG(2, "ID", AT(id)),
	CMD_FLAG("json", AT(json), "as one object"),
	CMD_END,
};

const struct cmd cmd_show = {
	.name = "show",
	.synopsis = "run|checkpoint|game ID [--json]",
	.summary = "show all about a run, a checkpoint or a game",
	.details = "A run goes by its name, a checkpoint by its number or as "
		   "RUN/STEP,\nRUN/latest too, a game by its number.",
	.options = options,
	.args_size = sizeof(struct show_args),
	.min_args = 2,
	.max_args = 2,
	.run = run,
};
