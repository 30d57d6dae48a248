/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/mcts_int.h"

#include <assert.h>
#include <math.h>

#include "core/search/trace.h"

/*
 * PUCT (Silver et al. 2018, methods): the child with the most
 *
 *	Q + c(N) P sqrt(N) / (1 + n),   c(N) = c_puct + log((N + base + 1) /
 *base)
 *
 * where N counts the visits of all children, at least 1, so that the first
 * choice follows the priors.  A leaf in flight counts as lost until its value
 * comes home.  Children that were never visited share one Q, so of them only
 * the one with the largest prior can win.  In a one-player game the second term
 * is in proportion to what values differ by; see mcts_q_range().
 */
static float first_play(const struct mcts *t, const struct mcts_node *n,
			float seen)
{
	/* With noise at the root every move gets its chance. */
	bool noisy = n == &t->nodes[MCTS_ROOT_NODE] && t->cfg.noise_alpha > 0;
	float range = mcts_q_range(t->alternate, t->q_low, t->q_high);

	return mcts_mean(n) - (noisy ? 0 : t->cfg.fpu * sqrtf(seen) * range);
}

/* The child's Q for its parent's player, leaves in flight counted as lost. */
static float pending_q(const struct mcts *t, const struct mcts_node *c)
{
	float sum = (float)c->value / (float)TRACE_ONE;

	if (t->alternate)
		sum = -sum;
	return (sum - (float)c->in_flight) / (float)(c->visits + c->in_flight);
}

/*
 * A proven draw has nothing left to learn, yet PUCT alone would stay with it
 * where the other moves look worse, and prove nothing more.  Every fourth time
 * the best open move is looked at instead.
 */
static bool look_elsewhere(const struct mcts *t, const struct mcts_node *pick,
			   uint32_t total)
{
	return t->solve && pick->proof && total % 4 == 3;
}

uint32_t mcts_select_child(const struct mcts *t, uint32_t node)
{
	const struct mcts_node *n = &t->nodes[node];
	const struct mcts_node *c = &t->nodes[n->first];
	bool root = node == MCTS_ROOT_NODE;
	uint32_t own = root && !t->root_counted ? 0 : 1;
	uint32_t total = n->visits + n->in_flight;
	float visits = total > own ? (float)(total - own) : 1.0f;
	float range = mcts_q_range(t->alternate, t->q_low, t->q_high);
	float spread = mcts_exploration(t->cfg.c_puct, t->cfg.c_base, visits) *
		       sqrtf(visits) * range;
	float best = -INFINITY, best_open = -INFINITY, best_prior = -1;
	float seen = 0;
	uint32_t pick = MCTS_NO_NODE, open = MCTS_NO_NODE;
	uint32_t fresh = MCTS_NO_NODE;

	for (uint32_t i = 0; i < n->count; i++, c++) {
		float prior = root ? t->root_prior[i] : c->prior;
		uint32_t tries = c->visits + c->in_flight;
		bool proven = t->solve && c->proof;
		float score;

		if (proven && c->proof == TRACE_WIN)
			continue;
		if (root && !mcts_root_open(t, c))
			continue;
		if (!proven && !tries) {
			if (prior > best_prior) {
				best_prior = prior;
				fresh = n->first + i;
			}
			continue;
		}
		seen += c->prior;
		score = (proven ? mcts_child_q(t, c) : pending_q(t, c)) +
			spread * prior / (1 + (float)tries);
		if (score > best) {
			best = score;
			pick = n->first + i;
		}
		if (!proven && score > best_open) {
			best_open = score;
			open = n->first + i;
		}
	}
	if (fresh != MCTS_NO_NODE) {
		float score = first_play(t, n, seen) + spread * best_prior;

		if (score > best)
			pick = fresh;
		if (score > best_open)
			open = fresh;
	}
	assert(pick != MCTS_NO_NODE);
	if (open != MCTS_NO_NODE && look_elsewhere(t, &t->nodes[pick], total))
		return open;
	return pick;
}
