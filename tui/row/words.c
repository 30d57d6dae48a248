/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/row/words.h"

#include <math.h>
#include <string.h>

#include "core/agent/command.h"
#include "core/base/clock.h"
#include "core/game/game.h"
#include "core/net/net.h"
#include "store/game.h"
#include "tui/canvas.h"
#include "tui/utf8.h"

/* `from` characters of a date are left out and at most `most` written. */
static void put_date(int64_t ms, int from, int most, struct buf *out)
{
	char text[CLOCK_DATE_SIZE];

	if (clock_date(ms, text))
		buf_printf(out, "%.*s", most, text + from);
	else
		buf_puts(out, text);
}

enum { DATE_DAY = 10, DATE_TIME = 11, DATE_ALL = 16 };

void date_text(int64_t ms, struct buf *out)
{
	put_date(ms, 0, DATE_ALL, out);
}

void day_text(int64_t ms, struct buf *out)
{
	put_date(ms, 0, DATE_DAY, out);
}

void time_text(int64_t ms, struct buf *out)
{
	put_date(ms, DATE_TIME, DATE_ALL, out);
}

void range_text(double v, double low, double high, struct buf *out)
{
	if (!isfinite(v))
		return;
	buf_printf(out, "%.0f", v);
	if (isfinite(low) && isfinite(high))
		buf_printf(out, " (%.0f to %.0f)", low, high);
}

void interval_text(double elo, double low, double high, struct buf *out)
{
	double up = fmax(0, high - elo), down = fmax(0, elo - low);

	if (isnan(elo) || isnan(low) || isnan(high))
		return;
	if (fabs(up - down) < 0.5)
		buf_printf(out, "±%.0f", up);
	else
		buf_printf(out, "+%.0f -%.0f", up, down);
}

void elo_text(double elo, double low, double high, struct buf *out)
{
	if (isnan(elo))
		return;
	buf_printf(out, "%.0f ", elo);
	interval_text(elo, low, high, out);
	if (out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
}

void bytes_text(int64_t bytes, struct buf *out)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
	double v = (double)bytes;
	int unit = 0;

	while (v >= 1000 && unit < 4) {
		v /= 1000;
		unit++;
	}
	buf_printf(out, unit && v < 10 ? "%.1f %s" : "%.0f %s", v, units[unit]);
}

void result_text(const struct store_game *g, struct buf *out)
{
	if (isnan(g->result))
		buf_puts(out, "open");
	else if (!g->second && isfinite(g->score))
		buf_printf(out, "%g", g->score);
	else
		buf_puts(out, g->result > 0   ? "first"
			      : g->result < 0 ? "second"
					      : "draw");
}

void network_text(const char *network, struct buf *out)
{
	struct net_config n = {0};

	if (!*network || net_config_parse(&n, network, NULL)) {
		buf_puts(out, network);
		return;
	}
	buf_printf(out, "%s ", n.body->name);
	net_config_brief(&n, out);
}

void game_text(const char *spec, struct buf *out)
{
	struct game g;

	buf_puts(out, game_init(&g, spec, NULL) ? spec : game_short_name(&g));
}

void agent_text(const char *spec, struct buf *out)
{
	static const char engine[] = "engine:";
	size_t word, folder = 0;

	if (strncmp(spec, engine, strlen(engine))) {
		buf_puts(out, spec);
		return;
	}
	spec += strlen(engine);
	word = strcspn(spec, " ,");
	for (size_t i = 0; i < word; i++) {
		if (spec[i] == '/')
			folder = i + 1;
	}
	buf_puts(out, spec + folder);
}

/* Where the text is `cells` further on. */
static const char *skip_cells(const char *text, int cells)
{
	while (cells-- > 0)
		utf8_next(&text);
	return text;
}

/* The step is what tells the agents of one run apart. */
static void cut_middle(const char *name, int width, struct buf *out)
{
	const char *slash = strrchr(name, '/');
	int cells = canvas_width(name);
	int tail = slash ? canvas_width(slash) : 0;
	int head;

	if (!tail || tail + 2 > width)
		tail = (width - 1) / 2;
	head = width - 1 - tail;
	buf_add(out, name, (size_t)(skip_cells(name, head) - name));
	buf_puts(out, "…");
	buf_puts(out, skip_cells(name, cells - tail));
}

/* The name without the last of its settings; false if there is none.  Commas of
 * a command in quotes do not separate settings. */
static bool drop_setting(char *name)
{
	char *first = name + command_span(name);
	char *kind_end = strchr(name, ':');
	char *comma = strrchr(first, ',');

	if (!comma && !kind_end)
		return false;
	*(comma ? comma : kind_end) = '\0';
	return true;
}

void agent_fit(const char *spec, int width, struct buf *out)
{
	const char *colon = strchr(spec, ':');
	const char *name = spec;
	bool dropped = false;
	struct buf b;

	if (canvas_width(spec) <= width || width < 3) {
		buf_puts(out, spec);
		return;
	}
	/* "solver:nodes=9" has nothing but settings: its kind is its name */
	if (colon && colon[1 + strcspn(colon + 1, "=,")] != '=')
		name = colon + 1;
	buf_init(&b);
	buf_puts(&b, name);
	while (canvas_width(b.data) > width && drop_setting(b.data))
		dropped = true;
	if (canvas_width(b.data) > width)
		cut_middle(b.data, width, out);
	else
		buf_printf(out, "%s%s", b.data,
			   dropped && canvas_width(b.data) < width ? "…" : "");
	buf_release(&b);
}
