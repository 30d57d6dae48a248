/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/gtp_int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/session/thinker.h"

enum {
	USUAL_INTERVAL = 50, /* centiseconds between two lines */
	USUAL_MOVES = 60,    /* in a line of analysis, if nobody says */
};

/* What is being asked about. */
struct asked {
	int player;
	enum gtp_style style;
	struct gtp_analyze how;
	const void *state; /* where the player is to act */
	bool lines;        /* analysis is wanted */
	double said;       /* when a line was last written */
};

/* --- lines of analysis --------------------------------------------------- */

static const struct agent_move *find_move(const struct thought *t, game_move m)
{
	for (int i = 0; i < t->count; i++)
		if (t->moves[i].move == m)
			return &t->moves[i];
	return NULL;
}

/* Wilson's lower bound of a share seen in n tries, 95%. */
static double lower_bound(double share, double n)
{
	const double z = 1.96;
	double spread;

	if (n <= 0)
		return 0;
	spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n));
	return (share + z * z / (2 * n) - spread) / (1 + z * z / n);
}

static double share_of(float q)
{
	return ((double)q + 1) / 2;
}

static float root_value(const struct thought *t)
{
	return t->has_value ? t->wdl[0] - t->wdl[2] : 0;
}

/* The lead for the player to act. */
static bool find_lead(const struct asked *a, const struct thought *t,
		      double *lead)
{
	*lead = (double)(a->player == 0 ? t->lead : -t->lead);
	return !isnan(t->lead);
}

/* The lead after a move, of what the search found there; that of the position
 * for the move chosen, where nobody searched. */
static void set_lead(const struct asked *a, const struct thought *t, int order,
		     bool searched, struct gtp_info *info)
{
	const struct thought_line *line = &t->lines[order];

	info->spread = (double)NAN;
	if (!searched) {
		info->has_lead = find_lead(a, t, &info->lead);
		return;
	}
	info->has_lead = !isnan(line->lead);
	info->lead = (double)(a->player == 0 ? line->lead : -line->lead);
	info->spread = (double)line->lead_spread;
}

static void add_owners(const struct gtp_server *v, const struct asked *a,
		       const char *key, const float *owners, struct buf *out)
{
	buf_printf(out, " %s", key);
	for (int i = 0; i < v->game.rows * v->game.cols; i++) {
		float x = a->player == 0 ? owners[i] : -owners[i];

		/* No -0.000: it is nobody's. */
		buf_printf(out, " %.3f", fabsf(x) < 0.0005f ? 0.0 : (double)x);
	}
}

static void add_info(struct gtp_server *v, const struct asked *a,
		     const struct thought *t, int order, struct buf *out)
{
	const struct thought_line *line = &t->lines[order];
	const struct agent_move *m = find_move(t, line->moves[0]);
	const struct game *g = &v->game;
	char first[GAME_TEXT_SIZE];
	struct gtp_info info = {
		.move = first,
		.visits = m->visits,
		/* Only of the move chosen may nothing more be known. */
		.winrate = share_of(isnan(m->q) ? root_value(t) : m->q),
		.prior = (double)m->prior,
		.order = order,
	};
	struct buf pv, visits;

	buf_init(&pv);
	buf_init(&visits);
	g->rules->move_text(g, a->state, line->moves[0], first);
	memcpy(v->scratch, a->state, g->state_size);
	for (int i = 0; i < line->count; i++) {
		char text[GAME_TEXT_SIZE];

		g->rules->move_text(g, v->scratch, line->moves[i], text);
		buf_printf(&pv, "%s%s", i ? " " : "", text);
		buf_printf(&visits, "%s%u", i ? " " : "", line->visits[i]);
		g->rules->apply(g, v->scratch, line->moves[i]);
	}
	info.lcb =
		m->visits ? lower_bound(info.winrate, m->visits) : info.winrate;
	set_lead(a, t, order, !isnan(m->q), &info);
	info.pv = pv.data;
	info.pv_visits = a->how.pv_visits ? visits.data : NULL;
	if (out->len)
		buf_putc(out, ' ');
	gtp_format_info(&info, a->style == GTP_KATA, out);
	if (a->style == GTP_KATA && a->how.moves_ownership && t->line_owners)
		add_owners(v, a, "movesOwnership",
			   t->line_owners +
				   (size_t)order * (size_t)(g->rows * g->cols),
			   out);
	buf_release(&pv);
	buf_release(&visits);
}

static void add_root(const struct asked *a, const struct thought *t,
		     struct buf *out)
{
	double lead = serve_root_lead(t);

	buf_printf(out, " rootInfo visits %d winrate %.6f", t->simulations,
		   share_of(root_value(t)));
	if (!isnan(lead))
		buf_printf(out, " scoreLead %.4f",
			   a->player == 0 ? lead : 0 - lead);
}

/* All in one line, as front ends read it. */
static void add_analysis(struct gtp_server *v, const struct asked *a,
			 const struct thought *t, struct buf *out)
{
	struct buf b;

	buf_init(&b);
	for (int i = 0; i < t->line_count; i++) {
		const struct agent_move *m = find_move(t, t->lines[i].moves[0]);

		/* Front ends want a figure, and there is none of moves that
		 * nobody looked at. */
		if (m && (!isnan(m->q) || m->move == t->move))
			add_info(v, a, t, i, &b);
	}
	if (b.len && a->style == GTP_KATA && a->how.root_info)
		add_root(a, t, &b);
	if (b.len && a->style == GTP_KATA && a->how.ownership && t->ownership)
		add_owners(v, a, "ownership", t->ownership, &b);
	if (b.len)
		buf_printf(out, "%s\n", b.data);
	buf_release(&b);
}

/* --- asking -------------------------------------------------------------- */

/* Whether a limit of the analysis takes this move out. */
static bool is_out(const struct gtp_server *v, const struct asked *a,
		   game_move m)
{
	bool allowed = true, listed = false;

	for (int i = 0; i < a->how.limit_count; i++) {
		const struct gtp_limit *l = &a->how.limits[i];
		const char *list = l->vertices;
		char text[8];
		bool in = false;

		if (l->player != a->player)
			continue;
		while (gtp_next_vertex(&list, text))
			in |= v->game.rules->move_parse(&v->game, a->state,
							text) == m;
		if (l->allow && !listed)
			allowed = false;
		listed |= l->allow;
		if (in)
			allowed = l->allow;
	}
	return !allowed;
}

/* The moves that are left, into only[]; 0: all of them. */
static int only_moves(const struct gtp_server *v, const struct asked *a,
		      game_move *only)
{
	int n = v->game.rules->legal(&v->game, a->state, only), kept = 0;

	for (int i = 0; i < n; i++)
		if (!is_out(v, a, only[i]))
			only[kept++] = only[i];
	return kept == n ? 0 : kept;
}

static void ask(struct gtp_server *v, const struct asked *a, int simulations)
{
	game_move *only = mem_zalloc((size_t)v->game.move_count, sizeof(*only));
	struct agent_limits limits = {
		.simulations = simulations,
		.lines = !a->lines          ? 0
			 : a->how.max_moves ? a->how.max_moves
					    : USUAL_MOVES,
		.no_trace = true,
		.line_owners = a->how.moves_ownership,
		.only = only,
		.only_count = only_moves(v, a, only),
	};
	const game_move *line;
	int plies;

	line = gtp_board_line(v, &plies);
	thinker_limit(v->serve.thinker, &limits);
	thinker_ask(v->serve.thinker, a->state, v->serve.seed, v->number, plies,
		    line);
	free(only);
}

static double interval_of(const struct asked *a)
{
	return (a->how.interval ? a->how.interval : USUAL_INTERVAL) / 100.0;
}

/* What the thinker has now; true once it is the answer. */
static bool hear(struct gtp_server *v, struct asked *a, struct buf *out,
		 struct thought *answer)
{
	struct thought t;

	if (thinker_peek(v->serve.thinker, &t)) {
		/* Reports come ten times a second. */
		if (a->lines &&
		    clock_seconds() - a->said > interval_of(a) - 0.05) {
			add_analysis(v, a, &t, out);
			a->said = clock_seconds();
		}
		thought_release(&t);
	}
	if (!thinker_take(v->serve.thinker, answer))
		return false;
	if (a->lines && !*answer->forfeit)
		add_analysis(v, a, answer, out);
	return true;
}

/* Returns what is wrong with the arguments. */
static const char *read_arguments(struct gtp_server *v,
				  const struct gtp_line *l, struct asked *a)
{
	int turn = gtp_to_act(v);

	a->player = turn >= 0 ? turn : 0;
	if (a->style == GTP_PLAIN) {
		if (!l->count && strstr(l->name, "search"))
			return NULL;
		if (l->count != 1 || gtp_color(l->words[0]) < 0)
			return "a colour must follow: b or w";
		a->player = gtp_color(l->words[0]);
		return NULL;
	}
	if (gtp_parse_analyze(l->words, l->count, &a->how))
		return "an argument is not known";
	if (a->how.player >= 0)
		a->player = a->how.player;
	a->lines = true;
	return NULL;
}

/* --- commands ------------------------------------------------------------ */

/* False: the next line, which *next is then, ended the search. */
static bool wait_for_answer(struct gtp_server *v, struct asked *a,
			    const char **next, struct thought *answer)
{
	double until = gtp_time_deadline(v, a->player);
	const char *text;

	for (;;) {
		struct buf out;
		bool done;

		switch (serve_wait(&v->serve, next != NULL, until, &text)) {
		case SERVE_TIME:
			until = 0;
			thinker_hurry(v->serve.thinker);
			break;
		case SERVE_LINE:
			*next = text;
			thinker_cancel(v->serve.thinker);
			return false;
		case SERVE_END:
			next = NULL;
			break;
		case SERVE_WAKE:
			break;
		}
		buf_init(&out);
		done = hear(v, a, &out, answer);
		serve_say(&out);
		if (done)
			return true;
	}
}

static void say_cancelled(const struct gtp_line *l, const struct asked *a,
			  struct buf *out)
{
	if (a->lines)
		buf_puts(out, "play cancelled\n\n");
	else
		gtp_respond(l, true, "cancelled", out);
}

static void answer_move(struct gtp_server *v, const struct gtp_line *l,
			const struct asked *a, const struct thought *t,
			bool play, struct buf *out)
{
	char text[GAME_TEXT_SIZE];

	if (*t->forfeit) {
		if (a->lines)
			buf_printf(out, "? %s\n\n", t->forfeit);
		else
			gtp_respond(l, false, t->forfeit, out);
		return;
	}
	v->game.rules->move_text(&v->game, v->state, t->move, text);
	if (play)
		gtp_board_play(v, a->player, text);
	if (a->lines)
		buf_printf(out, "play %s\n\n", text);
	else
		gtp_respond(l, true, text, out);
}

void gtp_generate(struct gtp_server *v, const struct gtp_line *l,
		  enum gtp_style style, bool play, const char **next,
		  struct buf *out)
{
	struct asked a = {.style = style};
	const char *why = read_arguments(v, l, &a);
	double began = clock_seconds();
	int parts = v->part_count;
	struct thought t;
	struct err e = ERR_INIT;

	if (!why && serve_agent(&v->serve, &v->game, &e))
		why = e.msg;
	if (!why)
		why = gtp_board_turn(v, a.player);
	if (why) {
		gtp_respond(l, false, why, out);
		return;
	}
	a.state = v->state;
	if (a.lines) {
		struct buf begin;

		buf_init(&begin);
		buf_putc(&begin, '=');
		if (l->has_id)
			buf_printf(&begin, "%d", l->id);
		buf_putc(&begin, '\n');
		serve_say(&begin);
	}
	ask(v, &a, v->visits);
	if (!wait_for_answer(v, &a, next, &t)) {
		say_cancelled(l, &a, out);
	} else {
		if (play)
			gtp_time_spend(v, a.player, clock_seconds() - began);
		answer_move(v, l, &a, &t, play, out);
		thought_release(&t);
	}
	/* Whose turn it is has not changed by being asked. */
	if (!play && v->part_count > parts)
		gtp_board_untouch(v, parts);
}

/* The response goes on until somebody writes. */
static void analyze_on(struct gtp_server *v, struct asked *a, const char **next)
{
	struct thought answer;
	bool done = false;

	for (;;) {
		enum serve_news news = serve_wait(&v->serve, true, 0, next);
		struct buf out;

		if (news == SERVE_LINE)
			break;
		if (news == SERVE_END) {
			*next = NULL;
			break;
		}
		if (done)
			continue;
		buf_init(&out);
		done = hear(v, a, &out, &answer);
		if (done)
			thought_release(&answer);
		serve_say(&out);
	}
	thinker_cancel(v->serve.thinker);
}

void gtp_analysis(struct gtp_server *v, const struct gtp_line *l,
		  enum gtp_style style, const char **next)
{
	struct asked a = {.style = style};
	const char *why = read_arguments(v, l, &a);
	int parts = v->part_count;
	struct err e = ERR_INIT;
	struct buf out;

	*next = "";
	buf_init(&out);
	if (!why && serve_agent(&v->serve, &v->game, &e))
		why = e.msg;
	if (!why && gtp_to_act(v) == GAME_OVER && a.how.player < 0)
		why = "the game is over";
	if (!why)
		why = gtp_board_turn(v, a.player);
	if (why) {
		gtp_respond(l, false, why, &out);
		serve_say(&out);
		return;
	}
	buf_putc(&out, '=');
	if (l->has_id)
		buf_printf(&out, "%d", l->id);
	buf_putc(&out, '\n');
	serve_say(&out);
	a.state = v->state;
	ask(v, &a, SERVE_MANY);
	analyze_on(v, &a, next);
	/* Whose turn it is has not changed by being asked. */
	if (v->part_count > parts)
		gtp_board_untouch(v, parts);
	buf_init(&out);
	buf_putc(&out, '\n');
	serve_say(&out);
}
