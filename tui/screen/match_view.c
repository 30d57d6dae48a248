/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/match_view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/stat.h"
#include "store/game.h"
#include "store/match.h"
#include "tui/row/words.h"
#include "tui/widget/plot.h"
#include "tui/widget/whisker.h"

enum { BAND_MOST = 400 }; /* Elo */

static void grow(double **array, size_t count)
{
	*array = mem_realloc(*array, (count + 1) * sizeof(**array));
}

static void add_mean(struct match_view *v, int games)
{
	struct stat_mean m = stat_mean_of(&v->sums);

	if (!isfinite(m.low))
		return;
	v->x[v->count] = games;
	v->curve[v->count] = m.mean;
	v->curve_low[v->count] = m.low;
	v->curve_high[v->count] = m.high;
	v->count++;
}

/* The score after each game; only games that were not seen yet are read.  A
 * rating of few games has an interval that would press all that follows into
 * one line: the curve begins with the third game, and the band is cut off
 * BAND_MOST away from it. */
static enum store_status read_curve(struct match_view *v, struct store *s)
{
	int games = v->seen[0] + v->seen[1] + v->seen[2];
	const struct store_game_filter filter = {.match_id = v->id,
						 .oldest_first = true,
						 .outcome = STORE_FINISHED,
						 .offset = games};
	struct store_bag bag = {0};
	struct store_game *rows;
	size_t count = 0;
	enum store_status st = store_game_list(s, &bag, &filter, &rows, &count);

	grow(&v->x, (size_t)v->count + count);
	grow(&v->curve, (size_t)v->count + count);
	grow(&v->curve_low, (size_t)v->count + count);
	grow(&v->curve_high, (size_t)v->count + count);
	for (size_t i = 0; st == STORE_OK && i < count; i++) {
		bool began = !strcmp(rows[i].first, v->first);
		double result = began ? rows[i].result : -rows[i].result;
		struct stat_elo elo;

		v->seen[result > 0 ? 0 : result < 0 ? 2 : 1]++;
		if (isfinite(rows[i].score))
			stat_add(&v->sums, rows[i].score);
		if (++games < 3)
			continue;
		if (!*v->second) {
			add_mean(v, games);
			continue;
		}
		elo = stat_elo_of(v->seen[0], v->seen[1], v->seen[2]);
		v->x[v->count] = games;
		v->curve[v->count] = elo.elo;
		v->curve_low[v->count] = fmax(elo.low, elo.elo - BAND_MOST);
		v->curve_high[v->count] = fmin(elo.high, elo.elo + BAND_MOST);
		v->count++;
	}
	store_bag_release(&bag);
	return st;
}

/* A number of the test's JSON, which this program wrote; NAN: not there. */
static double number_of(const char *text, const char *key)
{
	const char *at = strstr(text, key);
	char *end;
	double v;

	if (!at)
		return (double)NAN;
	at += strlen(key);
	v = strtod(at, &end);
	return end == at ? (double)NAN : v;
}

static void read_test(struct match_test *t, const char *text)
{
	static const char key[] = "\"verdict\":\"";
	const char *verdict;

	memset(t, 0, sizeof(*t));
	if (!text)
		return;
	t->elo0 = number_of(text, "\"elo0\":");
	t->elo1 = number_of(text, "\"elo1\":");
	t->llr = number_of(text, "\"llr\":");
	t->lower = number_of(text, "\"lower\":");
	t->upper = number_of(text, "\"upper\":");
	verdict = strstr(text, key);
	if (verdict) {
		verdict += strlen(key);
		snprintf(t->verdict, sizeof(t->verdict), "%.*s",
			 (int)strcspn(verdict, "\""), verdict);
	}
	t->on = isfinite(t->elo0) && isfinite(t->elo1) && isfinite(t->llr) &&
		t->lower < t->upper;
}

enum err_code match_view_read(struct match_view *v, struct store *s, int64_t id,
			      struct err *e)
{
	struct store_bag bag = {0};
	struct store_match m;
	enum store_status st = store_match_get(s, &bag, id, &m);

	if (st == STORE_OK) {
		v->id = id;
		snprintf(v->game, sizeof(v->game), "%s", m.game);
		snprintf(v->first, sizeof(v->first), "%s", m.first);
		snprintf(v->second, sizeof(v->second), "%s",
			 m.second ? m.second : "");
		v->points = m.points;
		v->points_low = m.points_low;
		v->points_high = m.points_high;
		snprintf(v->openings, sizeof(v->openings), "%s",
			 m.openings ? m.openings : "");
		v->games = m.games;
		v->wins = m.wins;
		v->draws = m.draws;
		v->losses = m.losses;
		v->elo = m.elo;
		v->low = m.elo_low;
		v->high = m.elo_high;
		read_test(&v->test, m.sprt);
		st = read_curve(v, s);
	}
	store_bag_release(&bag);
	return st == STORE_OK
		       ? ERR_OK
		       : err_set(e, ERR_NOTFOUND, "%s", store_message(s));
}

void match_view_release(struct match_view *v)
{
	free(v->x);
	free(v->curve);
	free(v->curve_low);
	free(v->curve_high);
	memset(v, 0, sizeof(*v));
}

/* Wins, draws and losses as lengths; each has its own glyph. */
static void draw_bar(const struct match_view *v, struct canvas *c, int row)
{
	static const struct {
		uint32_t glyph;
		char plain;
		enum style style;
	} kinds[] = {{0x2588, '#', STYLE_GOOD},
		     {0x2592, '=', STYLE_NORMAL},
		     {0x2591, '.', STYLE_BAD}};
	int64_t score[] = {v->wins, v->draws, v->losses}, before = 0;
	int width = c->width - 2;

	for (int k = 0; k < 3 && v->games; k++) {
		int from = (int)(before * width / v->games);
		int to = (int)((before + score[k]) * width / v->games);

		for (int col = from; col < to; col++)
			canvas_glyph_or(c, row, 1 + col, kinds[k].style,
					kinds[k].glyph, kinds[k].plain);
		before += score[k];
	}
}

/* Against itself an agent is neither better nor worse: which of the two played
 * a game's first side is not kept, and what its games tell is what it is worth
 * to move first. */
static const char *curve_title(const struct match_view *v)
{
	if (!*v->second)
		return "mean score";
	return strcmp(v->first, v->second) ? "Elo difference"
					   : "Elo of moving first";
}

static void draw_curve(const struct match_view *v, struct canvas *c)
{
	struct plot_series s = {.x = v->x,
				.y = v->curve,
				.low = v->curve_low,
				.high = v->curve_high,
				.count = (size_t)v->count};
	struct plot p = {.title = curve_title(v),
			 .x_name = "games",
			 .x_kind = AXIS_COUNT,
			 .y_kind = AXIS_COUNT,
			 .series = &s,
			 .count = 1};

	plot_draw(&p, c);
}

/* Between the two ends stands the log of the likelihood ratio. */
static void draw_test(const struct match_test *t, struct canvas *c, int row)
{
	const struct whisker_scale ends = {t->lower, t->upper};
	enum { BAR = 21, ROOM = 56 };
	struct buf b;
	int col;

	col = canvas_printf(c, row, 1, STYLE_LABEL, "%g", t->elo0) + 1;
	buf_init(&b);
	whisker_text(&ends, t->llr, t->lower, t->upper,
		     c->width >= ROOM ? BAR : BAR / 2, &b);
	col = canvas_text(c, row, col, STYLE_VALUE, b.data) + 1;
	buf_release(&b);
	col = canvas_printf(c, row, col, STYLE_LABEL, "%g Elo", t->elo1);
	if (!strcmp(t->verdict, "H0") || !strcmp(t->verdict, "H1"))
		canvas_printf(c, row, col, STYLE_BOLD, ": decided for %g",
			      strcmp(t->verdict, "H0") ? t->elo1 : t->elo0);
	else
		canvas_text(c, row, col, STYLE_DIM, ": undecided");
	if (c->width >= ROOM + 24)
		canvas_printf(c, row, col + 19, STYLE_DIM,
			      "LLR %.2f in %.2f..%.2f", t->llr, t->lower,
			      t->upper);
}

static void draw_alone(const struct match_view *v, struct canvas *c)
{
	int col = canvas_printf(c, 5, 1, STYLE_VALUE, "%lld games",
				(long long)v->games);

	if (isfinite(v->points))
		col = canvas_printf(c, 5, col + 2, STYLE_BOLD,
				    "mean score %.1f", v->points);
	if (isfinite(v->points_low))
		canvas_printf(c, 5, col + 2, STYLE_DIM, "%.1f to %.1f (95%%)",
			      v->points_low, v->points_high);
}

void match_view_draw(const struct match_view *v, struct canvas *c)
{
	struct canvas curve = canvas_pane(c, 7, 0, c->height - 7, c->width);
	struct buf b;
	int col;

	buf_init(&b);
	game_text(v->game, &b);
	if (*v->openings)
		buf_printf(&b, ", openings %s", v->openings);
	canvas_text(c, 0, 1, STYLE_LABEL, b.data);
	canvas_field(c, 1, 1, c->width - 24, STYLE_BOLD, v->first);
	canvas_field(c, 2, 1, c->width - 24, STYLE_NORMAL, v->second);
	if (!*v->second) {
		draw_alone(v, c);
		buf_release(&b);
		if (curve.height >= 6)
			draw_curve(v, &curve);
		return;
	}
	buf_clear(&b);
	buf_printf(&b, "won %lld", (long long)v->wins);
	canvas_right(c, 1, c->width - 1, STYLE_GOOD, b.data);
	buf_clear(&b);
	buf_printf(&b, "drawn %lld  won %lld", (long long)v->draws,
		   (long long)v->losses);
	canvas_right(c, 2, c->width - 1, STYLE_BAD, b.data);
	draw_bar(v, c, 3);
	col = canvas_printf(c, 5, 1, STYLE_VALUE, "%lld games",
			    (long long)v->games);
	if (v->games) {
		double share = ((double)v->wins + 0.5 * (double)v->draws) /
			       (double)v->games;

		col = canvas_printf(c, 5, col + 2, STYLE_VALUE, "score %.1f%%",
				    100 * share);
	}
	buf_clear(&b);
	elo_text(v->elo, v->low, v->high, &b);
	if (b.len)
		canvas_printf(c, 5, col + 2, STYLE_BOLD,
			      "Elo %s for the first (95%%)", b.data);
	buf_release(&b);
	if (v->test.on)
		draw_test(&v->test, c, 6);
	if (curve.height >= 6)
		draw_curve(v, &curve);
}
