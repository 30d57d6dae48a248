/* SPDX-License-Identifier: MIT */
/* TD-Gammon's way to play and learn (Tesauro 1995, CACM 38(3)): the position
 * after each move is valued, and what is learned are lambda returns.  Moves are
 * drawn by a softmax over what they are worth, which is the policy that is
 * learned, too, so that the network plays well without looking ahead. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "core/game/game.h"
#include "core/learn/lanes_int.h"

/* Win, draw and loss told by one player, heard by the other. */
static float worth(const float *wdl, bool own)
{
	return own ? wdl[0] - wdl[2] : wdl[2] - wdl[0];
}

/* The end is known; anything else becomes a row. */
static int look(struct lanes *l, struct lanes_group *gr, const struct lane *at,
		int player, float *known, int row)
{
	const struct game *g = l->game;
	int n = g->rules->legal(g, at->state, gr->legal);

	for (int i = 0; i < n; i++) {
		float value[GAME_MAX_PLAYERS];

		memcpy(gr->child, at->state, g->state_size);
		g->rules->apply(g, gr->child, gr->legal[i]);
		known[i] = (float)NAN;
		if (g->rules->to_act(g, gr->child) == GAME_OVER) {
			g->rules->score(g, gr->child, value);
			known[i] = value[player];
			continue;
		}
		/* Whose turn it is decides who says what it is worth; there is
		 * room among the logits, which nobody asks for. */
		gr->logits[row] =
			g->rules->to_act(g, gr->child) == player ? 1 : 0;
		g->rules->encode(g, gr->child,
				 gr->x + (size_t)row++ * lanes_planes(l));
	}
	return row;
}

static void choose(struct lanes *l, struct lanes_group *gr, int lane, int k,
		   int ply)
{
	const struct game *g = l->game;
	struct lane *at = &gr->lanes[k];
	struct lanes_step *s = lanes_step(l, lane, ply);
	float *policy = lanes_policy(l, lane, ply), *q = gr->chance;
	int player = g->rules->to_act(g, at->state), rows, row = 1;
	float top = -INFINITY, sum = 0;
	int n = g->rules->legal(g, at->state, gr->legal);

	g->rules->encode(g, at->state, gr->x);
	rows = look(l, gr, at, player, q, 1);
	lanes_ask(gr, l->plan, rows, false, true);
	memcpy(s->said, gr->wdl, sizeof(s->said));
	for (int i = 0; i < n; i++) {
		if (isnan(q[i])) {
			q[i] = worth(gr->wdl + 3 * (size_t)row,
				     gr->logits[row] > 0);
			row++;
		}
		top = fmaxf(top, q[i]);
	}
	for (int i = 0; i < n; i++)
		sum += q[i] = expf((q[i] - top) / l->method.temperature);
	memset(policy, 0, (size_t)g->move_count * sizeof(*policy));
	for (int i = 0; i < n; i++)
		policy[gr->legal[i]] = q[i] /= sum;
	lanes_draw(l, gr, at, n, s);
}

void td_choose(struct lanes *l, int group, int ply)
{
	for (int k = 0; k < l->recipe.slots; k++)
		choose(l, &l->groups[group], group * l->recipe.slots + k, k,
		       ply);
}
