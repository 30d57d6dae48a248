/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/thinking.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/game/game.h"
#include "core/search/trace.h"

void thinking_init(struct thinking *t, const char *name)
{
	memset(t, 0, sizeof(*t));
	snprintf(t->name, sizeof(t->name), "%s", name);
	t->player = -1;
}

void thinking_clear(struct thinking *t)
{
	char name[sizeof(t->name)];

	memcpy(name, t->name, sizeof(name));
	thinking_init(t, name);
}

/* More visits first, then more policy, then the order of moves. */
static int by_rank(const void *pa, const void *pb)
{
	const struct agent_move *a = *(const struct agent_move *const *)pa;
	const struct agent_move *b = *(const struct agent_move *const *)pb;

	if (a->visits != b->visits)
		return a->visits > b->visits ? -1 : 1;
	if (a->policy > b->policy)
		return -1;
	if (a->policy < b->policy)
		return 1;
	return a->move < b->move ? -1 : 1;
}

static void set_rows(struct thinking *t, const struct game *g,
		     const void *state, const struct thought *th)
{
	const struct agent_move *rank[1024];
	int count = th->count < 1024 ? th->count : 1024;
	uint64_t visits = 0;

	for (int i = 0; i < count; i++) {
		rank[i] = &th->moves[i];
		visits += th->moves[i].visits;
	}
	qsort(rank, (size_t)count, sizeof(*rank), by_rank);
	/* The chosen one before those that are as good. */
	for (int i = count - 1; i > 0; i--) {
		const struct agent_move *here = rank[i];

		if (here->move != th->move ||
		    rank[i - 1]->visits != here->visits ||
		    rank[i - 1]->policy > here->policy)
			continue;
		rank[i] = rank[i - 1];
		rank[i - 1] = here;
	}
	t->searched = visits > 0;
	t->kept = th->trace ? th->trace->nodes[0].base_visits : 0;
	t->count = count < THINKING_ROWS ? count : THINKING_ROWS;
	t->more = th->count - t->count;
	t->has_q = t->has_v = false;
	t->names = 5;
	for (int i = 0; i < t->count; i++) {
		struct thinking_row *r = &t->rows[i];

		r->move = rank[i]->move;
		r->visits = rank[i]->visits;
		r->share = visits ? (float)rank[i]->visits / (float)visits
				  : rank[i]->policy;
		r->prior = rank[i]->prior;
		r->q = rank[i]->q;
		r->value = rank[i]->value;
		r->chosen = rank[i]->move == th->move;
		t->has_q |= !isnan(r->q);
		t->has_v |= !isnan(r->value);
		g->rules->move_text(g, state, r->move, r->text);
		if (canvas_width(r->text) + 1 > t->names)
			t->names = canvas_width(r->text) + 1;
	}
}

/* The line of most visits, from the recorded tree. */
static void set_line(struct thinking *t, const struct game *g,
		     const void *state, const struct trace *trace)
{
	struct trace_view view;
	uint32_t nodes[THINKING_LINE];
	game_move moves[THINKING_LINE];
	struct buf text;
	int n;

	trace_view_init(&view, trace);
	trace_view_seek(&view, trace->sim_count);
	n = trace_view_pv(&view, 0, nodes, THINKING_LINE);
	for (int i = 0; i < n; i++)
		moves[i] = trace->nodes[nodes[i]].move;
	trace_view_release(&view);
	buf_init(&text);
	game_line_text(g, state, moves, n, &text);
	snprintf(t->line, sizeof(t->line), "%s", text.data);
	buf_release(&text);
}

void thinking_set(struct thinking *t, const struct game *g, const void *state,
		  const struct thought *th, int ply, bool running, bool ascii)
{
	t->player = g->rules->to_act(g, state);
	for (int i = 0; i < 2; i++)
		snprintf(t->piece[i], sizeof(t->piece[i]), "%s",
			 board_piece_text(g, i, ascii));
	t->running = running;
	t->has_value = th->has_value;
	memcpy(t->wdl, th->wdl, sizeof(t->wdl));
	t->simulations = th->simulations;
	t->reading = th->reading;
	t->ply = ply;
	t->line[0] = '\0';
	t->has_owners = th->ownership && g->rows * g->cols <= BOARD_CELLS;
	if (t->has_owners)
		memcpy(t->owners, th->ownership,
		       (size_t)(g->rows * g->cols) * sizeof(*t->owners));
	set_rows(t, g, state, th);
	if (th->trace)
		set_line(t, g, state, th->trace);
}

void thinking_bar(struct canvas *c, int row, int col, int width,
		  const float wdl[3])
{
	static const uint32_t unicode[3] = {0x2588, 0x2592, 0x2591};
	static const uint32_t ascii[3] = {'#', '=', '.'};
	static const enum style styles[3] = {STYLE_GOOD, STYLE_DIM, STYLE_BAD};
	int win = (int)lroundf(wdl[0] * (float)width);
	int loss = (int)lroundf(wdl[2] * (float)width);

	if (win > width)
		win = width;
	if (loss > width - win)
		loss = width - win;
	for (int x = 0; x < width; x++) {
		int part = x < win ? 0 : x < width - loss ? 1 : 2;

		canvas_glyph(c, row, col + x, styles[part],
			     c->ascii ? ascii[part] : unicode[part]);
	}
}

static void percent(float share, char out[8])
{
	if (share >= 0.995f)
		snprintf(out, 8, "100%%");
	else
		snprintf(out, 8, "%.0f%%", (double)(share * 100));
}

/* "1234", "56k": at most five characters. */
static void count_text(uint32_t n, char out[16])
{
	if (n < 100000)
		snprintf(out, 16, "%u", n);
	else if (n < 10000000)
		snprintf(out, 16, "%uk", n / 1000);
	else
		snprintf(out, 16, "%uM", n / 1000000);
}

static void figure(float v, char out[8])
{
	if (isnan(v))
		snprintf(out, 8, "-");
	else if (fabsf(v) < 0.005f)
		snprintf(out, 8, "0.00"); /* not -0.00 */
	else
		snprintf(out, 8, "%+.2f", (double)v);
}

/* Which columns have room, from the most to the least wanted. */
struct columns {
	bool visits, prior, q, value;
	int bar; /* width of the bar; 0: none */
};

static struct columns columns_for(const struct thinking *t, int width)
{
	struct columns k = {0};
	int left = width - t->names - 5; /* move, share */

	if (t->has_q && left >= 6) {
		k.q = true;
		left -= 6;
	}
	if (left >= 5) {
		k.prior = true;
		left -= 5;
	}
	if (t->searched && left >= 6) {
		k.visits = true;
		left -= 6;
	}
	if (t->has_v && left >= 6 + 4) {
		k.value = true;
		left -= 6;
	}
	k.bar = left > 4 ? (left - 1 < 20 ? left - 1 : 20) : 0;
	return k;
}

static void draw_heads(const struct thinking *t, struct canvas *c, int y,
		       const struct columns *k)
{
	int x = t->names;

	canvas_text(c, y, 0, STYLE_LABEL, "move");
	if (k->visits)
		canvas_right(c, y, x += 6, STYLE_LABEL, "N");
	canvas_right(c, y, x += 5, STYLE_LABEL, t->searched ? "N%" : "play");
	if (k->prior)
		canvas_right(c, y, x += 5, STYLE_LABEL, "P");
	if (k->q)
		canvas_right(c, y, x += 6, STYLE_LABEL, "Q");
	if (k->value)
		canvas_right(c, y, x + 6, STYLE_LABEL, "V");
}

static void draw_share(struct canvas *c, int y, int x, int width, float share)
{
	int eighths = (int)lroundf(share * (float)width * 8);

	for (int i = 0; i < width && eighths > 0; i++, eighths -= 8) {
		/* U+2588 is full, U+258f the left eighth. */
		uint32_t glyph =
			eighths >= 8 ? 0x2588u : 0x2590u - (uint32_t)eighths;

		if (c->ascii)
			glyph = eighths >= 4 ? '#' : 0;
		canvas_glyph(c, y, x + i, STYLE_SERIES0, glyph);
	}
}

static void draw_row(const struct thinking_row *r, int names, struct canvas *c,
		     int y, const struct columns *k)
{
	enum style st = r->chosen ? STYLE_BOLD : STYLE_NORMAL;
	char text[16];
	int x = names;

	/* The chosen move is told by a sign too. */
	canvas_printf(c, y, 0, st, "%c%s", r->chosen ? '>' : ' ', r->text);
	if (k->visits) {
		count_text(r->visits, text);
		canvas_right(c, y, x += 6, st, text);
	}
	percent(r->share, text);
	canvas_right(c, y, x += 5, st, text);
	if (k->prior) {
		percent(r->prior, text);
		canvas_right(c, y, x += 5, STYLE_NORMAL, text);
	}
	if (k->q) {
		figure(r->q, text);
		canvas_right(c, y, x += 6, st, text);
	}
	if (k->value) {
		figure(r->value, text);
		canvas_right(c, y, x += 6, STYLE_NORMAL, text);
	}
	if (k->bar)
		draw_share(c, y, x + 1, k->bar, r->share);
}

static int draw_value(const struct thinking *t, struct canvas *c, int y)
{
	char text[3][8];
	int x;

	if (!t->has_value)
		return y;
	for (int i = 0; i < 3; i++)
		percent(t->wdl[i], text[i]);
	x = canvas_printf(c, y, 0, STYLE_VALUE, "%s wins %s",
			  t->piece[t->player], text[0]);
	if (c->width - x >= 12)
		x = canvas_printf(c, y, x, STYLE_VALUE, "  draw %s", text[1]);
	if (c->width - x >= 12)
		canvas_printf(c, y, x, STYLE_VALUE, "  loses %s", text[2]);
	if (c->height > 5)
		thinking_bar(c, ++y, 0, c->width, t->wdl);
	return y + 1;
}

/* What it has before it, and whether it forgot the oldest of it. */
static int draw_reading(const struct thought_reading *r, struct canvas *c,
			int y)
{
	int x = canvas_printf(c, y, 0, STYLE_NORMAL, "read %lld %s, %lld",
			      (long long)r->games,
			      r->games == 1 ? "game" : "games",
			      (long long)r->plies);

	if (r->context)
		x = canvas_printf(c, y, x, STYLE_NORMAL, "/%d", r->context);
	canvas_text(c, y, x, STYLE_NORMAL, r->plies == 1 ? " ply" : " plies");
	if (r->slides)
		canvas_printf(c, ++y, 0, STYLE_DIM, "forgot its oldest %lld %s",
			      (long long)r->slides,
			      r->slides == 1 ? "time" : "times");
	return y + 1;
}

static int draw_state(const struct thinking *t, struct canvas *c, int y)
{
	int x = 0;

	if (t->player < 0) {
		canvas_text(c, y, 0, STYLE_DIM, "nothing thought yet");
		return y + 1;
	}
	x = canvas_printf(c, y, x, STYLE_NORMAL, "%s move %d%s",
			  t->piece[t->player], t->ply + 1,
			  t->running ? ", thinking" : "");
	if (t->simulations > 0)
		canvas_printf(c, y, x, STYLE_NORMAL, ", %d simulations",
			      t->simulations);
	y++;
	/* else the visits below are more than the search says it made */
	if (t->kept)
		canvas_printf(c, y++, 0, STYLE_DIM,
			      "N has %llu kept from before",
			      (unsigned long long)t->kept);
	return t->reading.known ? draw_reading(&t->reading, c, y) : y;
}

void thinking_draw(const struct thinking *t, struct canvas *c)
{
	struct columns k = columns_for(t, c->width);
	int y = 0, bottom = c->height;

	canvas_field(c, y++, 0, c->width, STYLE_BOLD, t->name);
	y = draw_state(t, c, y);
	if (t->player < 0)
		return;
	y = draw_value(t, c, y);
	if (t->line[0] && bottom - y > 6) {
		bottom--;
		canvas_field(c, bottom, 0, c->width, STYLE_DIM, "");
		canvas_text(c, bottom, 0, STYLE_LABEL, "line ");
		canvas_field(c, bottom, 5, c->width - 5, STYLE_VALUE, t->line);
	}
	if (bottom - y > 3)
		draw_heads(t, c, y++, &k);
	for (int i = 0; i < t->count && y < bottom; i++, y++) {
		int hidden = t->count - i + t->more;

		if (y == bottom - 1 && hidden > 1) {
			canvas_printf(c, y, 1, STYLE_DIM, "and %d more moves",
				      hidden);
			break;
		}
		draw_row(&t->rows[i], t->names, c, y, &k);
	}
}

int thinking_marks(const struct thinking *t, bool visits,
		   struct board_mark *out, int max)
{
	int n = t->count < max ? t->count : max;

	for (int i = 0; i < n; i++) {
		const struct thinking_row *r = &t->rows[i];
		char text[16];

		out[i].move = r->move;
		if (visits && t->searched) {
			out[i].share = r->share;
			count_text(r->visits, text);
		} else {
			out[i].share = r->prior;
			percent(r->prior, text);
		}
		snprintf(out[i].text, sizeof(out[i].text), "%.7s", text);
	}
	return n;
}
