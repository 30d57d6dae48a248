/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/agent/engine.h"

#include <math.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/agent/child.h"
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/format/uci.h"
#include "core/game/game.h"

/* Programs that speak the Universal Chess Interface. */

/* Seconds between two reports, for a search when no time was said, and for the
 * answer after "stop". */
static const double REPORT_SECONDS = 0.1, USUAL_SECONDS = 1, STOP_SECONDS = 1;

/* What is remembered of its options. */
struct options {
	struct uci_option skill, elo;
	bool limit, wdl, frc;
};

/* Whether another start and castling between any files are played. */
static bool is_frc(const struct game *g)
{
	char value[GAME_PARAM_SIZE];

	return game_param_text(g, "frc", value) && strcmp(value, "no");
}

static void take_option(struct options *o, const char *text)
{
	struct uci_option one;

	if (!uci_parse_option(text, &one))
		return;
	if (!strcmp(one.name, "Skill Level"))
		o->skill = one;
	else if (!strcmp(one.name, "UCI_Elo"))
		o->elo = one;
	else if (!strcmp(one.name, "UCI_LimitStrength"))
		o->limit = true;
	else if (!strcmp(one.name, "UCI_ShowWDL"))
		o->wdl = true;
	else if (!strcmp(one.name, "UCI_Chess960"))
		o->frc = true;
}

/* Read up to a line that begins with `word`. */
static bool wait_for(struct engine *en, const char *word, struct options *o)
{
	for (;;) {
		const char *line;
		enum child_news news =
			child_read(en->child, en->until, NULL, &line);

		if (news)
			return engine_fail_news(en, news);
		if (uci_take(&line, word))
			return true;
		/* A response of GTP: it will not come round to UCI. */
		if (o && (*line == '?' || *line == '='))
			return false;
		if (o && uci_take(&line, "option"))
			take_option(o, line);
	}
}

static bool has_level(const struct uci_option *o, int level)
{
	return *o->name && level >= o->min && level <= o->max;
}

static bool set_level(struct engine *en, const struct options *o)
{
	int level = en->conf->level;

	if (level == ENGINE_NO_LEVEL)
		return true;
	if (has_level(&o->skill, level))
		return engine_say(en, "setoption name Skill Level value %d",
				  level);
	if (o->limit && has_level(&o->elo, level))
		return engine_say(
			en,
			"setoption name UCI_LimitStrength value true\n"
			"setoption name UCI_Elo value %d",
			level);
	if (*o->skill.name && *o->elo.name)
		return engine_fail(en,
				   "has no level=%d: its Skill Level goes from "
				   "%d to %d, its Elo from %d to %d",
				   level, (int)o->skill.min, (int)o->skill.max,
				   (int)o->elo.min, (int)o->elo.max);
	if (*o->skill.name || *o->elo.name) {
		const struct uci_option *one =
			*o->skill.name ? &o->skill : &o->elo;

		return engine_fail(en,
				   "has no level=%d: its %s goes from %d "
				   "to %d",
				   level, one->name, (int)one->min,
				   (int)one->max);
	}
	return engine_fail(en, "has no levels: leave level= out");
}

static bool uci_greet(struct engine *en)
{
	struct options o = {0};

	if (!engine_say(en, "uci") || !wait_for(en, "uciok", &o))
		return engine_fail(en,
				   "does not speak UCI, through which %s is "
				   "played with other programs",
				   game_title(en->a->g));
	if (is_frc(en->a->g) && !o.frc)
		return engine_fail(en, "does not play Chess960");
	if (is_frc(en->a->g) &&
	    !engine_say(en, "setoption name UCI_Chess960 value true"))
		return false;
	if (!set_level(en, &o))
		return false;
	if (o.wdl && !engine_say(en, "setoption name UCI_ShowWDL value true"))
		return false;
	return engine_say(en, "isready") && wait_for(en, "readyok", NULL);
}

/* --- a move -------------------------------------------------------------- */

static bool say_position(struct engine *en, const struct engine_question *q)
{
	const struct game *g = en->a->g;
	struct game from;
	struct buf b;
	bool ok;

	if (game_from(&from, g, q->start, NULL))
		from = *g;
	memset(en->state, 0, g->state_size);
	from.rules->start(&from, en->state, 0);
	buf_init(&b);
	if (*q->start || is_frc(g)) {
		char fen[GAME_START_SIZE];

		g->rules->position_text(g, en->state, fen);
		buf_printf(&b, "position fen %s", *q->start ? q->start : fen);
	} else {
		buf_puts(&b, "position startpos");
	}
	if (q->count)
		buf_puts(&b, " moves");
	for (int i = 0; i < q->count; i++) {
		char text[GAME_TEXT_SIZE];

		en->move_text(g, en->state, q->line[i], text);
		buf_printf(&b, " %s", text);
		g->rules->apply(g, en->state, q->line[i]);
	}
	ok = engine_say(en, "%s", b.data);
	buf_release(&b);
	return ok;
}

static bool say_go(struct engine *en, const struct engine_question *q)
{
	const struct agent *a = en->a;
	double seconds = (double)en->conf->movetime;
	struct buf b;
	bool ok;

	buf_init(&b);
	buf_puts(&b, "go");
	if (a->limits.simulations)
		buf_printf(&b, " nodes %d", a->limits.simulations);
	else if (en->conf->nodes)
		buf_printf(&b, " nodes %d", en->conf->nodes);
	if (seconds <= 0 && b.len == strlen("go"))
		seconds = (double)en->conf->time > 2 * USUAL_SECONDS
				  ? USUAL_SECONDS
				  : (double)en->conf->time / 2;
	if (seconds > 0)
		buf_printf(&b, " movetime %d", (int)(seconds * 1000 + 0.5));
	/* Last: to some programs all that follows is a move. */
	for (int i = 0; i < a->limits.only_count; i++) {
		char text[GAME_TEXT_SIZE];

		en->move_text(a->g, q->state, a->only[i], text);
		buf_printf(&b, "%s %s", i ? "" : " searchmoves", text);
	}
	ok = engine_say(en, "%s", b.data);
	buf_release(&b);
	return ok;
}

static void set_value(struct thought *out, const struct uci_info *info)
{
	double v = info->has_mate ? info->mate > 0 ? 1 : -1
				  : uci_value_of(info->cp);
	int sum = info->wdl[0] + info->wdl[1] + info->wdl[2];

	out->has_value = true;
	out->wdl[0] = (float)(1 + v) / 2;
	out->wdl[1] = 0;
	out->wdl[2] = (float)(1 - v) / 2;
	for (int i = 0; info->has_wdl && i < 3; i++)
		out->wdl[i] = (float)info->wdl[i] / (float)sum;
}

/* The line that it expects, as far as its moves are legal. */
static void set_line(struct engine *en, const struct engine_question *q,
		     const char *pv, struct thought *out)
{
	const struct game *g = en->a->g;
	struct thought_line *line;
	char text[UCI_MOVE_SIZE];

	if (!out->lines)
		out->lines = mem_zalloc(1, sizeof(*out->lines));
	line = out->lines;
	line->count = 0;
	line->lead = line->lead_spread = NAN;
	memcpy(en->state, q->state, g->state_size);
	while (line->count < THOUGHT_LINE && uci_next_move(&pv, text) &&
	       g->rules->to_act(g, en->state) >= 0) {
		game_move m = g->rules->move_parse(g, en->state, text);

		if (m == GAME_NO_MOVE)
			break;
		line->moves[line->count++] = m;
		g->rules->apply(g, en->state, m);
	}
	out->line_count = line->count > 0;
	for (int i = 0; line->count && i < out->count; i++) {
		struct agent_move *m = &out->moves[i];

		m->policy = m->prior = m->move == line->moves[0] ? 1.0f : 0.0f;
		if (m->move == line->moves[0])
			m->q = out->wdl[0] - out->wdl[2];
	}
	if (line->count)
		out->move = line->moves[0];
}

static void take_info(struct engine *en, const struct engine_question *q,
		      const char *text, double *reported, struct thought *out)
{
	struct agent *a = en->a;
	struct uci_info info;

	uci_parse_info(text, &info);
	if (info.string || info.multipv != 1 || info.bound ||
	    !(info.has_cp || info.has_mate))
		return;
	set_value(out, &info);
	if (info.pv)
		set_line(en, q, info.pv, out);
	if (info.nodes > 0)
		out->simulations =
			info.nodes < 1000000000 ? (int)info.nodes : 1000000000;
	if (a->report && clock_seconds() - *reported > REPORT_SECONDS) {
		*reported = clock_seconds();
		a->report(a->report_ctx, out);
	}
}

/* After a cancel the best so far stands: it is asked for, and waited for a
 * little. */
static bool hurry(struct engine *en, const struct engine_question **q,
		  struct engine_question *unhurried)
{
	double soon = clock_seconds() + STOP_SECONDS;

	*unhurried = **q;
	unhurried->cancel = NULL;
	*q = unhurried;
	if (en->until > soon)
		en->until = soon;
	return engine_say(en, "stop");
}

static bool take_best(struct engine *en, const void *state, const char *text,
		      struct thought *out)
{
	char best[UCI_MOVE_SIZE];

	for (int i = 0; i < out->count; i++)
		out->moves[i].prior = out->moves[i].policy = 0;
	if (!uci_parse_bestmove(text, best))
		return engine_fail(en, "answered without a move");
	if (!engine_take(en, state, best, out))
		return false;
	if (out->line_count && out->lines->moves[0] != out->move)
		out->line_count = 0;
	return true;
}

static bool uci_move(struct engine *en, const struct engine_question *q,
		     struct thought *out)
{
	struct engine_question unhurried;
	double reported = clock_seconds();

	if (q->fresh && !engine_say(en, "ucinewgame"))
		return false;
	if (!engine_say(en, "isready") || !wait_for(en, "readyok", NULL) ||
	    !say_position(en, q) || !say_go(en, q))
		return false;
	for (;;) {
		const char *line;
		enum child_news news =
			child_read(en->child, en->until, q->cancel, &line);

		if (news == CHILD_CANCELLED) {
			if (!hurry(en, &q, &unhurried))
				return false;
			continue;
		}
		if (news)
			return engine_fail_news(en, news);
		if (uci_take(&line, "info"))
			take_info(en, q, line, &reported, out);
		else if (uci_take(&line, "bestmove"))
			return take_best(en, q->state, line, out);
	}
}

const struct engine_protocol engine_uci = {
	.name = "UCI",
	.greet = uci_greet,
	.move = uci_move,
};
