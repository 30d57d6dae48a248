/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/game/game.h"
#include "core/lab/again.h"
#include "core/lab/lab.h"
#include "core/search/trace.h"
#include "core/search/trace_text.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/table.h"
#include "tui/cmd/work.h"

struct replay_args {
	int game, ply, depth, children, visits;
	bool tree, json;
};

struct replay {
	const struct cmd_line *line;
	const struct replay_args *args;
	struct again *again;
	struct buf out;
	struct json json;
	int searched, same, best;
};

static void move_text(struct replay *r, int ply, game_move m,
		      char out[GAME_TEXT_SIZE])
{
	const struct game *g = again_game(r->again);

	g->rules->move_text(g, again_state(r->again, ply), m, out);
}

static void put_value(struct json *j, const char *key, double win, double draw,
		      double loss)
{
	json_key(j, key);
	if (isnan(win)) {
		json_null(j);
		return;
	}
	json_open(j, '{');
	json_key(j, "win");
	json_double(j, win);
	json_key(j, "draw");
	json_double(j, draw);
	json_key(j, "loss");
	json_double(j, loss);
	json_close(j, '}');
}

/* The root's moves, with what is stored of each. */
static void put_moves(struct replay *r, int ply, const struct again_found *f)
{
	struct json *j = &r->json;
	const struct trace *t = f->trace;
	struct again_target target;
	struct trace_view v;
	char text[GAME_TEXT_SIZE];

	again_target(r->again, ply, &target);
	trace_view_init(&v, t);
	trace_view_seek(&v, t->sim_count);
	json_key(j, "moves");
	json_open(j, '[');
	for (int i = 0; i < t->nodes[0].child_count; i++) {
		uint32_t node = t->nodes[0].first_child + (uint32_t)i;

		json_open(j, '{');
		json_key(j, "move");
		move_text(r, ply, t->nodes[node].move, text);
		json_string(j, text);
		json_key(j, "visits");
		json_int(j, v.visits[node]);
		json_key(j, "prior");
		json_double(j, (double)t->nodes[node].prior);
		json_key(j, "q");
		json_double(j, v.visits[node] ? trace_view_q(&v, node)
					      : (double)NAN);
		json_key(j, "target");
		json_double(j, i < target.count ? (double)target.policy[i]
						: (double)NAN);
		json_close(j, '}');
	}
	json_close(j, ']');
	trace_view_release(&v);
}

static void put_json(struct replay *r, int ply, const struct again_found *f)
{
	struct json *j = &r->json;
	struct again_target target;
	char text[GAME_TEXT_SIZE];

	again_target(r->again, ply, &target);
	json_open(j, '{');
	json_key(j, "ply");
	json_int(j, ply);
	json_key(j, "move");
	move_text(r, ply, again_move(r->again, ply), text);
	json_string(j, text);
	json_key(j, "step");
	json_int(j, f->step);
	json_key(j, "step_known");
	json_bool(j, f->sure);
	json_key(j, "checkpoint");
	json_int(j, f->used);
	json_key(j, "same");
	json_bool(j, f->same);
	json_key(j, "same_best");
	json_bool(j, f->same_best);
	json_key(j, "apart");
	json_double(j, f->apart);
	json_key(j, "why");
	json_string(j, f->why);
	json_key(j, "simulations");
	json_int(j, f->simulations);
	put_value(j, "target", (double)target.wdl[0], (double)target.wdl[1],
		  (double)target.wdl[2]);
	put_value(j, "value", f->wdl[0], f->wdl[1], f->wdl[2]);
	put_moves(r, ply, f);
	json_close(j, '}');
}

static void put_row(struct replay *r, int ply, const struct again_found *f)
{
	struct again_target t;
	char text[GAME_TEXT_SIZE];

	again_target(r->again, ply, &t);
	move_text(r, ply, again_move(r->again, ply), text);
	buf_printf(&r->out, "%4d  %-6s %s%7lld %10lld  ", ply, text,
		   f->sure ? " " : "<", (long long)f->step, (long long)f->used);
	if (isnan(t.wdl[0]))
		buf_puts(&r->out, "     -");
	else
		buf_printf(&r->out, "%+6.3f", (double)(t.wdl[0] - t.wdl[2]));
	buf_printf(&r->out, "  %+6.3f  %s\n", f->wdl[0] - f->wdl[2],
		   f->same        ? "the same"
		   : f->same_best ? "same best move"
				  : "another best move");
}

static void put_tree(struct replay *r, int ply, const struct again_found *f)
{
	struct trace_cut cut = {
		.depth = r->args->depth,
		.children = r->args->children,
		.visits = (uint32_t)r->args->visits,
	};
	struct trace_view v;

	trace_view_init(&v, f->trace);
	trace_view_seek(&v, f->trace->sim_count);
	trace_text(&v, again_game(r->again), again_state(r->again, ply), &cut,
		   &r->out);
	trace_view_release(&v);
}

static enum err_code replay_ply(struct replay *r, int ply, const char **why,
				struct err *e)
{
	struct again_found f;
	enum err_code rc = again_search(r->again, ply, work_interrupt(), &f, e);

	if (rc)
		return rc;
	r->searched++;
	r->same += f.same;
	r->best += f.same_best;
	if (!f.same)
		*why = f.why;
	if (r->args->json)
		put_json(r, ply, &f);
	else
		put_row(r, ply, &f);
	if (r->args->tree && !r->args->json)
		put_tree(r, ply, &f);
	again_found_release(&f);
	return ERR_OK;
}

static enum err_code replay_plies(struct replay *r, const char **why,
				  struct err *e)
{
	int plies = again_plies(r->again);
	enum err_code rc = ERR_OK;

	if (cmd_given(r->line, "ply"))
		return replay_ply(r, r->args->ply, why, e);
	for (int ply = 0; ply < plies && !rc; ply++) {
		struct again_target t;

		again_target(r->again, ply, &t);
		cmd_progress_of(ply, plies, "%d plies searched", r->searched);
		if (t.count)
			rc = replay_ply(r, ply, why, e);
	}
	cmd_progress_end();
	return rc;
}

static int replay(struct replay *r)
{
	const char *why = "";
	struct err e = ERR_INIT;
	enum err_code rc;

	buf_init(&r->out);
	json_init(&r->json, &r->out);
	if (r->args->json)
		json_open(&r->json, '[');
	else
		buf_puts(&r->out, " ply  move       step checkpoint  target  "
				  " value  compared with what is stored\n");
	rc = replay_plies(r, &why, &e);
	if (rc) {
		buf_release(&r->out);
		return rc == ERR_CANCELLED ? cmd_complain(r->line, CMD_FAILED,
							  "interrupted")
					   : cmd_fail(r->line, &e);
	}
	if (r->args->json) {
		json_close(&r->json, ']');
		buf_putc(&r->out, '\n');
	} else {
		buf_printf(&r->out,
			   "%d searches: %d the same to the last digit, %d "
			   "with the same best move\n",
			   r->searched, r->same, r->best);
		if (*why)
			buf_printf(&r->out, "not the same: %s\n", why);
	}
	return cmd_finish(r->line, &r->out);
}

static int run(const struct cmd_line *line)
{
	const struct replay_args *a = line->args;
	struct replay r = {.line = line, .args = a};
	struct err e = ERR_INIT;
	struct lab *lab;
	int status;

	if (lab_open(&lab, line->lab_path, LAB_ONLY_READ, &e))
		return cmd_fail(line, &e);
	if (again_open(&r.again, lab_store(lab), a->game, work_interrupt(), &e))
		status = cmd_fail(line, &e);
	else
		status = replay(&r);
	again_close(r.again);
	lab_close(lab);
	return status;
}

#define ARGS struct replay_args

static const struct cmd_option options[] = {
	CMD_ARG_INT(1, "ID", game, 1, INT32_MAX),
	CMD_INT("ply", "N", ply, 0, INT32_MAX, NULL,
		"this ply alone, 0 is the first move"),
	CMD_FLAG("tree", tree, "the search trees as text, too"),
	CMD_INT("depth", "N", depth, 0, 1000, "3",
		"of the tree: levels below the root ({})"),
	CMD_INT("children", "N", children, 1, 65535, "4",
		"of the tree: moves shown of a node ({})"),
	CMD_INT("visits", "N", visits, 0, INT32_MAX, "1",
		"of the tree: least visits of a node ({})"),
	CMD_FLAG("json", json, "as JSON, with the moves at each root"),
	CMD_END,
};

const struct cmd cmd_replay = {
	.name = "replay",
	.synopsis = "ID [--ply N] [--tree] [--json]",
	.summary = "make the searches of a game of self-play again",
	.details =
		"A run keeps policy and value of the searches that it learned\n"
		"from, and no trees.  Each is made again from the run's seed, "
		"the game's\nnumber and the network that moved, and compared "
		"with what is stored; where\nthe lab does not have that "
		"network, the checkpoint before it searches.\nStep is the "
		"network's that moved, after '<' one that it was not past.",
	.options = options,
	.args_size = sizeof(struct replay_args),
	.min_args = 1,
	.max_args = 1,
	.lab = true,
	.run = run,
};
