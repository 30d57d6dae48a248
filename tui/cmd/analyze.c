/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/lab/root_moves.h"
#include "core/search/trace.h"
#include "core/search/trace_dot.h"
#include "core/search/trace_text.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/position.h"
#include "tui/cmd/table.h"
#include "tui/cmd/work.h"

struct analyze_args {
	const char *game, *moves, *agent;
	int64_t seed;
	int depth, children, visits;
	bool json, tree, dot;
};

struct analysis {
	const struct cmd_line *line;
	const struct analyze_args *args;
	struct position position;
	struct thought thought;
	const char *agent; /* name, borrowed from the agent */
};

/* Most visits first, then the likelier move, then move order. */
static bool ranks_before(const struct agent_move *x, const struct agent_move *y)
{
	if (x->visits != y->visits)
		return x->visits > y->visits;
	return x->policy > y->policy;
}

static int *ranked(const struct analysis *an)
{
	const struct agent_move *moves = an->thought.moves;
	int n = an->thought.count;
	int *order = mem_alloc((size_t)n * sizeof(*order));

	for (int i = 0; i < n; i++) {
		int k = i;

		for (; k > 0 && ranks_before(&moves[i], &moves[order[k - 1]]);
		     k--)
			order[k] = order[k - 1];
		order[k] = i;
	}
	return order;
}

static const char *to_move(const struct analysis *an)
{
	const struct game *g = &an->position.game;

	return g->rules->to_act(g, an->position.state) ? "second" : "first";
}

static void move_text(const struct analysis *an, game_move m,
		      char out[GAME_TEXT_SIZE])
{
	const struct game *g = &an->position.game;

	g->rules->move_text(g, an->position.state, m, out);
}

/* Rows from the top; only where the network says. */
static void put_extra(struct json *j, const struct game *g,
		      const struct thought *t)
{
	if (!isnan(t->lead)) {
		json_key(j, "lead");
		json_double(j, (double)t->lead);
	}
	if (!t->ownership)
		return;
	json_key(j, "ownership");
	json_open(j, '[');
	for (int row = 0; row < g->rows; row++) {
		json_open(j, '[');
		for (int col = 0; col < g->cols; col++)
			json_double(j,
				    (double)t->ownership[row * g->cols + col]);
		json_close(j, ']');
	}
	json_close(j, ']');
}

static void put_reading(struct json *j, const struct thought_reading *r)
{
	json_key(j, "reading");
	json_open(j, '{');
	json_key(j, "games");
	json_int(j, r->games);
	json_key(j, "positions");
	json_int(j, r->plies);
	json_key(j, "context");
	json_int(j, r->context);
	json_key(j, "slides");
	json_int(j, r->slides);
	json_close(j, '}');
}

static void put_json(const struct analysis *an, const int *order,
		     struct buf *out)
{
	static const char *const names[] = {"win", "draw", "loss"};
	const struct game *g = &an->position.game;
	const struct thought *t = &an->thought;
	char text[GAME_TEXT_SIZE];
	struct json j;

	json_init(&j, out);
	json_open(&j, '{');
	json_key(&j, "game");
	json_string(&j, game_short_name(g));
	json_key(&j, "to_move");
	json_string(&j, to_move(an));
	json_key(&j, "agent");
	json_string(&j, an->agent);
	json_key(&j, "best");
	move_text(an, t->move, text);
	json_string(&j, text);
	json_key(&j, "value");
	if (t->has_value) {
		json_open(&j, '{');
		for (int i = 0; i < 3; i++) {
			json_key(&j, names[i]);
			json_double(&j, (double)t->wdl[i]);
		}
		json_close(&j, '}');
	} else {
		json_null(&j);
	}
	json_key(&j, "simulations");
	json_int(&j, t->simulations);
	if (t->reading.known)
		put_reading(&j, &t->reading);
	put_extra(&j, g, t);
	json_key(&j, "seed");
	json_int(&j, an->args->seed);
	json_key(&j, "moves");
	json_open(&j, '[');
	for (int i = 0; i < t->count; i++)
		root_move_json(&j, g, an->position.state, &t->moves[order[i]],
			       true);
	json_close(&j, ']');
	json_close(&j, '}');
	buf_putc(out, '\n');
}

static void put_number(struct buf *out, double x)
{
	if (isnan(x))
		buf_printf(out, " %8s", "-");
	else
		buf_printf(out, " %8.4f", x);
}

/* In percent, + for the first player. */
static void put_owners(const struct analysis *an, struct buf *out)
{
	const struct game *g = &an->position.game;
	const struct thought *t = &an->thought;

	if (!isnan(t->lead))
		buf_printf(out, "\nfirst leads by %.1f", (double)t->lead);
	if (!t->ownership)
		return;
	buf_puts(out, "\n\nowners, percent, + first, - second");
	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++)
			buf_printf(out, "%s%+5.0f", col ? "" : "\n",
				   100 * (double)t->ownership[row * g->cols +
							      col]);
}

static void put_table(const struct analysis *an, const int *order,
		      struct buf *out)
{
	const struct thought *t = &an->thought;
	char text[GAME_TEXT_SIZE];

	move_text(an, t->move, text);
	buf_printf(out, "%s, %s to move, %s\nbest %s",
		   game_title(&an->position.game), to_move(an), an->agent,
		   text);
	if (t->has_value)
		buf_printf(out, "   win %.1f%%  draw %.1f%%  loss %.1f%%",
			   100 * (double)t->wdl[0], 100 * (double)t->wdl[1],
			   100 * (double)t->wdl[2]);
	if (t->simulations)
		buf_printf(out, "   %d simulations", t->simulations);
	if (t->reading.known)
		buf_printf(out, "   reads %lld positions, %lld games before",
			   (long long)t->reading.plies,
			   (long long)t->reading.games);
	put_owners(an, out);
	buf_puts(out, "\n\nmove   visits   prior  policy        Q        V\n");
	for (int i = 0; i < t->count; i++) {
		const struct agent_move *m = &t->moves[order[i]];

		move_text(an, m->move, text);
		buf_printf(out, "%-5s %7u %6.2f%% %6.2f%%", text, m->visits,
			   100 * (double)m->prior, 100 * (double)m->policy);
		put_number(out, (double)m->q);
		put_number(out, (double)m->value);
		buf_putc(out, '\n');
	}
}

static void put_tree(const struct analysis *an, struct buf *out)
{
	const struct trace *trace = an->thought.trace;
	struct trace_cut cut = {
		.depth = an->args->depth,
		.children = an->args->children,
		.visits = (uint32_t)an->args->visits,
	};
	struct trace_view v;

	trace_view_init(&v, trace);
	trace_view_seek(&v, trace->sim_count);
	if (an->args->dot)
		trace_dot(&v, &an->position.game, an->position.state, &cut,
			  out);
	else
		trace_text(&v, &an->position.game, an->position.state, &cut,
			   out);
	trace_view_release(&v);
}

static int print(const struct analysis *an)
{
	bool tree = an->args->tree || an->args->dot;
	int *order = ranked(an);
	struct buf out;

	buf_init(&out);
	if (an->args->json)
		put_json(an, order, &out);
	else if (!tree)
		put_table(an, order, &out);
	else if (an->thought.trace)
		put_tree(an, &out);
	free(order);
	if (tree && !an->thought.trace) {
		buf_release(&out);
		return cmd_complain(an->line, CMD_USAGE,
				    "%s does not search: --%s needs an "
				    "mcts agent",
				    an->agent, an->args->dot ? "dot" : "tree");
	}
	return cmd_finish(an->line, &out);
}

static int think(struct analysis *an, const struct agent_source *source)
{
	struct position *p = &an->position;
	struct err e = ERR_INIT;
	struct agent *a;
	int status;

	if (agent_open(&a, an->args->agent, &p->game, source, &e))
		return cmd_fail(an->line, &e);
	an->agent = agent_name(a);
	if (agent_is_human(a)) {
		status = cmd_complain(an->line, CMD_USAGE,
				      "a person cannot be asked here: name "
				      "another --agent");
	} else {
		agent_line(a, p->moves, p->plies);
		agent_think(a, p->state, (uint64_t)an->args->seed, 0, p->plies,
			    work_interrupt(), &an->thought);
		if (*an->thought.forfeit)
			status = cmd_complain(an->line, CMD_FAILED, "%s",
					      an->thought.forfeit);
		else
			status = print(an);
		thought_release(&an->thought);
	}
	agent_close(a);
	return status;
}

static int run(const struct cmd_line *line)
{
	const struct analyze_args *a = line->args;
	struct analysis an = {.line = line, .args = a};
	struct position *p = &an.position;
	struct err e = ERR_INIT;
	struct lab *lab = NULL;
	int status;

	if (!a->agent)
		return cmd_complain(line, CMD_USAGE,
				    "who thinks? --agent SPEC, for example "
				    "--agent mcts:c4/latest,sims=800");
	status = position_open(p, line, a->game, a->moves);
	if (status)
		return status;
	if (p->game.rules->to_act(&p->game, p->state) == GAME_OVER)
		status = cmd_complain(line, CMD_USAGE,
				      "the game is over after --moves %s: "
				      "nothing to analyze",
				      a->moves);
	else if (p->game.rules->to_act(&p->game, p->state) == GAME_CHANCE)
		status = cmd_complain(line, CMD_USAGE,
				      "chance moves here: nobody chooses; add "
				      "its outcome to --moves");
	else if (agent_needs_network(a->agent) &&
		 lab_open(&lab, line->lab_path, LAB_ONLY_READ, &e))
		status = cmd_fail(line, &e);
	else
		status = think(&an, lab ? lab_agents(lab) : NULL);
	lab_close(lab);
	position_close(p);
	return status;
}

#define ARGS struct analyze_args

static const struct cmd_option options[] = {
	CMD_ARG(1, "GAME", game),
	CMD_STRING("moves", "LINE", moves, NULL,
		   "the position after these moves, e.g. 4453"),
	CMD_STRING("agent", "SPEC", agent, NULL,
		   "who thinks, e.g. mcts:c4/latest,sims=800"),
	CMD_SEED(seed, "of the search's randomness ({})"),
	CMD_FLAG("json", json, "as JSON"),
	CMD_FLAG("tree", tree, "the search tree as text"),
	CMD_FLAG("dot", dot, "the search tree as a graph for Graphviz"),
	CMD_INT("depth", "N", depth, 0, 1000, "3",
		"of the tree: levels below the root ({})"),
	CMD_INT("children", "N", children, 1, 65535, "4",
		"of the tree: moves shown of a node ({})"),
	CMD_INT("visits", "N", visits, 0, INT32_MAX, "10",
		"of the tree: least visits of a node ({})"),
	CMD_END,
};

const struct cmd cmd_analyze = {
	.name = "analyze",
	.synopsis =
		"GAME --agent SPEC [--moves LINE] [--json | --tree | --dot]",
	.summary = "ask an agent about a position",
	.details = "Moves are listed by visits; Q and V are seen by the "
		   "player to move, from -1\n(lost) to 1 (won).  Networks of "
		   "games with points and owners also say who\nleads and who "
		   "will own each cell, seen by the first player.",
	.options = options,
	.args_size = sizeof(struct analyze_args),
	.min_args = 1,
	.max_args = 1,
	.lab = true,
	.run = run,
};
