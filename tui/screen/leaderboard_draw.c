/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/leaderboard.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/session/series.h"
#include "core/session/standings.h"
#include "tui/canvas.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/row/words.h"
#include "tui/screen/curve.h"
#include "tui/widget/axis.h"
#include "tui/widget/plot.h"
#include "tui/widget/table.h"
#include "tui/widget/whisker.h"

enum { WIDE = 150, TALL = 30, CURVES_MOST = 8, SPEC_ROWS = 3, CURVE_ROWS = 28 };

/* Standard deviations that chance hardly makes. */
#define FAR 2.5

/* A rating, and the scale of its bar. */
struct rating_row {
	struct rating rating;
	const struct rate_gain *gain;
	const struct whisker_scale *scale;
};

/* "+94 ±52" */
static void gain_text(const struct rate_gain *g, struct buf *out)
{
	buf_printf(out, "%+.0f ", g->elo);
	interval_text(g->elo, g->low, g->high, out);
}

static void write_gain(const void *row, struct row_at *at, struct buf *out)
{
	const struct rating_row *r = row;

	(void)at;
	if (!isnan(r->gain->elo))
		gain_text(r->gain, out);
}

static void write_bar(const void *row, struct row_at *at, struct buf *out)
{
	const struct rating_row *r = row;

	whisker_text(r->scale, r->rating.elo, r->rating.elo_low,
		     r->rating.elo_high, at->width, out);
}

static const struct row_field own_fields[] = {
	ROW_MAKE("bar", .text = write_bar, .head = "", .width = 40, .least = 8,
		 .rank = 7, .style = STYLE_VALUE),
	ROW_MAKE("gain", .text = write_gain, .head = "gain", .width = 9,
		 .rank = 5, .style = STYLE_VALUE, .flags = ROW_RIGHT),
	{.name = NULL},
};

enum { MET_AGENT, MET_ELO, MET_RESULT, MET_SCORE, MET_EXPECTED, MET_MORE };

static const struct table_column met_columns[] = {
	[MET_AGENT] = {.head = "met", .width = 24, .least = 16, .grow = true},
	[MET_ELO] = {.head = "Elo", .width = 5, .right = true, .rank = 4},
	[MET_RESULT] = {.head = "+ = -",
			.width = 13,
			.least = 9,
			.right = true,
			.rank = 3},
	[MET_SCORE] = {.head = "score", .width = 5, .right = true},
	[MET_EXPECTED] = {.head = "expected",
			  .width = 8,
			  .right = true,
			  .rank = 1},
	[MET_MORE] = {.head = "more", .width = 5, .right = true, .rank = 2},
};

void leaderboard_columns(struct leaderboard *b)
{
	row_view_init(&b->view, &row_rating, own_fields,
		      b->all.gains ? "rank who rated interval gain bar games "
				     "share above"
				   : row_rating.cells);
	b->table.column_count = b->view.count;
}

void leaderboard_prepare(struct leaderboard *b)
{
	leaderboard_columns(b);
	table_init(&b->table, b->view.columns, b->view.count);
	table_init(&b->met, met_columns, ARRAY_LEN(met_columns));
	b->table.empty = "No agent has that in its name: / changes it.";
	b->met.empty = "It has met nobody.";
}

void leaderboard_interval(const struct leaderboard *b, int row, double *low,
			  double *high)
{
	const struct standing *r = &b->all.rows[row];
	bool mean = b->to_mean && !isnan(r->spread);

	*low = mean ? r->elo - r->spread : r->low;
	*high = mean ? r->elo + r->spread : r->high;
}

int leaderboard_selected(const struct leaderboard *b)
{
	return b->table.row_count ? b->shown[b->table.selected] : -1;
}

static void percent(double share, struct buf *out)
{
	if (!isnan(share))
		buf_printf(out, "%.0f%%", 100 * share);
}

static void rating_cell(const void *self, int row, int column, int width,
			struct buf *out, enum style *st)
{
	const struct leaderboard *b = self;
	const struct standing *r = &b->all.rows[b->shown[row]];
	struct rating_row shown = {
		.rating = {.rank = isnan(r->elo) ? 0 : b->shown[row] + 1,
			   .agent = r->spec,
			   .elo = r->elo,
			   .games = r->games,
			   .score = r->games ? r->points / (double)r->games
					     : (double)NAN,
			   .linked = r->linked,
			   .guess = b->all.anchored && !r->linked,
			   .above = r->los},
		.gain = &r->gain,
		.scale = &b->scale,
	};

	leaderboard_interval(b, b->shown[row], &shown.rating.elo_low,
			     &shown.rating.elo_high);
	row_cell(&b->view, column, &shown, width, out, st);
}

/* What was won beyond what the ratings expect, in points of a hundred. */
static void more_cell(double more, double expected, int64_t games,
		      struct buf *out, enum style *st)
{
	double sigma = sqrt(expected * (1 - expected) / (double)games);

	if (isnan(more))
		return;
	/* no "-0" */
	buf_printf(out, fabs(more) < 0.005 ? "0" : "%+.0f", 100 * more);
	/* more than chance explains, once in twenty */
	if (fabs(more) > 1.96 * sigma)
		*st = more > 0 ? STYLE_GOOD : STYLE_BAD;
}

static void met_cell(const void *self, int row, int column, int width,
		     struct buf *out, enum style *st)
{
	const struct leaderboard *b = self;
	const struct opponent *o = &b->opponents[row];
	double expected =
		standings_expected(&b->all, leaderboard_selected(b), o->row);
	double score =
		((double)o->wins + 0.5 * (double)o->draws) / (double)o->games;

	(void)width;
	switch (column) {
	case MET_AGENT:
		agent_text(b->all.rows[o->row].spec, out);
		*st = STYLE_BOLD;
		break;
	case MET_ELO:
		elo_text(b->all.rows[o->row].elo, (double)NAN, (double)NAN,
			 out);
		*st = STYLE_VALUE;
		break;
	case MET_RESULT:
		buf_printf(out, "%lld %lld %lld", (long long)o->wins,
			   (long long)o->draws, (long long)o->losses);
		*st = STYLE_VALUE;
		break;
	case MET_SCORE:
		percent(score, out);
		*st = STYLE_VALUE;
		break;
	case MET_EXPECTED:
		percent(expected, out);
		*st = STYLE_DIM;
		break;
	case MET_MORE:
		more_cell(score - expected, expected, o->games, out, st);
		break;
	default:
		break;
	}
}

static void count_text(int64_t n, const char *one, const char *more,
		       struct buf *out)
{
	buf_printf(out, " · %lld %s", (long long)n, n == 1 ? one : more);
}

/* Which game, how much stands behind the ratings, and are they of now. */
static void draw_head(const struct leaderboard *b, struct canvas *c)
{
	const struct standings *s = &b->all;
	const char *news =
		b->readonly || !s->fitted || s->kept ? "" : "r keeps these";
	struct buf text;
	int col, end = c->width - 1;

	if (*news && canvas_width(news) + 40 < c->width) {
		end -= canvas_width(news) + 1;
		canvas_text(c, 0, end + 1, STYLE_WARN, news);
	}
	buf_init(&text);
	game_text(s->games[s->game], &text);
	canvas_field(c, 0, 1, end - 1, STYLE_BOLD, text.data);
	col = 1 + canvas_width(text.data);
	buf_clear(&text);
	if (s->game_count > 1)
		buf_printf(&text, " (%d of %d)", s->game + 1, s->game_count);
	if (s->fitted && !s->anchored)
		buf_puts(&text, " · 0 is the mean");
	else if (s->anchor && strcmp(s->anchor, "random") != 0) {
		buf_puts(&text, " · 0 is ");
		agent_text(s->anchor, &text);
	}
	if (b->to_mean)
		buf_puts(&text, " · ± to the mean");
	count_text(s->count, "agent", "agents", &text);
	count_text(s->matches, "match", "matches", &text);
	count_text(s->games_played, "game", "games", &text);
	if (col < end)
		canvas_field(c, 0, col, end - col, STYLE_LABEL, text.data);
	buf_release(&text);
}

/* The selected one first: it lies on top and keeps its band. */
static int choose_curves(const struct leaderboard *b, int selected,
			 struct plot_series out[CURVES_MOST])
{
	const struct standings *s = &b->all;
	int own = s->rows[selected].curve, n = 0;

	for (int k = -1; k < s->curve_count && n < CURVES_MOST; k++) {
		int at = k < 0 ? own : k;
		const struct standing_curve *c = &s->curves[at];
		/* a guess's band would fill the picture */
		bool band = k < 0 && (s->rows[selected].linked || !s->anchored);

		if (k == own ||
		    (!b->every_run && strcmp(c->run, s->curves[own].run)))
			continue;
		out[n++] = (struct plot_series){
			.name = c->name,
			.x = c->x[b->x],
			.y = c->elo,
			.low = band ? c->low : NULL,
			.high = band ? c->high : NULL,
			.count = (size_t)c->count,
			.number = at,
		};
	}
	return n;
}

/* `series`: [CURVES_MOST]. */
static struct plot curve_plot(const struct leaderboard *b, int selected,
			      struct plot_series *series)
{
	const struct standing *r = &b->all.rows[selected];

	return (struct plot){
		.title = "Elo",
		.x_name = series_x_name(b->x),
		.x_kind = curve_x_kind(b->x),
		.y_kind = AXIS_COUNT,
		.series = series,
		.count = choose_curves(b, selected, series),
		.has_cursor = true,
		.cursor = b->all.curves[r->curve].x[b->x][r->point],
	};
}

static void draw_curve(const struct leaderboard *b, int selected,
		       struct canvas *c)
{
	struct plot_series series[CURVES_MOST];
	struct plot p = curve_plot(b, selected, series);

	plot_draw(&p, c);
}

bool leaderboard_chart(const void *self, enum picture_format f, struct buf *out)
{
	const struct leaderboard *b = self;
	int at = leaderboard_selected(b);
	struct plot_series series[CURVES_MOST];
	struct plot p;

	if (at < 0 || b->all.rows[at].curve < 0)
		return false;
	p = curve_plot(b, at, series);
	plot_picture(&p, f, out);
	return true;
}

static void draw_met(const struct leaderboard *b, struct canvas *c)
{
	table_draw(&b->met, c, b->pane == BOARD_OPPONENTS, met_cell, b);
}

/* An agent's whole spec, over as many rows as it takes but at most `most`;
 * returns the rows used. */
static int draw_spec(const char *spec, struct canvas *c, int most)
{
	int row = 0, len = (int)strlen(spec), width = c->width - 1;
	char line[512];

	while (row + 1 < most && len > width && width < (int)sizeof(line)) {
		snprintf(line, sizeof(line), "%.*s", width, spec);
		canvas_text(c, row++, 0, STYLE_BOLD, line);
		spec += width;
		len -= width;
	}
	canvas_field(c, row, 0, width, STYLE_BOLD, spec);
	return row + 1;
}

static void figures_text(const struct leaderboard *b, int selected,
			 struct buf *out)
{
	const struct standing *r = &b->all.rows[selected];
	double low, high;

	if (isnan(r->elo)) {
		buf_puts(out, "not rated");
		return;
	}
	leaderboard_interval(b, selected, &low, &high);
	buf_puts(out, "Elo ");
	elo_text(r->elo, low, high, out);
	if (b->all.anchored && !r->linked) {
		buf_puts(out, ", no games lead to ");
		agent_text(b->all.anchor ? b->all.anchor : "random", out);
	}
	if (!isnan(r->gain.elo)) {
		buf_puts(out, ", ");
		gain_text(&r->gain, out);
		buf_printf(out, " on step %lld",
			   (long long)b->all.rows[r->gain.before].step);
	}
}

/* Where ratings and own games agree least.  Beyond chance it is a warning. */
static enum style worst_text(const struct standing *r, struct buf *out)
{
	const struct rate_residual *w = r->worst;
	bool first = w && !strcmp(w->first, r->spec);
	double sign = first ? 1 : -1;

	if (!w)
		return STYLE_DIM;
	buf_puts(out, "with ");
	agent_text(first ? w->second : w->first, out);
	buf_printf(out, " %+.0f, expected %+.0f: %+.1f sd", sign * w->direct,
		   sign * w->elo, sign * w->deviations);
	return fabs(w->deviations) > FAR ? STYLE_WARN : STYLE_DIM;
}

/* Curve above, opponents below, as there is room for both. */
static void draw_side(const struct leaderboard *b, struct canvas *c)
{
	int at = leaderboard_selected(b), row, rest;
	struct canvas pane;
	struct buf text;
	enum style st;

	row = draw_spec(b->all.rows[at].spec, c, SPEC_ROWS);
	buf_init(&text);
	figures_text(b, at, &text);
	canvas_text(c, row, 0, STYLE_VALUE, text.data);
	buf_clear(&text);
	st = worst_text(&b->all.rows[at], &text);
	if (*text.data)
		canvas_field(c, ++row, 0, c->width - 1, st, text.data);
	buf_release(&text);
	row += 2;
	rest = c->height - row;
	if (b->all.rows[at].curve >= 0) {
		int met = b->met.row_count + 2, curve;

		if (met > rest / 2)
			met = rest / 2;
		curve = rest - met < CURVE_ROWS ? rest - met : CURVE_ROWS;
		pane = canvas_pane(c, row, 0, curve, c->width);
		draw_curve(b, at, &pane);
		row += curve + 1;
	}
	pane = canvas_pane(c, row, 0, c->height - row, c->width);
	draw_met(b, &pane);
}

/* One of the two below the table. */
static void draw_below(const struct leaderboard *b, struct canvas *c)
{
	int at = leaderboard_selected(b), width;
	struct canvas pane = canvas_pane(c, 1, 0, c->height - 1, c->width);
	struct buf text, worst;
	enum style st;

	buf_init(&text);
	buf_init(&worst);
	figures_text(b, at, &text);
	width = c->width - canvas_width(text.data) - 2;
	canvas_right(c, 0, c->width, STYLE_VALUE, text.data);
	buf_clear(&text);
	agent_text(b->all.rows[at].spec, &text);
	canvas_field(c, 0, 0, width, STYLE_BOLD, text.data);
	width -= canvas_width(text.data) + 2;
	st = worst_text(&b->all.rows[at], &worst);
	if (canvas_width(worst.data) <= width)
		canvas_text(c, 0, canvas_width(text.data) + 2, st, worst.data);
	buf_release(&text);
	buf_release(&worst);
	if (b->pane == BOARD_RATINGS && b->all.rows[at].curve >= 0)
		draw_curve(b, at, &pane);
	else
		draw_met(b, &pane);
}

static void draw_rule(struct canvas *c, int row, int col, int height, int width)
{
	canvas_fill(c, row, col, height, width, STYLE_BORDER,
		    width > height ? 0x2500 : 0x2502);
}

static void draw_ratings(const struct leaderboard *b, struct canvas *c)
{
	table_draw(&b->table, c, b->pane == BOARD_RATINGS, rating_cell, b);
}

/* Beside each other. */
static void draw_wide(const struct leaderboard *b, struct canvas *c)
{
	int left = c->width * 6 / 10, height = c->height;
	struct canvas pane =
		canvas_pane(c, 0, left + 2, height, c->width - left - 3);

	draw_rule(c, 0, left, height, 1);
	if (b->table.row_count)
		draw_side(b, &pane);
	pane = canvas_pane(c, 0, 1, height, left - 2);
	draw_ratings(b, &pane);
}

/* Above each other; one at a time where there is no room. */
static void draw_narrow(const struct leaderboard *b, struct canvas *c)
{
	bool both = c->height >= 15 && b->table.row_count > 0;
	bool ratings = both || b->pane == BOARD_RATINGS;
	int list = !ratings ? 0 : both ? (c->height - 1) / 2 : c->height;
	struct canvas pane;

	if (both && b->table.row_count + 1 < list)
		list = b->table.row_count + 1;
	if (both)
		draw_rule(c, list, 0, 1, c->width);
	/* the table last: the cursor belongs to it, not to the curve */
	if (both || !ratings) {
		pane = canvas_pane(c, list + both, 1, c->height - list - both,
				   c->width - 2);
		draw_below(b, &pane);
	}
	if (ratings) {
		pane = canvas_pane(c, 0, 1, list, c->width - 2);
		draw_ratings(b, &pane);
	}
}

void leaderboard_draw(const void *self, struct canvas *c)
{
	const struct leaderboard *b = self;
	struct canvas body = canvas_pane(c, 1, 0, c->height - 1, c->width);

	if (b->all.game < 0) {
		canvas_text(c, 1, 1, STYLE_DIM,
			    "No agents have met yet: m starts a match, or "
			    "`plyscope match`.");
		return;
	}
	draw_head(b, c);
	if (c->width >= WIDE && c->height >= TALL)
		draw_wide(b, &body);
	else
		draw_narrow(b, &body);
}
