/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/repeats.h"
#include "store/game.h"
#include "store/run.h"
#include "store/store.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/rows.h"
#include "tui/cmd/table.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
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
		      const struct repeats *repeats,
		      const struct last_value *values, size_t count)
{
	const char *line = r->config;

	row_lines(&row_run, NULL, r, row_run.show, &w->out);
	if (repeats->games) {
		buf_puts(&w->out, "distinct    ");
		repeats_text(repeats, &w->out);
		buf_putc(&w->out, '\n');
	}
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
		     const struct repeats *repeats,
		     const struct last_value *values, size_t count)
{
	struct json *j = &w->json;

	json_open(j, '{');
	row_json_keys(&row_run, r, ROW_ONLY_SHOW, j);
	json_key(j, "games_distinct");
	json_int(j, repeats->distinct);
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
	struct repeats repeats = {0};
	size_t count = 0;
	int status;

	if (st == STORE_NOTFOUND && number)
		st = store_run_get(w->s, &w->bag, strtoll(w->id, NULL, 10), &r);
	if (st)
		return rows_fail(w->line, w->s);
	status = read_metrics(w, r.id, &values, &count);
	if (!status && repeats_read(&repeats, w->s, r.id, 0))
		status = rows_fail(w->line, w->s);
	if (!status && w->as_json)
		json_run(w, &r, &repeats, values, count);
	else if (!status)
		print_run(w, &r, &repeats, values, count);
	repeats_release(&repeats);
	return status;
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

/* A checkpoint, and its grades where it has them. */
struct graded {
	struct store_checkpoint checkpoint;
	double kept, best;
};

static void write_grade(const void *row, struct row_at *at, struct buf *out)
{
	const struct graded *c = row;

	(void)at;
	if (isfinite(c->kept))
		buf_printf(out,
			   "%.1f%% of moves keep the result, %.1f%% are as "
			   "good as any",
			   100 * c->kept, 100 * c->best);
}

static const struct row_field graded_fields[] = {
	ROW_MAKE("grade", .text = write_grade, .flags = ROW_OMIT),
	{.name = NULL},
};

static int show_checkpoint(struct showing *w)
{
	struct graded c;
	int status = find_checkpoint(w, &c.checkpoint);

	if (status)
		return status;
	if (w->as_json) {
		row_json(&row_checkpoint, &c, ROW_ONLY_SHOW, &w->json);
		return 0;
	}
	c.kept = metric_at(w, &c.checkpoint, "grade.class");
	c.best = metric_at(w, &c.checkpoint, "grade.score");
	row_lines(&row_checkpoint, graded_fields, &c, row_checkpoint.show,
		  &w->out);
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
	struct rows_table table;

	if (!count)
		return;
	rows_table_init(&table, &row_search);
	for (size_t i = 0; i < count; i++)
		rows_table_add(&table, &rows[i]);
	buf_puts(&w->out, "\nsearches\n");
	rows_table_write(&table, &w->out);
	rows_table_release(&table);
}

static void print_game(struct showing *w, const struct store_game *g)
{
	row_lines(&row_game, NULL, g, row_game.show, &w->out);
	print_board(w, g);
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
	row_json_keys(&row_game, &g, ROW_ONLY_SHOW, &w->json);
	json_key(&w->json, "searches");
	json_open(&w->json, '[');
	for (size_t i = 0; i < count; i++)
		row_json(&row_search, &rows[i], ROW_ONLY_SHOW, &w->json);
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

#define ARGS struct show_args

static const struct cmd_option options[] = {
	CMD_ARG(1, "WHAT", what),
	CMD_ARG(2, "ID", id),
	CMD_FLAG("json", json, "as one object"),
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
	.lab = true,
	.run = run,
};
