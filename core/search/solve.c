/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/mcts_int.h"

#include "core/search/trace.h"

/*
 * Proofs go up from finished games (Winands, Bjornsson, Saito 2008,
 * "Monte-Carlo Tree Search Solver", with draws): a node is won if a move
 * leads to a lost one; lost if every move leads to a won one; drawn if every
 * move is proven, none wins and one draws.  Chance proves what all of its
 * outcomes are.
 */
static enum trace_proof proof_from_outcomes(const struct mcts *t,
					    const struct mcts_node *n)
{
	enum trace_proof proof = mcts_child(t, n, 0)->proof;

	for (int i = 1; i < n->count; i++)
		if (mcts_child(t, n, i)->proof != proof)
			return TRACE_OPEN;
	return proof;
}

static enum trace_proof proof_from_children(const struct mcts *t,
					    const struct mcts_node *n)
{
	enum trace_proof proof = TRACE_LOSS;

	if (n->chance)
		return proof_from_outcomes(t, n);
	for (int i = 0; i < n->count; i++) {
		switch ((enum trace_proof)mcts_child(t, n, i)->proof) {
		case TRACE_LOSS:
			return TRACE_WIN;
		case TRACE_OPEN:
			/* Another child may still win. */
			proof = TRACE_OPEN;
			break;
		case TRACE_DRAW:
			if (proof != TRACE_OPEN)
				proof = TRACE_DRAW;
			break;
		case TRACE_WIN:
			break;
		}
	}
	return proof;
}

void mcts_prove(struct mcts *t, uint32_t node, int32_t simulation)
{
	for (;;) {
		struct mcts_node *n = &t->nodes[node];
		enum trace_proof proof;

		if (!t->solve || n->proof)
			return;
		proof = proof_from_children(t, n);
		if (!proof)
			return;
		n->proof = (uint8_t)proof;
		n->proven = simulation;
		if (node == MCTS_ROOT_NODE)
			return;
		node = n->parent;
	}
}

bool mcts_move_allowed(const struct mcts *t, const struct mcts_node *child)
{
	if (child->parent == MCTS_ROOT_NODE && !mcts_root_open(t, child))
		return false;
	if (!t->solve)
		return true;
	switch ((enum trace_proof)t->nodes[child->parent].proof) {
	case TRACE_WIN:
		return child->proof == TRACE_LOSS;
	case TRACE_DRAW:
		return child->proof == TRACE_DRAW;
	case TRACE_OPEN:
		return child->proof != TRACE_WIN;
	case TRACE_LOSS:
		break;
	}
	return true;
}
