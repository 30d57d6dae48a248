/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/lab/root_moves.h"
#include "core/session/compare.h"
#include "core/session/compare_part.h"
#include "core/session/figures.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/position.h"
#include "tui/cmd/table.h"
#include "tui/cmd/work.h"
#include "tui/widget/compare_draw.h"

struct compare_args {
	const char *game, *moves, *agent[COMPARE_SIDES], *into;
	int64_t seed;
	int at;
	bool json;
};

struct comparison {
	const struct cmd_line *line;
	const struct compare_args *args;
	struct position position;
	struct compare c;
	struct agent *agent[COMPARE_SIDES]; /* owned */
	char best[COMPARE_SIDES][GAME_TEXT_SIZE];
	int simulations[COMPARE_SIDES];
};

static const char *const sides[COMPARE_SIDES] = {"left", "right"};

static void put_number(struct json *j, const char *key, double x)
{
	json_key(j, key);
	if (isnan(x))
		json_null(j);
	else
		json_double(j, x);
}

static void put_side(struct json *j, const struct comparison *x, int i)
{
	const struct inspector *s = &x->c.side[i];
	struct figures f;

	figures_of(&s->view, &s->path, 0, 0, &f);
	json_key(j, sides[i]);
	json_open(j, '{');
	json_key(j, "agent");
	json_string(j, agent_name(x->agent[i]));
	json_key(j, "best");
	json_string(j, x->best[i]);
	json_key(j, "simulations");
	json_int(j, x->simulations[i]);
	json_key(j, "at");
	json_int(j, s->view.at);
	json_key(j, "visits");
	json_int(j, f.visits);
	put_number(j, "q", f.q);
	put_number(j, "value", f.v);
	json_close(j, '}');
}

static void put_line(struct json *j, const struct game *g, const void *root,
		     const game_move *moves, int count)
{
	struct buf text;

	buf_init(&text);
	game_line_text(g, root, moves, count, &text);
	json_string(j, text.data);
	buf_release(&text);
}

static void put_part(struct json *j, const struct compare *c)
{
	const struct compare_part *p = &c->part;

	json_key(j, "part");
	json_open(j, '{');
	json_key(j, "parted");
	json_bool(j, p->parted);
	json_key(j, "depth");
	json_int(j, p->depth);
	json_key(j, "line");
	put_line(j, c->game, c->side[0].root, p->line, p->depth);
	put_number(j, "apart", p->apart);
	for (int i = 0; i < COMPARE_SIDES; i++) {
		json_key(j, sides[i]);
		if (p->choice[i] == GAME_NO_MOVE) {
			json_null(j);
			continue;
		}
		json_open(j, '{');
		json_key(j, "move");
		json_string(j, p->text[i]);
		put_number(j, "q", p->q[i]);
		for (int who = 0; p->parted && who < COMPARE_SIDES; who++)
			put_number(j, sides[who], p->weight[who][i]);
		json_close(j, '}');
	}
	json_close(j, '}');
}

static void put_row(struct json *j, const struct compare_row *r)
{
	json_open(j, '{');
	json_key(j, "move");
	json_string(j, r->text);
	json_key(j, "mark");
	json_string(j, r->mark ? compare_mark_name(r->mark) : NULL);
	for (int i = 0; i < COMPARE_SIDES; i++) {
		const struct figures *f = &r->f[i];

		json_key(j, sides[i]);
		if (!r->known[i]) {
			json_null(j);
			continue;
		}
		json_open(j, '{');
		json_key(j, "rank");
		if (r->rank[i])
			json_int(j, r->rank[i]);
		else
			json_null(j);
		json_key(j, "visits");
		json_int(j, f->visits);
		put_number(j, "weight", r->weight[i]);
		put_number(j, "prior", f->prior);
		put_number(j, "q", f->q);
		put_number(j, "value", f->v);
		json_close(j, '}');
	}
	json_close(j, '}');
}

static void put_json(const struct comparison *x, struct buf *out)
{
	const struct compare *c = &x->c;
	struct json j;

	json_init(&j, out);
	json_open(&j, '{');
	json_key(&j, "game");
	json_string(&j, game_short_name(c->game));
	json_key(&j, "to_move");
	json_string(&j, c->game->rules->to_act(c->game, x->position.state)
				? "second"
				: "first");
	json_key(&j, "seed");
	json_int(&j, x->args->seed);
	json_key(&j, "at");
	json_int(&j, c->at);
	for (int i = 0; i < COMPARE_SIDES; i++)
		put_side(&j, x, i);
	put_number(&j, "apart", c->root_apart);
	put_part(&j, c);
	json_key(&j, "place");
	put_line(&j, c->game, c->side[0].root, c->way, c->depth);
	put_number(&j, "apart_at_place", c->apart);
	json_key(&j, "moves");
	json_open(&j, '[');
	for (int i = 0; i < c->count; i++)
		put_row(&j, &c->rows[i]);
	json_close(&j, ']');
	json_close(&j, '}');
	buf_putc(out, '\n');
}

/* To the place below the root that was asked for. */
static int go_into(struct comparison *x)
{
	const struct game *g = &x->position.game;
	void *state = mem_alloc(g->state_size);
	game_move *moves = mem_zalloc((size_t)g->max_plies, sizeof(*moves));
	struct err e = ERR_INIT;
	int count, status = 0;

	memcpy(state, x->position.state, g->state_size);
	if (game_play_text(g, state, x->args->into, moves, &count, &e)) {
		err_prefix(&e, "--into");
		status = cmd_fail(x->line, &e);
	} else if (compare_go(&x->c, moves, count) < count) {
		status = cmd_complain(x->line, CMD_USAGE,
				      "neither search came to --into %s",
				      x->args->into);
	}
	free(moves);
	free(state);
	return status;
}

static int print(struct comparison *x)
{
	struct compare_who who[COMPARE_SIDES];
	struct buf out;
	int status;

	if (cmd_given(x->line, "at"))
		compare_seek(&x->c, x->args->at);
	status = x->args->into ? go_into(x) : 0;
	if (status)
		return status;
	for (int i = 0; i < COMPARE_SIDES; i++)
		who[i] = (struct compare_who){agent_name(x->agent[i]),
					      x->best[i], false};
	buf_init(&out);
	if (x->args->json)
		put_json(x, &out);
	else
		compare_draw_print(&x->c, who, true, &out);
	return cmd_finish(x->line, &out);
}

static int search(struct comparison *x, int i, const struct agent_source *from)
{
	const struct position *p = &x->position;
	const struct game *g = &p->game;
	struct thought th = {0};
	struct err e = ERR_INIT;
	int status = 0;

	if (agent_open(&x->agent[i], x->args->agent[i], g, from, &e))
		return cmd_fail(x->line, &e);
	if (agent_is_human(x->agent[i]))
		return cmd_complain(x->line, CMD_USAGE,
				    "a person cannot be asked here: name "
				    "another --%s",
				    sides[i]);
	agent_line(x->agent[i], p->moves, p->plies);
	agent_think(x->agent[i], p->state, (uint64_t)x->args->seed, 0, p->plies,
		    work_interrupt(), &th);
	if (*th.forfeit) {
		status = cmd_complain(x->line, CMD_FAILED, "%s", th.forfeit);
	} else {
		g->rules->move_text(g, p->state, th.move, x->best[i]);
		x->simulations[i] = th.simulations;
		if (compare_set(&x->c, i, root_moves_take(&th), &e))
			status = cmd_fail(x->line, &e);
	}
	thought_release(&th);
	return status;
}

static int both(struct comparison *x, const struct agent_source *from)
{
	int status = 0;

	compare_init(&x->c, &x->position.game, x->position.state);
	for (int i = 0; i < COMPARE_SIDES && !status; i++)
		status = search(x, i, from);
	if (!status)
		status = print(x);
	for (int i = 0; i < COMPARE_SIDES; i++)
		agent_close(x->agent[i]);
	compare_release(&x->c);
	return status;
}

static int run(const struct cmd_line *line)
{
	const struct compare_args *a = line->args;
	struct comparison x = {.line = line, .args = a};
	struct position *p = &x.position;
	struct err e = ERR_INIT;
	struct lab *lab = NULL;
	int status, to_act;

	if (!a->agent[0] || !a->agent[1])
		return cmd_complain(line, CMD_USAGE,
				    "who is compared? --left SPEC --right "
				    "SPEC, for example --left "
				    "mcts:c4/latest,sims=400 --right "
				    "policy:c4/latest");
	status = position_open(p, line, a->game, a->moves);
	if (status)
		return status;
	to_act = p->game.rules->to_act(&p->game, p->state);
	if (to_act < 0)
		status = cmd_complain(line, CMD_USAGE,
				      to_act == GAME_OVER
					      ? "the game is over there: "
						"nothing to search"
					      : "chance moves there: add its "
						"outcome to --moves");
	else if ((agent_needs_network(a->agent[0]) ||
		  agent_needs_network(a->agent[1])) &&
		 lab_open(&lab, line->lab_path, LAB_ONLY_READ, &e))
		status = cmd_fail(line, &e);
	else
		status = both(&x, lab ? lab_agents(lab) : NULL);
	lab_close(lab);
	position_close(p);
	return status;
}

#define ARGS struct compare_args

static const struct cmd_option options[] = {
	CMD_ARG(1, "GAME", game),
	CMD_STRING("moves", "LINE", moves, NULL,
		   "the position after these moves, e.g. 4453"),
	CMD_STRING("left", "SPEC", agent[0], NULL,
		   "who searches on the left, e.g. mcts:c4/1000,sims=400"),
	CMD_STRING("right", "SPEC", agent[1], NULL,
		   "and on the right, e.g. mcts:c4/latest,sims=400"),
	CMD_INT("at", "N", at, 0, INT32_MAX, NULL,
		"both after N simulations (all)"),
	CMD_STRING("into", "LINE", into, NULL,
		   "the moves after these, below the position"),
	CMD_SEED(seed, "of both searches' randomness ({})"),
	CMD_FLAG("json", json, "as JSON"),
	CMD_END,
};

const struct cmd cmd_compare = {
	.name = "compare",
	.synopsis = "GAME --left SPEC --right SPEC [--moves LINE] [--json]",
	.summary = "two agents' searches of one position, side by side",
	.details = "Moves are marked where one side alone looked at them, or "
		   "ranks them otherwise;\na line tells where the two lines "
		   "of play part, and by how much.",
	.options = options,
	.args_size = sizeof(struct compare_args),
	.min_args = 1,
	.max_args = 1,
	.lab = true,
	.run = run,
};
