/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/mcts_int.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/base/rng.h"

/*
 * The root for training (Danihelka, Guez, Schrittwieser, Silver, ICLR 2022,
 * "Policy improvement by planning with Gumbel"): Gumbel-top-k draws the moves
 * to consider without replacement, sequential halving (their figure 1, and
 * mctx's seq_halving.py) spends the simulations on them, and the policy to
 * learn is softmax(logits + sigma(completed Q)).
 *
 * Below the root PUCT stays.  The paper's deterministic rule there needs a
 * softmax for every node passed and brought "only a small benefit" in its own
 * ablation; with PUCT there is one rule to read in a trace.
 *
 * Everything here counts children of the root, 0 .. count-1; only a result
 * speaks of moves.
 */
static const struct mcts_node *root_of(const struct mcts *t)
{
	return &t->nodes[MCTS_ROOT_NODE];
}

/* Log-priors differ from logits by a constant, which no use here sees. */
static double logit(const struct mcts_node *c)
{
	return log((double)c->prior + 1e-30);
}

/* Equation 33, appendix D: the value of moves never tried. */
static double mixed_value(const struct mcts *t)
{
	const struct mcts_node *root = root_of(t);
	double visits = 0, prior = 0, sum = 0;

	for (int i = 0; i < root->count; i++) {
		const struct mcts_node *c = mcts_child(t, root, i);

		if (!c->visits)
			continue;
		visits += c->visits;
		prior += (double)c->prior;
		sum += (double)c->prior * (double)mcts_child_q(t, c);
	}
	if (prior <= 0)
		return (double)root->raw_value;
	return ((double)root->raw_value + visits / prior * sum) / (1 + visits);
}

static double completed_q(const struct mcts *t, int i, double mixed)
{
	const struct mcts_node *c = mcts_child(t, root_of(t), i);

	return mcts_child_known(t, c) ? (double)mcts_child_q(t, c) : mixed;
}

/*
 * Results of a one-player game may all be alike, so Q is stretched to [0, 1] by
 * the least and the greatest at hand, and c_scale is a tenth, as for Atari in
 * the paper (and in mctx, qtransform_completed_by_mix_value).
 */
static void complete_for_one(const struct mcts *t, double mixed, double scale)
{
	double low = mixed, high = mixed;

	for (int i = 0; i < root_of(t)->count; i++) {
		double q = completed_q(t, i, mixed);

		low = fmin(low, q);
		high = fmax(high, q);
	}
	for (int i = 0; i < root_of(t)->count; i++)
		t->score[i] = 0.1 * scale * (completed_q(t, i, mixed) - low) /
			      fmax(high - low, 1e-8);
}

/* sigma of the completed Q, for every child, into t->score. */
static void completed(const struct mcts *t)
{
	const struct mcts_node *root = root_of(t);
	double mixed = mixed_value(t), scale;
	uint32_t most = 0;

	for (int i = 0; i < root->count; i++)
		if (mcts_child(t, root, i)->visits > most)
			most = mcts_child(t, root, i)->visits;
	scale = ((double)t->cfg.gumbel_visit + most) *
		(double)t->cfg.gumbel_scale;
	if (!t->alternate) {
		complete_for_one(t, mixed, scale);
		return;
	}
	for (int i = 0; i < root->count; i++) {
		double q = completed_q(t, i, mixed);

		/* From [-1, 1] to [0, 1], as for board games in the paper. */
		t->score[i] = scale * (q + 1) / 2;
	}
}

/* g + logits + sigma(completed Q), into t->score. */
static void score_children(const struct mcts *t)
{
	completed(t);
	for (int i = 0; i < root_of(t)->count; i++)
		t->score[i] += t->gumbel.bias[i];
}

/* Bring the best score of the list from place `from` on to that place; of
 * equal scores the one that stands first. */
static void best_to_front(struct mcts *t, int from)
{
	int *list = t->gumbel.list;
	int best = from, one;

	for (int i = from + 1; i < t->gumbel.count; i++)
		if (t->score[list[i]] > t->score[list[best]])
			best = i;
	one = list[best];
	for (int i = best; i > from; i--)
		list[i] = list[i - 1];
	list[from] = one;
}

/* Rounds of one visit each that a list of `count` gets before it is halved. */
static int rounds_for(const struct mcts *t, int count)
{
	int rounds;

	assert(t->gumbel.depth > 0 && count > 0);
	rounds = t->cfg.simulations / (t->gumbel.depth * count);
	return rounds > 1 ? rounds : 1;
}

/* Shorten the list to its `most` best, best first. */
static void keep_best(struct mcts *t, int most)
{
	for (int i = 0; i < most && i < t->gumbel.count; i++)
		best_to_front(t, i);
	if (t->gumbel.count > most)
		t->gumbel.count = most;
}

/* The `most` best children that are not lost, by score. */
static void fill_list(struct mcts *t, int most)
{
	const struct mcts_node *root = root_of(t);
	struct mcts_gumbel *gb = &t->gumbel;

	score_children(t);
	gb->count = 0;
	for (int i = 0; i < root->count; i++)
		if (!mcts_child_lost(t, mcts_child(t, root, i)))
			gb->list[gb->count++] = i;
	keep_best(t, most);
	gb->depth = 1;
	while (1 << gb->depth < gb->count)
		gb->depth++;
	gb->next = 0;
	gb->rounds = gb->count ? rounds_for(t, gb->count) : 0;
}

void mcts_gumbel_begin(struct mcts *t)
{
	int most = t->cfg.gumbel_moves;
	struct rng r;

	rng_init(&r, t->cfg.seed, RNG_SEARCH, t->search, 1);
	for (int i = 0; i < root_of(t)->count; i++) {
		double noise =
			t->cfg.gumbel_noise > 0 ? (double)rng_gumbel(&r) : 0;

		t->gumbel.bias[i] = noise * (double)t->cfg.gumbel_noise +
				    logit(mcts_child(t, root_of(t), i));
	}
	/* More moves than simulations could not be compared. */
	if (most > t->cfg.simulations)
		most = t->cfg.simulations;
	fill_list(t, most);
}

/* A move found to lose needs no more visits: its share goes to the others. */
static void drop_lost(struct mcts *t)
{
	struct mcts_gumbel *gb = &t->gumbel;
	int kept = 0, next = gb->next;

	for (int i = 0; i < gb->count; i++) {
		if (mcts_child_lost(t,
				    mcts_child(t, root_of(t), gb->list[i]))) {
			next -= i < gb->next;
			continue;
		}
		gb->list[kept++] = gb->list[i];
	}
	gb->count = kept;
	gb->next = next;
}

static void next_round(struct mcts *t)
{
	struct mcts_gumbel *gb = &t->gumbel;

	gb->next = 0;
	if (--gb->rounds > 0)
		return;
	/* Two stay to the end, so that the last are compared often. */
	if (gb->count > 2)
		keep_best(t, gb->count / 2 > 2 ? gb->count / 2 : 2);
	gb->rounds = rounds_for(t, gb->count);
}

uint32_t mcts_gumbel_child(struct mcts *t)
{
	struct mcts_gumbel *gb = &t->gumbel;

	drop_lost(t);
	/* Rounds are compared whole: first let the leaves in flight land. */
	if (gb->next >= gb->count && t->pending_count)
		return MCTS_NO_NODE;
	if (!gb->count) /* all that were considered lose: look at the rest */
		fill_list(t, t->cfg.gumbel_moves);
	score_children(t);
	if (gb->next >= gb->count)
		next_round(t);
	assert(gb->next < gb->count);
	best_to_front(t, gb->next);
	return root_of(t)->first + (uint32_t)gb->list[gb->next++];
}

void mcts_gumbel_policy(const struct mcts *t, float *policy)
{
	const struct mcts_node *root = root_of(t);
	double top = -INFINITY, sum = 0;

	completed(t);
	for (int i = 0; i < root->count; i++) {
		const struct mcts_node *c = mcts_child(t, root, i);

		t->score[i] += logit(c);
		if (!mcts_move_allowed(t, c))
			t->score[i] = -INFINITY;
		if (t->score[i] > top)
			top = t->score[i];
	}
	for (int i = 0; i < root->count; i++)
		sum += t->score[i] = exp(t->score[i] - top);
	for (int i = 0; i < root->count; i++)
		policy[i] = (float)(t->score[i] / sum);
}

/* Of the moves most visited, the best score: the winner of the halving. */
int mcts_gumbel_best(const struct mcts *t)
{
	const struct mcts_node *root = root_of(t);
	uint32_t most = 0;
	int best = -1;

	score_children(t);
	for (int i = 0; i < root->count; i++) {
		const struct mcts_node *c = mcts_child(t, root, i);

		if (!mcts_move_allowed(t, c))
			continue;
		if (best < 0 || c->visits > most ||
		    (c->visits == most && t->score[i] > t->score[best])) {
			best = i;
			most = c->visits;
		}
	}
	return best;
}
