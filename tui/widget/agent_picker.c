/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/agent_picker.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/mem.h"
#include "store/run.h"
#include "tui/canvas.h"
#include "tui/widget/popup.h"

static const struct table_column columns[] = {
	{.head = "agent", .width = 24, .least = 12, .grow = true},
	{.head = "Elo", .width = 7, .right = true, .rank = 1},
	{.head = "games", .width = 9, .right = true, .rank = 2},
};

void agent_picker_init(struct agent_picker *p)
{
	*p = (struct agent_picker){.simulations = 400};
	table_init(&p->table, columns, ARRAY_LEN(columns));
}

void agent_picker_release(struct agent_picker *p)
{
	free(p->rows);
	*p = (struct agent_picker){0};
}

static void add_row(struct agent_picker *p, const char *source, int64_t step,
		    double elo, int64_t games)
{
	struct picker_row *row;

	p->rows =
		mem_realloc(p->rows, ((size_t)p->count + 1) * sizeof(*p->rows));
	row = &p->rows[p->count++];
	snprintf(row->source, sizeof(row->source), "%s", source);
	row->step = step;
	row->elo = elo;
	row->games = games;
}

static enum store_status add_run(struct agent_picker *p, struct store *s,
				 struct store_bag *bag,
				 const struct store_run *run)
{
	struct store_checkpoint *list;
	enum store_status st;
	size_t count;

	st = store_checkpoint_list(s, bag, run->id, &list, &count);
	/* The newest is what is wanted most. */
	for (size_t i = count; st == STORE_OK && i-- > 0;) {
		char source[PICKER_SPEC];

		if (i + 1 == count)
			snprintf(source, sizeof(source), "%s/latest",
				 run->name);
		else
			snprintf(source, sizeof(source), "%s/%lld", run->name,
				 (long long)list[i].step);
		add_row(p, source, list[i].step, list[i].elo, list[i].games);
	}
	return st;
}

enum err_code agent_picker_open(struct agent_picker *p, struct store *s,
				const struct game *g, struct err *e)
{
	struct store_bag bag = {0};
	enum store_status st = STORE_OK;
	struct store_run *runs = NULL;
	size_t count = 0;

	p->count = 0;
	if (s)
		st = store_run_list(s, &bag, &runs, &count);
	for (size_t i = 0; st == STORE_OK && i < count; i++) {
		struct game own;

		if (runs[i].game && !game_init(&own, runs[i].game, NULL) &&
		    game_same_network(&own, g))
			st = add_run(p, s, &bag, &runs[i]);
	}
	store_bag_release(&bag);
	if (st != STORE_OK)
		return err_set(e, ERR_IO, "%s", store_message(s));
	add_row(p, "rollout", -1, (double)NAN, -1);
	add_row(p, "uniform", -1, (double)NAN, -1);
	table_rows(&p->table, p->count);
	p->open = true;
	return ERR_OK;
}

bool agent_picker_stand_at(struct agent_picker *p, const char *source)
{
	const char *slash = strrchr(source, '/');
	size_t run = slash ? (size_t)(slash + 1 - source) : 0;
	int64_t step = slash ? strtoll(slash + 1, NULL, 10) : -1;
	int best = -1, any = -1;

	for (int i = 0; i < p->count; i++) {
		const struct picker_row *r = &p->rows[i];

		if (!strcmp(r->source, source)) {
			best = i;
			break;
		}
		if (!slash || strncmp(r->source, source, run) != 0)
			continue;
		any = i;
		if (r->step <= step &&
		    (best < 0 || r->step > p->rows[best].step))
			best = i;
	}
	if (best < 0)
		best = any;
	if (best >= 0)
		table_select(&p->table, best);
	return best >= 0;
}

bool agent_picker_recall(struct agent_picker *p, const char *spec)
{
	bool raw = !strncmp(spec, "policy:", 7);
	const char *source = strchr(spec, ':'), *comma;
	char name[PICKER_SPEC];
	int simulations = 0;

	if (!source || (!raw && strncmp(spec, "mcts:", 5) != 0))
		return false;
	source++;
	comma = strchr(source, ',');
	if (raw ? comma != NULL
		: !comma || strchr(comma + 1, ',') ||
			    sscanf(comma, ",sims=%d", &simulations) != 1)
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(source, ","), source);
	if (!agent_picker_stand_at(p, name))
		return false;
	p->simulations = simulations;
	return true;
}

void agent_picker_close(struct agent_picker *p)
{
	p->open = false;
}

void agent_picker_simulations(struct agent_picker *p, int step)
{
	static const int scale[] = {0,   50,   100,  200,  400,
				    800, 1600, 3200, 6400, 12800};
	int at = 0;

	while (at + 1 < (int)ARRAY_LEN(scale) && scale[at] < p->simulations)
		at++;
	at += step;
	if (at >= 0 && at < (int)ARRAY_LEN(scale))
		p->simulations = scale[at];
}

void agent_picker_spec(const struct agent_picker *p, char out[PICKER_SPEC])
{
	const struct picker_row *row = &p->rows[p->table.selected];
	const char *source = row->source;

	/* Without a network there is no policy to take raw. */
	if (p->simulations == 0 && row->games >= 0)
		snprintf(out, PICKER_SPEC, "policy:%.240s", source);
	else
		snprintf(out, PICKER_SPEC, "mcts:%.230s,sims=%d", source,
			 p->simulations ? p->simulations : 1);
}

static void cell(const void *self, int row, int column, int width,
		 struct buf *out, enum style *st)
{
	const struct agent_picker *p = self;
	const struct picker_row *r = &p->rows[row];

	(void)width;
	(void)st;
	if (column == 0)
		buf_printf(out, "%s%s", r->source,
			   r->games < 0 ? " (no network)" : "");
	else if (column == 1 && !isnan(r->elo))
		buf_printf(out, "%.0f", r->elo);
	else if (column == 2 && r->games >= 0)
		buf_printf(out, "%lld", (long long)r->games);
}

void agent_picker_draw(const struct agent_picker *p, struct canvas *c)
{
	int height = p->count + 6 > 18 ? 18 : p->count + 6;
	struct canvas box = popup(c, height, 56, "Who looks at it?");
	struct canvas list = canvas_pane(&box, 0, 0, box.height - 3, box.width);
	int row = box.height - 2, col;

	table_draw(&p->table, &list, true, cell, p);
	col = canvas_text(&box, row, 0, STYLE_LABEL, "simulations ");
	if (p->simulations)
		canvas_printf(&box, row, col, STYLE_BOLD, "< %d >",
			      p->simulations);
	else
		canvas_text(&box, row, col, STYLE_BOLD, "< none: raw policy >");
	canvas_text(&box, row + 1, 0, STYLE_DIM,
		    "Enter search  Left Right change  t type it  Esc close");
}
