/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/mcts_int.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/search/evaluator.h"
#include "core/search/trace.h"

/* Room for `max` leaves; their states stay where they are until the scatter. */
static void make_slots(struct mcts *t, int max)
{
	if (t->slot_count >= max)
		return;
	t->slot_count = max;
	t->pending = mem_realloc(t->pending, (size_t)max * sizeof(uint32_t));
	t->states = mem_realloc(t->states, (size_t)max * t->g->state_size);
}

static bool is_leaf(const struct mcts *t, const struct mcts_node *n)
{
	return !n->first || (t->solve && n->proof);
}

/* A node that was reached for the first time: the end, or a turn of chance,
 * is seen here.  Returns false where there is no room for its outcomes. */
static bool look_at(struct mcts *t, uint32_t node, const void *state)
{
	struct mcts_node *n = &t->nodes[node];
	int32_t simulation = t->sim_count + 1;

	if (n->first || n->terminal)
		return true;
	switch (t->g->rules->to_act(t->g, state)) {
	case GAME_OVER:
		mcts_tree_end(t, node, state, simulation);
		mcts_prove(t, n->parent, simulation);
		return true;
	case GAME_CHANCE:
		if (!mcts_tree_room(t, t->pending_count + 2))
			return false;
		mcts_tree_outcomes(t, node, state);
		return true;
	default:
		assert(t->g->rules->to_act(t->g, state) == n->player);
		return true;
	}
}

static uint32_t choose_child(struct mcts *t, uint32_t node)
{
	if (t->nodes[node].chance)
		return mcts_tree_draw(t, node);
	if (node == MCTS_ROOT_NODE && t->cfg.root == MCTS_ROOT_GUMBEL)
		return mcts_gumbel_child(t);
	return mcts_select_child(t, node);
}

/* Follow the tree from the root, playing along in `state`.  MCTS_NO_NODE: no
 * leaf can be had now, or the memory is full. */
static uint32_t descend(struct mcts *t, void *state)
{
	uint32_t node = MCTS_ROOT_NODE;

	memcpy(state, t->root_state, t->g->state_size);
	while (!is_leaf(t, &t->nodes[node])) {
		node = choose_child(t, node);
		if (node == MCTS_NO_NODE)
			break;
		t->g->rules->apply(t->g, state, t->nodes[node].move);
		if (!look_at(t, node, state)) {
			t->stop = MCTS_MEMORY;
			return MCTS_NO_NODE;
		}
	}
	return node;
}

/* Add `step` to the leaves in flight from `node` up to the root. */
static void mark_path(struct mcts *t, uint32_t node, int step)
{
	for (;;) {
		struct mcts_node *n = &t->nodes[node];

		n->in_flight = (uint16_t)(n->in_flight + step);
		if (node == MCTS_ROOT_NODE)
			return;
		node = n->parent;
	}
}

/* One simulation ends at `leaf` with these sums for the player to act there. */
static void back_up(struct mcts *t, uint32_t leaf, int64_t value, int64_t draw)
{
	uint32_t node = leaf;
	float v = (float)value / (float)TRACE_ONE;

	t->sim_leaf[t->sim_count++] = leaf;
	mcts_tree_met(t, v);
	for (;;) {
		struct mcts_node *n = &t->nodes[node];

		n->visits++;
		n->value += value;
		n->draw += draw;
		n->squares += v * v; /* alike for both players */
		if (n->chance && n->evaluated < 0)
			n->evaluated = t->sim_count;
		if (node == MCTS_ROOT_NODE)
			return;
		if (mcts_turns(t, n))
			value = -value;
		node = n->parent;
	}
}

/* The exact value of a proof, else what the evaluator said. */
static void back_up_leaf(struct mcts *t, uint32_t leaf)
{
	const struct mcts_node *n = &t->nodes[leaf];

	if (n->proof)
		back_up(t, leaf, mcts_fixed(mcts_proof_value(n->proof)),
			n->proof == TRACE_DRAW ? TRACE_ONE : 0);
	else
		back_up(t, leaf, mcts_fixed(n->raw_value),
			mcts_fixed(n->raw_draw));
}

static bool search_over(struct mcts *t)
{
	const struct mcts_node *root = &t->nodes[MCTS_ROOT_NODE];

	if (t->solve && root->proof)
		t->stop = MCTS_PROVEN;
	else if (t->sim_count + t->pending_count >= t->cfg.simulations)
		t->stop = MCTS_DONE;
	else if (!mcts_tree_room(t, t->pending_count + 1))
		t->stop = MCTS_MEMORY;
	else
		return false;
	return true;
}

static const void *slot_state(const struct mcts *t, int i)
{
	return t->states + (size_t)i * t->g->state_size;
}

int mcts_gather(struct mcts *t, int max, const void **states,
		enum mcts_stop *stop)
{
	assert(!t->pending_count && t->node_count && max >= 1);
	make_slots(t, max);
	t->in_flight = max > 1;
	t->legal_count = 0;
	if (t->nodes[MCTS_ROOT_NODE].evaluated < 0) {
		memcpy(t->states, t->root_state, t->g->state_size);
		t->pending[t->pending_count++] = MCTS_ROOT_NODE;
		t->in_flight = false;
		states[0] = t->states;
		return 1;
	}
	while (t->pending_count < max && !search_over(t)) {
		int slot = t->pending_count;
		uint32_t leaf =
			descend(t, t->states + (size_t)slot * t->g->state_size);
		const struct mcts_node *n = &t->nodes[leaf];

		if (leaf == MCTS_NO_NODE)
			break;
		if (n->proof || n->terminal) {
			back_up_leaf(t, leaf);
			continue;
		}
		/* The tree has nothing better than a leaf it waits for. */
		if (n->in_flight)
			break;
		if (t->in_flight)
			mark_path(t, leaf, 1);
		states[slot] = slot_state(t, slot);
		t->pending[t->pending_count++] = leaf;
	}
	*stop = t->stop;
	return t->pending_count;
}

const game_move *mcts_leaf_moves(struct mcts *t, int *count)
{
	assert(t->pending_count == 1);
	t->legal_count = t->g->rules->legal(t->g, slot_state(t, 0), t->legal);
	*count = t->legal_count;
	return t->legal;
}

static float clamped(float x, float low, float high)
{
	/* What is not a number compares false, and becomes 0. */
	return x >= low ? x <= high ? x : high : x < low ? low : 0;
}

static void add_root_noise(struct mcts *t)
{
	const struct mcts_node *root = &t->nodes[MCTS_ROOT_NODE];
	float share = t->cfg.noise_share;
	struct rng r;

	for (int i = 0; i < root->count; i++)
		t->root_prior[i] = mcts_child(t, root, i)->prior;
	if (t->cfg.noise_alpha <= 0 || t->cfg.root != MCTS_ROOT_PUCT)
		return;
	rng_init(&r, t->cfg.seed, RNG_SEARCH, t->search, 0);
	rng_dirichlet(&r, (double)t->cfg.noise_alpha / (double)root->count,
		      root->count, t->weight);
	for (int i = 0; i < root->count; i++)
		t->root_prior[i] += share * (t->weight[i] - t->root_prior[i]);
}

static void take_answer(struct mcts *t, int slot, const float *policy,
			const float *wdl)
{
	uint32_t leaf = t->pending[slot];
	struct mcts_node *n = &t->nodes[leaf];
	bool root = leaf == MCTS_ROOT_NODE;

	n->raw_value = clamped(wdl[0] - wdl[2], -1, 1);
	n->raw_draw = clamped(wdl[1], 0, 1);
	n->evaluated = root ? 0 : t->sim_count + 1;
	if (t->leads)
		n->lead = mcts_lead_of(t->leads[slot]);
	mcts_tree_expand(t, leaf, slot_state(t, slot), policy);
	mcts_prove(t, leaf, n->evaluated);
	if (!root) {
		if (t->in_flight)
			mark_path(t, leaf, -1);
		back_up_leaf(t, leaf);
		return;
	}
	add_root_noise(t);
	if (t->cfg.root == MCTS_ROOT_GUMBEL)
		mcts_gumbel_begin(t);
}

void mcts_scatter(struct mcts *t, int n, const float *policy, const float *wdl)
{
	assert(n == t->pending_count);
	for (int i = 0; i < n; i++)
		take_answer(t, i, policy + (size_t)i * (size_t)t->g->move_count,
			    wdl + (size_t)i * 3);
	t->pending_count = 0;
}

int mcts_simulations(const struct mcts *t)
{
	return t->sim_count;
}

static void make_run_buffers(struct mcts *t, int batch)
{
	size_t n = (size_t)batch;

	if (t->run_cap >= batch)
		return;
	free(t->run_policy);
	free(t->run_wdl);
	t->run_cap = batch;
	t->run_states = mem_realloc(t->run_states, n * sizeof(*t->run_states));
	t->run_policy = mem_floats(n * (size_t)t->g->move_count);
	t->run_wdl = mem_floats(n * 3);
}

/* A young tree has few leaves worth asking about: the batch grows with it. */
static int batch_now(const struct mcts *t, int batch)
{
	int grown = 1 + t->sim_count / 4;

	return grown < batch ? grown : batch;
}

static enum mcts_stop run_until(struct mcts *t, const struct evaluator *ev,
				int enough, const atomic_bool *cancel)
{
	int batch = t->cfg.batch < ev->max_batch ? t->cfg.batch : ev->max_batch;

	make_run_buffers(t, batch);
	t->has_leads = ev->leads && t->g->rules->lead;
	do {
		enum mcts_stop stop;
		int n;

		/* Never before the root is known: a result needs its moves. */
		if (cancel && atomic_load(cancel) &&
		    t->nodes[MCTS_ROOT_NODE].evaluated >= 0) {
			t->stop = MCTS_CANCELLED;
			break;
		}
		n = mcts_gather(t, batch_now(t, batch), t->run_states, &stop);
		if (!n)
			break;
		evaluator_run(ev, t->g, n, t->run_states, t->run_policy,
			      t->run_wdl);
		t->leads =
			ev->leads && t->has_leads ? ev->leads(ev->self) : NULL;
		mcts_scatter(t, n, t->run_policy, t->run_wdl);
		t->leads = NULL;
		t->stop = MCTS_DONE;
	} while (t->sim_count < enough);
	return t->stop;
}

enum mcts_stop mcts_run(struct mcts *t, const struct evaluator *ev,
			const atomic_bool *cancel)
{
	return run_until(t, ev, INT_MAX, cancel);
}

enum mcts_stop mcts_run_some(struct mcts *t, const struct evaluator *ev,
			     int sims, const atomic_bool *cancel)
{
	return run_until(t, ev, t->sim_count + sims, cancel);
}
