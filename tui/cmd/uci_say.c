/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/uci_int.h"

#include <math.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/game/chess.h"
#include "core/game/game.h"
#include "core/session/thinker.h"

/* What the server says of a search. */

void uci_say(const char *text)
{
	struct buf b;

	buf_init(&b);
	buf_printf(&b, "%s\n", text);
	serve_say(&b);
}

void uci_say_info(const char *text)
{
	struct buf b;

	buf_init(&b);
	buf_printf(&b, "info string %s\n", text);
	serve_say(&b);
}

static void add_move(struct buf *b, const struct game *g, void *state,
		     game_move m)
{
	char text[GAME_TEXT_SIZE];

	chess_uci_text(g, state, m, text);
	buf_printf(b, "%s%s", b->len ? " " : "", text);
	g->rules->apply(g, state, m);
}

static const struct agent_move *find_move(const struct thought *t, game_move m)
{
	for (int i = 0; i < t->count; i++)
		if (t->moves[i].move == m)
			return &t->moves[i];
	return NULL;
}

/* A proven result is a mate where the line goes all the way. */
static void set_score(const struct thought_line *line, double q, bool ends,
		      struct uci_info *info)
{
	int moves = (line->count + 1) / 2;

	info->has_cp = true;
	info->cp = uci_cp_of(q);
	if (ends && fabs(q) >= 1) {
		info->has_mate = true;
		info->mate = q > 0 ? moves : -moves;
	}
}

static void set_wdl(const float wdl[3], struct uci_info *info)
{
	info->has_wdl = true;
	info->wdl[0] = (int)lroundf(wdl[0] * 1000);
	info->wdl[2] = (int)lroundf(wdl[2] * 1000);
	info->wdl[1] = 1000 - info->wdl[0] - info->wdl[2];
}

/* The figures of the line's own move.  What the position is worth is worth the
 * move chosen; of others that nobody looked at there is nothing to say. */
static void set_figures(const struct uci_server *v, const struct thought *t,
			int number, bool ends, struct uci_info *info)
{
	const struct thought_line *line = &t->lines[number];
	const struct agent_move *m = find_move(t, line->moves[0]);
	bool own = m && !isnan(m->q), chosen = m && m->move == t->move;
	const float *wdl = NULL;

	if (own)
		set_score(line, (double)m->q, ends, info);
	else if (chosen && t->has_value)
		set_score(line, (double)(t->wdl[0] - t->wdl[2]), ends, info);
	if (m && !isnan(m->wdl[0]))
		wdl = m->wdl;
	else if (chosen && t->has_value)
		wdl = t->wdl;
	if (v->show_wdl && wdl)
		set_wdl(wdl, info);
}

static void say_line(struct uci_server *v, const struct thought *t, int number,
		     int deepest, struct buf *out)
{
	const struct thought_line *line = &t->lines[number];
	struct uci_info info = UCI_INFO_NONE;
	double seconds = clock_seconds() - v->began;
	const struct game *g = &v->game;
	struct buf pv;

	buf_init(&pv);
	memcpy(v->scratch, v->state, g->state_size);
	for (int i = 0; i < line->count; i++)
		add_move(&pv, g, v->scratch, line->moves[i]);
	info.depth = line->count;
	info.seldepth = deepest;
	info.multipv = number + 1;
	info.nodes = t->simulations;
	info.time_ms = (int64_t)(seconds * 1000);
	info.nps = seconds > 0.001 ? (int64_t)(t->simulations / seconds) : 0;
	info.pv = pv.data;
	set_figures(v, t, number, g->rules->to_act(g, v->scratch) == GAME_OVER,
		    &info);
	uci_format_info(&info, out);
	buf_putc(out, '\n');
	buf_release(&pv);
}

void uci_say_lines(struct uci_server *v, const struct thought *t)
{
	struct buf out;
	int deepest = 1;

	v->said = clock_seconds();
	for (int i = 0; i < t->line_count; i++)
		if (t->lines[i].count > deepest)
			deepest = t->lines[i].count;
	buf_init(&out);
	for (int i = 0; i < t->line_count; i++)
		say_line(v, t, i, deepest, &out);
	serve_say(&out);
}

void uci_say_best(struct uci_server *v, struct thought *t)
{
	struct buf out, best;

	if (*t->forfeit)
		uci_say_info(t->forfeit);
	else
		uci_say_lines(v, t);
	memcpy(v->scratch, v->state, v->game.state_size);
	buf_init(&best);
	add_move(&best, &v->game, v->scratch, t->move);
	buf_init(&out);
	buf_printf(&out, "bestmove %s", best.data);
	if (t->line_count && t->lines[0].count > 1 && !*t->forfeit) {
		buf_clear(&best);
		add_move(&best, &v->game, v->scratch, t->lines[0].moves[1]);
		buf_printf(&out, " ponder %s", best.data);
	}
	buf_putc(&out, '\n');
	serve_say(&out);
	buf_release(&best);
	thought_release(t);
}
