/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/agent/engine.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/agent/command.h"
#include "core/agent/kind.h"
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/chess.h"
#include "core/game/game.h"

/* Seconds for a program to say who it is, and to go when told so. */
static const double GREET_SECONDS = 10, QUIT_SECONDS = 0.5;

static const struct conf_spec engine_spec[] = {
	{"level", CONF_INT, offsetof(struct engine_conf, level),
	 ENGINE_NO_LEVEL, 1000000, "-1000", NULL,
	 "its strength, in its own range: Skill Level or Elo (UCI), level "
	 "(GTP); -1000: as it comes"},
	{"time", CONF_FLOAT, offsetof(struct engine_conf, time), 0.05, 86400,
	 "30", NULL, "seconds after which a move is late and the game lost"},
	{"movetime", CONF_FLOAT, offsetof(struct engine_conf, movetime), 0,
	 86400, "0", NULL,
	 "seconds that it is told to think; 0: 1 for UCI, as it likes for GTP"},
	{"nodes", CONF_INT, offsetof(struct engine_conf, nodes), 0, 2000000000,
	 "0", NULL, "positions that it is told to look at (UCI)"},
	{0},
};

/* Which protocol a game is played through; the last row is for all others. */
static const struct {
	const char *family;
	const struct engine_protocol *protocol;
	void (*move_text)(const struct game *g, const void *s, game_move m,
			  char out[GAME_TEXT_SIZE]);
} rooms[] = {
	{"chess", &engine_uci, chess_uci_text},
	{NULL, &engine_gtp, NULL},
};

/* --- what went wrong ----------------------------------------------------- */

bool engine_fail(struct engine *en, const char *fmt, ...)
{
	size_t n = (size_t)snprintf(en->why, sizeof(en->why), "%s ", en->name);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(en->why + n, sizeof(en->why) - n, fmt, ap);
	va_end(ap);
	return false;
}

bool engine_fail_news(struct engine *en, enum child_news news)
{
	switch (news) {
	case CHILD_LINE:
		return true;
	case CHILD_LATE:
		return engine_fail(en, "gave no answer within %g s", en->limit);
	case CHILD_GONE:
		return engine_fail(en, "ended in the middle of the game");
	case CHILD_CANCELLED:
		break;
	}
	return engine_fail(en, "was interrupted before it had a move");
}

void engine_quote(const char *text, char out[32])
{
	size_t n = 0;

	for (; *text && n < 28; text++)
		if (*text >= 32 && *text < 127)
			out[n++] = *text;
	if (*text)
		while (n < 31)
			out[n++] = '.';
	out[n] = '\0';
}

/* --- talking ------------------------------------------------------------- */

bool engine_say(struct engine *en, const char *fmt, ...)
{
	enum child_news news;
	struct buf b;
	char line[GAME_START_SIZE + 64];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	buf_init(&b);
	if (n >= (int)sizeof(line)) {
		char *more = mem_alloc((size_t)n + 1);

		va_start(ap, fmt);
		vsnprintf(more, (size_t)n + 1, fmt, ap);
		va_end(ap);
		buf_puts(&b, more);
		free(more);
	} else {
		buf_puts(&b, line);
	}
	buf_putc(&b, '\n');
	news = child_write(en->child, b.data, en->until);
	buf_release(&b);
	return engine_fail_news(en, news);
}

bool engine_take(struct engine *en, const void *state, const char *text,
		 struct thought *out)
{
	const struct game *g = en->a->g;
	game_move m = GAME_NO_MOVE;
	char quoted[32];

	if (strlen(text) < GAME_TEXT_SIZE)
		m = g->rules->move_parse(g, state, text);
	for (int i = 0; m != GAME_NO_MOVE && i < out->count; i++)
		if (out->moves[i].move == m) {
			out->move = m;
			out->moves[i].prior = out->moves[i].policy = 1;
			return true;
		}
	engine_quote(text, quoted);
	return engine_fail(en, "answered '%s', which is not a legal move here",
			   quoted);
}

/* --- starting and stopping ----------------------------------------------- */

static void set_limit(struct engine *en, double seconds)
{
	en->limit = seconds;
	en->until = clock_seconds() + seconds;
}

static void stop_engine(struct engine *en, bool politely)
{
	if (!en->child)
		return;
	if (politely) {
		set_limit(en, QUIT_SECONDS);
		/* Whether it hears that or not, it goes. */
		(void)!child_write(en->child, "quit\n", en->until);
	}
	child_close(en->child, politely ? QUIT_SECONDS : 0);
	en->child = NULL;
	en->following = false;
}

static bool start_engine(struct engine *en)
{
	double limit = (double)en->conf->time;
	struct err e = ERR_INIT;

	if (child_start(&en->child, en->argv, &e)) {
		snprintf(en->why, sizeof(en->why), "%.*s",
			 (int)sizeof(en->why) - 1, e.msg);
		return false;
	}
	set_limit(en, limit < GREET_SECONDS ? limit : GREET_SECONDS);
	if (en->protocol->greet(en))
		return true;
	stop_engine(en, false);
	return false;
}

static enum err_code check_settings(const struct agent *a,
				    const struct engine *en, struct err *e)
{
	const struct engine_conf *c = en->conf;

	if (c->movetime >= c->time)
		return err_set(e, ERR_USAGE,
			       "agent engine: movetime=%g must be less than "
			       "time=%g",
			       (double)c->movetime, (double)c->time);
	if (c->nodes && en->protocol != &engine_uci)
		return err_set(e, ERR_USAGE,
			       "agent engine: nodes= is for programs that "
			       "speak UCI, and %s is played through %s",
			       game_title(a->g), en->protocol->name);
	return ERR_OK;
}

static enum err_code open_command(struct agent *a, struct err *e)
{
	struct engine *en = a->self;
	const char *mind = a->mind, *slash;
	enum err_code code;
	size_t room = 0;

	en->a = a;
	en->conf = a->conf;
	if (a->g->player_count != 2 || a->g->rules->chance)
		return err_set(
			e, ERR_USAGE,
			"other programs play two-player board games, not "
			"%s",
			game_title(a->g));
	en->argv = command_words(mind, strlen(mind));
	if (!en->argv)
		return err_set(e, ERR_USAGE,
			       "agent engine:%s: write the command after the "
			       "colon, with its quotes closed, as in "
			       "engine:gnugo --mode gtp",
			       mind);
	slash = strrchr(en->argv[0], '/');
	snprintf(en->name, sizeof(en->name), "%s",
		 slash && slash[1] ? slash + 1 : en->argv[0]);
	while (rooms[room].family &&
	       strcmp(rooms[room].family, a->g->rules->family))
		room++;
	en->protocol = rooms[room].protocol;
	en->move_text = rooms[room].move_text;
	if (!en->move_text)
		en->move_text = a->g->rules->move_text;
	en->sent = mem_zalloc((size_t)a->g->max_plies, sizeof(*en->sent));
	en->state = mem_zalloc(1, a->g->state_size);
	code = check_settings(a, en, e);
	if (!code && !start_engine(en))
		code = err_set(e, ERR_NOTFOUND, "agent engine:%s: %s", mind,
			       en->why);
	return code;
}

static void close_command(struct agent *a)
{
	struct engine *en = a->self;

	stop_engine(en, true);
	command_free(en->argv);
	free(en->sent);
	free(en->state);
}

/* --- thinking ------------------------------------------------------------ */

/* Whether the program has seen the beginning of this line in this game. */
static bool follows(const struct engine *en, const struct agent *a,
		    const struct engine_question *q)
{
	return en->following && en->seed == a->seed && en->game == a->game &&
	       !strcmp(en->start, q->start) && en->sent_count <= q->count &&
	       (!q->line ||
		!memcmp(en->sent, q->line,
			(size_t)en->sent_count * sizeof(*en->sent)));
}

static void remember(struct engine *en, const struct agent *a,
		     const struct engine_question *q, game_move move)
{
	en->following = q->count < a->g->max_plies;
	if (!en->following)
		return;
	en->seed = a->seed;
	en->game = a->game;
	snprintf(en->start, sizeof(en->start), "%s", q->start);
	if (q->count)
		memcpy(en->sent, q->line, (size_t)q->count * sizeof(*en->sent));
	en->sent[q->count] = move;
	en->sent_count = q->count + 1;
}

/* Does the line lead from g's start to the position? */
static bool leads_here(struct engine *en, const struct agent *a,
		       const void *state)
{
	const struct game *g = a->g;

	if (!a->line)
		return false;
	memset(en->state, 0, g->state_size);
	g->rules->start(g, en->state, 0);
	for (int i = 0; i < a->line_count; i++)
		g->rules->apply(g, en->state, a->line[i]);
	return g->rules->hash(g, en->state) == g->rules->hash(g, state);
}

static bool ask(struct engine *en, struct agent *a, const void *state,
		const atomic_bool *cancel, struct thought *out)
{
	char here[GAME_START_SIZE] = "";
	struct engine_question q = {
		.state = state,
		.start = a->g->start,
		.line = a->line,
		.count = a->line_count,
		.cancel = cancel,
	};

	if (!leads_here(en, a, state)) {
		if (!a->g->rules->position_text)
			return engine_fail(en, "cannot be told this position, "
					       "only a game from its start");
		a->g->rules->position_text(a->g, state, here);
		q.start = here;
		q.line = NULL;
		q.count = 0;
	}
	if (!en->child && !start_engine(en))
		return false;
	q.fresh = !follows(en, a, &q);
	set_limit(en, (double)en->conf->time);
	if (!en->protocol->move(en, &q, out))
		return false;
	remember(en, a, &q, out->move);
	return true;
}

static void engine_think(struct agent *a, const void *state, struct rng *r,
			 const atomic_bool *cancel, struct thought *out)
{
	struct engine *en = a->self;

	(void)r;
	if (ask(en, a, state, cancel, out))
		return;
	/* Who failed is not asked again: the next game begins with a new
	 * process. */
	stop_engine(en, false);
	memcpy(out->forfeit, en->why, sizeof(out->forfeit));
}

const struct agent_kind agent_kind_engine = {
	.name = "engine",
	.form = "engine:COMMAND[,level=N]",
	.help = "another program that speaks GTP or UCI",
	.mind = AGENT_COMMAND,
	.conf = engine_spec,
	.conf_size = sizeof(struct engine_conf),
	.self_size = sizeof(struct engine),
	.open = open_command,
	.close = close_command,
	.think = engine_think,
	.company = AGENT_ALONE,
};
