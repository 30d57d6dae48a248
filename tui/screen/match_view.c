/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/match_view.h"

#include <math.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/rate/sprt.h"
#include "core/rate/tally.h"
#include "tui/row/words.h"
#include "tui/widget/axis.h"
#include "tui/widget/plot.h"
#include "tui/widget/whisker.h"

/* So many of all, of a bar of that width.  Counts may be anybody's. */
static int part_of(double count, int64_t all, int width)
{
	return (int)(fmin(fmax(count / (double)all, 0), 1) * width);
}

/* Wins, draws and losses as lengths; each has its own glyph. */
static void draw_bar(const struct match_score *v, struct canvas *c, int row)
{
	static const struct {
		uint32_t glyph;
		char plain;
		enum style style;
	} kinds[] = {{0x2588, '#', STYLE_GOOD},
		     {0x2592, '=', STYLE_NORMAL},
		     {0x2591, '.', STYLE_BAD}};
	int64_t score[] = {v->wins, v->draws, v->losses};
	double before = 0;
	int width = c->width - 2;

	for (int k = 0; k < 3 && v->games; k++) {
		double after = before + (double)score[k];
		int from = part_of(before, v->games, width);
		int to = part_of(after, v->games, width);

		for (int col = from; col < to; col++)
			canvas_glyph_or(c, row, 1 + col, kinds[k].style,
					kinds[k].glyph, kinds[k].plain);
		before = after;
	}
}

/* Against itself an agent is neither better nor worse: which of the two played
 * a game's first side is not kept, and what its games tell is what it is worth
 * to move first. */
static const char *curve_title(const struct match_score *v)
{
	if (!*v->second)
		return "mean score";
	return strcmp(v->first, v->second) ? "Elo difference"
					   : "Elo of moving first";
}

static struct plot curve_plot(const struct match_score *v,
			      struct plot_series *s)
{
	*s = (struct plot_series){.x = v->x,
				  .y = v->curve,
				  .low = v->curve_low,
				  .high = v->curve_high,
				  .count = (size_t)v->count};
	return (struct plot){.title = curve_title(v),
			     .x_name = "games",
			     .x_kind = AXIS_COUNT,
			     .y_kind = AXIS_COUNT,
			     .series = s,
			     .count = 1};
}

static void draw_curve(const struct match_score *v, struct canvas *c)
{
	struct plot_series s;
	struct plot p = curve_plot(v, &s);

	plot_draw(&p, c);
}

bool match_view_picture(const struct match_score *v, enum picture_format f,
			struct buf *out)
{
	struct plot_series s;
	struct plot p = curve_plot(v, &s);

	if (v->count)
		plot_picture(&p, f, out);
	return v->count > 0;
}

/* Between the two ends stands the log of the likelihood ratio. */
static void draw_test(const struct sprt *t, struct canvas *c, int row)
{
	const struct whisker_scale ends = {t->lower, t->upper};
	enum { BAR = 21, ROOM = 56 };
	struct buf b;
	int col;

	col = canvas_printf(c, row, 1, STYLE_LABEL, "%g", t->terms.elo0) + 1;
	buf_init(&b);
	whisker_text(&ends, t->llr, t->lower, t->upper,
		     c->width >= ROOM ? BAR : BAR / 2, &b);
	col = canvas_text(c, row, col, STYLE_VALUE, b.data) + 1;
	buf_release(&b);
	col = canvas_printf(c, row, col, STYLE_LABEL, "%g Elo", t->terms.elo1);
	if (t->verdict != SPRT_UNDECIDED)
		canvas_printf(c, row, col, STYLE_BOLD, ": decided for %g",
			      t->verdict == SPRT_H1 ? t->terms.elo1
						    : t->terms.elo0);
	else
		canvas_text(c, row, col, STYLE_DIM, ": undecided");
	if (c->width >= ROOM + 24)
		canvas_printf(c, row, col + 19, STYLE_DIM,
			      "LLR %.2f in %.2f..%.2f", t->llr, t->lower,
			      t->upper);
}

static void draw_alone(const struct match_score *v, struct canvas *c)
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

/* What of the games is evidence. */
static void draw_pairs(const struct match_score *v, struct canvas *c)
{
	const struct tally *t = &v->games_read.tally;

	if (t->pairs)
		canvas_printf(c, 4, 1, STYLE_DIM, "%d pair%s, %d distinct",
			      t->pairs, t->pairs == 1 ? "" : "s",
			      t->distinct_pairs);
}

/* Of the distinct pairs, as the Elo is; of all games where they are not kept,
 * or tell what moving first is worth. */
static double share_of(const struct match_score *v)
{
	const struct tally *t = &v->games_read.tally;

	if (t->games == v->games && t->distinct_pairs &&
	    strcmp(v->first, v->second) != 0)
		return tally_shares(t).mean;
	return ((double)v->wins + 0.5 * (double)v->draws) / (double)v->games;
}

void match_view_draw(const struct match_score *v, struct canvas *c)
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
	draw_pairs(v, c);
	if (v->games)
		col = canvas_printf(c, 5, col + 2, STYLE_VALUE, "score %.1f%%",
				    100 * share_of(v));
	buf_clear(&b);
	elo_text(v->elo, v->low, v->high, &b);
	if (b.len)
		canvas_printf(c, 5, col + 2, STYLE_BOLD,
			      "Elo %s for the first (95%%)", b.data);
	buf_release(&b);
	if (v->tested)
		draw_test(&v->test, c, 6);
	if (curve.height >= 6)
		draw_curve(v, &curve);
}
