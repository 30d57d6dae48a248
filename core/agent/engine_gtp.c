/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/agent/engine.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/agent/child.h"
#include "core/base/attr.h"
#include "core/format/gtp.h"
#include "core/game/game.h"

/* Programs that speak the Go Text Protocol, version 2. */

enum { COMMAND_SIZE = 160 };

/* One command and its response, whose first line is copied to `answer`.  Lines
 * before a response are passed over, and so are its other lines. */
static bool ask(struct engine *en, const atomic_bool *cancel, char *answer,
		size_t size, const char *command, bool *ok)
{
	struct gtp_status s;
	enum child_news news;
	const char *line;

	if (!engine_say(en, "%s", command))
		return false;
	do {
		news = child_read(en->child, en->until, cancel, &line);
		if (news)
			return engine_fail_news(en, news);
		/* What programs for UCI say to what they do not know. */
		if (!strncasecmp(line, "unknown command", 15))
			return engine_fail(en, "knows no '%s'", command);
	} while (!gtp_parse_status(line, &s));
	*ok = s.ok;
	snprintf(answer, size, "%s", s.text);
	do {
		news = child_read(en->child, en->until, cancel, &line);
		if (news)
			return engine_fail_news(en, news);
	} while (*line);
	return true;
}

/* A command that must succeed. */
static bool tell(struct engine *en, const char *fmt, ...) ATTR_PRINTF(2, 3);
static bool tell(struct engine *en, const char *fmt, ...)
{
	char command[COMMAND_SIZE], answer[64], quoted[32];
	va_list ap;
	bool ok;

	va_start(ap, fmt);
	vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	if (!ask(en, NULL, answer, sizeof(answer), command, &ok))
		return false;
	if (ok)
		return true;
	engine_quote(answer, quoted);
	return engine_fail(en, "refused '%s': %s", command, quoted);
}

/* The value of a parameter of the game, if it has one of this name. */
static bool find_param(const struct game *g, const char *name, double *out)
{
	const struct game_param *p = g->rules->params;

	for (int i = 0; p && p[i].name; i++)
		if (!strcmp(p[i].name, name)) {
			*out = (double)g->param[i] / (p[i].scale == 2 ? 2 : 1);
			return true;
		}
	return false;
}

static bool set_up_game(struct engine *en)
{
	const struct game *g = en->a->g;
	double size, komi;

	if (find_param(g, "size", &size) &&
	    !tell(en, "boardsize %d", (int)size))
		return false;
	if (!tell(en, "clear_board"))
		return false;
	return !find_param(g, "komi", &komi) || tell(en, "komi %.1f", komi);
}

static bool gtp_greet(struct engine *en)
{
	const struct engine_conf *c = en->conf;
	char answer[64], quoted[32];
	bool ok;

	if (!ask(en, NULL, answer, sizeof(answer), "protocol_version", &ok))
		return engine_fail(en,
				   "does not speak GTP, through which %s is "
				   "played with other programs",
				   game_title(en->a->g));
	if (!ok || strcmp(answer, "2")) {
		engine_quote(answer, quoted);
		return engine_fail(en, "speaks GTP '%s' and not version 2",
				   quoted);
	}
	if (c->level != ENGINE_NO_LEVEL && !tell(en, "level %d", c->level))
		return false;
	if (c->movetime > 0 &&
	    !tell(en, "time_settings 0 %d 1", (int)ceil((double)c->movetime)))
		return false;
	return set_up_game(en);
}

static char colour_of(int player)
{
	return player == 0 ? 'b' : 'w';
}

/* Stones that stand before the first move. */
static bool place_stones(struct engine *en, const void *start)
{
	const struct game *g = en->a->g;

	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++) {
			int what = g->rules->cell(g, start, row, col);
			char text[GAME_TEXT_SIZE];

			if (what == GAME_EMPTY)
				continue;
			/* Placements are numbered as the cells are. */
			g->rules->move_text(g, start,
					    (game_move)(row * g->cols + col),
					    text);
			if (!tell(en, "play %c %s", colour_of(what - 1), text))
				return false;
		}
	return true;
}

static bool begin_game(struct engine *en, const struct engine_question *q)
{
	const struct game *g = en->a->g;
	struct game from;

	if (!set_up_game(en))
		return false;
	memset(en->state, 0, g->state_size);
	if (!*q->start) {
		/* Its usual start, even where g has another. */
		if (game_from(&from, g, "", NULL))
			from = *g;
		from.rules->start(&from, en->state, 0);
		return true;
	}
	/* Games with a usual start of their own pieces cannot be set up. */
	if (g->move_count != g->rows * g->cols + 1)
		return engine_fail(en, "cannot be told this position");
	if (game_from(&from, g, q->start, NULL))
		return engine_fail(en, "cannot be told this position");
	from.rules->start(&from, en->state, 0);
	return place_stones(en, en->state);
}

/* A pass because nothing else is legal.  Programs that know that, as those for
 * Othello may, refuse it, and have their own turn next. */
static bool is_forced_pass(struct engine *en, const void *state, game_move m)
{
	const struct game *g = en->a->g;

	return g->rules->move_cell(g, state, m) < 0 &&
	       g->rules->legal(g, state, en->a->legal) == 1;
}

/* Tell a move; of a forced pass whatever it says is fine. */
static bool tell_move(struct engine *en, const void *state, game_move m)
{
	const struct game *g = en->a->g;
	char text[GAME_TEXT_SIZE], command[COMMAND_SIZE], answer[64];
	int player = g->rules->to_act(g, state);
	bool ok;

	g->rules->move_text(g, state, m, text);
	if (!is_forced_pass(en, state, m))
		return tell(en, "play %c %s", colour_of(player), text);
	snprintf(command, sizeof(command), "play %c %s", colour_of(player),
		 text);
	return ask(en, NULL, answer, sizeof(answer), command, &ok);
}

/* The moves that the program has not seen, from the position in en->state. */
static bool send_line(struct engine *en, const struct engine_question *q,
		      int known)
{
	const struct game *g = en->a->g;

	for (int i = 0; i < q->count; i++) {
		if (i >= known && !tell_move(en, en->state, q->line[i]))
			return false;
		g->rules->apply(g, en->state, q->line[i]);
	}
	return true;
}

static bool gtp_move(struct engine *en, const struct engine_question *q,
		     struct thought *out)
{
	const struct game *g = en->a->g;
	char command[16], answer[64], quoted[32];
	int known = en->sent_count;
	bool ok = false;

	if (q->fresh) {
		known = 0;
		if (!begin_game(en, q))
			return false;
	} else {
		struct game from;

		if (game_from(&from, g, q->start, NULL))
			from = *g;
		memset(en->state, 0, g->state_size);
		from.rules->start(&from, en->state, 0);
	}
	if (!send_line(en, q, known))
		return false;
	/* It need not be asked. */
	if (is_forced_pass(en, q->state, out->move)) {
		out->moves[0].prior = out->moves[0].policy = 1;
		return tell_move(en, q->state, out->move);
	}
	snprintf(command, sizeof(command), "genmove %c",
		 colour_of(g->rules->to_act(g, q->state)));
	if (!ask(en, q->cancel, answer, sizeof(answer), command, &ok))
		return false;
	answer[strcspn(answer, " \t")] = '\0';
	if (!ok) {
		engine_quote(answer, quoted);
		return engine_fail(en, "refused to move: %s", quoted);
	}
	if (!strcasecmp(answer, "resign"))
		return engine_fail(en, "resigned");
	return engine_take(en, q->state, answer, out);
}

const struct engine_protocol engine_gtp = {
	.name = "GTP",
	.greet = gtp_greet,
	.move = gtp_move,
};
