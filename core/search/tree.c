/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/mcts_int.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/search/trace.h"

static size_t block_bytes(int count)
{
	return (size_t)count * sizeof(struct mcts_node);
}

double mcts_tree_bytes(double positions, double moves)
{
	return positions * moves * (double)sizeof(struct mcts_node);
}

/* Children that a position seldom exceeds. */
enum { CHILDREN = 384 };

/* Positions of which a simulation adds the children: the one that is evaluated,
 * and turns of chance on the way. */
enum { POSITIONS_OF_CHANCE = 8 };

size_t mcts_tree_cap(const struct game *g, int simulations, int searches)
{
	int children = g->move_count < CHILDREN ? g->move_count : CHILDREN;
	double positions = (double)simulations * searches;

	/* A tree for several is begun anew when it is full. */
	if (searches == 1 && g->rules->chance)
		positions *= POSITIONS_OF_CHANCE;
	/* There must be room for all moves wherever one leaf more is taken. */
	return (size_t)(mcts_tree_bytes(positions, children) +
			mcts_tree_bytes(4.0 * searches, g->move_count));
}

struct mcts *mcts_new(const struct game *g, const struct mcts_config *cfg)
{
	struct mcts *t = mem_zalloc(1, sizeof(*t));
	size_t moves = (size_t)g->move_count;
	size_t least = block_bytes(1 + g->move_count);

	t->g = g;
	t->alternate = g->player_count == 2;
	/* A root and its children always fit. */
	arena_init(&t->arena,
		   cfg->memory_cap > least ? cfg->memory_cap : least);
	t->nodes = (struct mcts_node *)(void *)t->arena.base;
	t->root_state = mem_zalloc(1, g->state_size);
	t->child_state = mem_zalloc(1, g->state_size);
	t->root_prior = mem_zalloc(moves, sizeof(*t->root_prior));
	t->gumbel.bias = mem_zalloc(moves, sizeof(*t->gumbel.bias));
	t->gumbel.list = mem_zalloc(moves, sizeof(*t->gumbel.list));
	t->only = mem_zalloc(moves, sizeof(*t->only));
	t->legal = mem_zalloc(moves, sizeof(*t->legal));
	t->weight = mem_zalloc(moves, sizeof(*t->weight));
	t->score = mem_zalloc(moves, sizeof(*t->score));
	t->moves = mem_zalloc(moves, sizeof(*t->moves));
	mcts_configure(t, cfg);
	return t;
}

void mcts_free(struct mcts *t)
{
	if (!t)
		return;
	arena_release(&t->arena);
	free(t->root_state);
	free(t->child_state);
	free(t->root_prior);
	free(t->only);
	free(t->gumbel.bias);
	free(t->gumbel.list);
	free(t->legal);
	free(t->weight);
	free(t->score);
	free(t->moves);
	free(t->sim_leaf);
	free(t->base);
	free(t->pending);
	free(t->states);
	free(t->run_states);
	free(t->run_policy);
	free(t->run_wdl);
	free(t);
}

void mcts_configure(struct mcts *t, const struct mcts_config *cfg)
{
	assert(cfg->simulations >= 1 && cfg->simulations <= 1000000);
	assert(cfg->batch >= 1 && cfg->gumbel_moves >= 1);
	t->cfg = *cfg;
	t->solve = cfg->solve && t->alternate;
}

void mcts_only(struct mcts *t, const game_move *moves, int count)
{
	memset(t->only, 0, (size_t)t->g->move_count * sizeof(*t->only));
	for (int i = 0; i < count; i++)
		t->only[moves[i]] = true;
	t->limited = count > 0;
}

static void begin(struct mcts *t, const void *state, uint64_t search)
{
	assert(t->g->rules->to_act(t->g, state) >= 0);
	/* Proofs would take moves that are left out into account. */
	assert(!t->limited || (!t->solve && t->cfg.root == MCTS_ROOT_PUCT));
	memcpy(t->root_state, state, t->g->state_size);
	t->search = search;
	rng_init(&t->chance, t->cfg.seed, RNG_SEARCH, search, 3);
	t->sim_count = 0;
	t->stop = MCTS_DONE;
	t->pending_count = t->legal_count = 0;
	if (t->sim_cap < t->cfg.simulations) {
		t->sim_cap = t->cfg.simulations;
		t->sim_leaf = mem_realloc(
			t->sim_leaf, (size_t)t->sim_cap * sizeof(uint32_t));
	}
}

void mcts_start(struct mcts *t, const void *state, uint64_t search)
{
	struct mcts_node *root;

	begin(t, state, search);
	arena_reset(&t->arena);
	t->base_count = 0;
	t->root_counted = false;
	root = arena_alloc(&t->arena, block_bytes(1));
	root->move = GAME_NO_MOVE;
	root->prior = 1;
	root->evaluated = -1;
	root->player = (uint8_t)t->g->rules->to_act(t->g, state);
	t->node_count = 1;
	t->q_low = INFINITY;
	t->q_high = -INFINITY;
}

static size_t base_bytes(const struct mcts *t)
{
	return t->base_count * sizeof(*t->base);
}

bool mcts_tree_room(const struct mcts *t, int expansions)
{
	size_t need = block_bytes(t->g->move_count) * (size_t)expansions;

	return t->arena.used_bytes + base_bytes(t) + need <= t->arena.cap_bytes;
}

/* Priors of the `n` legal moves into t->weight. */
static void softmax(struct mcts *t, int n, const float *logits)
{
	float top = -INFINITY, sum = 0;

	for (int i = 0; i < n; i++)
		if (logits[t->legal[i]] > top)
			top = logits[t->legal[i]];
	for (int i = 0; i < n; i++) {
		t->weight[i] = expf(logits[t->legal[i]] - top);
		sum += t->weight[i];
	}
	/* Logits that are not numbers say nothing about the moves. */
	for (int i = 0; i < n; i++)
		t->weight[i] = sum > 0 && sum < INFINITY ? t->weight[i] / sum
							 : 1.0f / (float)n;
}

/* `count` children of `node` for the moves in t->legal. */
static struct mcts_node *add_children(struct mcts *t, uint32_t node, int count)
{
	struct mcts_node *n = &t->nodes[node], *c;
	bool turn = t->alternate && !n->chance;

	assert(count > 0 && !n->first);
	c = arena_alloc(&t->arena, block_bytes(count));
	assert(c == t->nodes + t->node_count);
	n->first = t->node_count;
	n->count = (uint16_t)count;
	t->node_count += (uint32_t)count;
	for (int i = 0; i < count; i++) {
		c[i].parent = node;
		c[i].move = t->legal[i];
		c[i].prior = t->weight[i];
		c[i].evaluated = -1;
		c[i].player = turn ? !n->player : n->player;
	}
	return c;
}

/*
 * For two players the end is its own proof.  A one-player game may end with any
 * result: it is win minus loss, without draws.
 */
void mcts_tree_end(struct mcts *t, uint32_t node, const void *state,
		   int32_t simulation)
{
	struct mcts_node *n = &t->nodes[node];
	float value[GAME_MAX_PLAYERS];
	float v;

	t->g->rules->score(t->g, state, value);
	v = value[n->player];
	n->terminal = true;
	if (t->has_leads) {
		float lead = t->g->rules->lead(t->g, state) /
			     t->g->rules->lead_scale(t->g);

		n->lead = mcts_lead_of(n->player == 0 ? lead : -lead);
	}
	if (!t->alternate) {
		assert(v >= -1 && v <= 1);
		n->raw_value = v;
		n->evaluated = simulation;
		return;
	}
	assert(v == 1 || v == 0 || v == -1);
	n->proof = v > 0 ? TRACE_WIN : v < 0 ? TRACE_LOSS : TRACE_DRAW;
	n->proven = simulation;
}

/* Try every move for an end, so that a win at once is seen at once. */
static void find_ends(struct mcts *t, uint32_t node, const void *state)
{
	const struct game *g = t->g;
	const struct mcts_node *n = &t->nodes[node];

	if (g->rules->may_end && !g->rules->may_end(g, state))
		return;
	for (uint32_t i = 0; i < n->count; i++) {
		uint32_t child = n->first + i;

		memcpy(t->child_state, state, g->state_size);
		g->rules->apply(g, t->child_state, t->nodes[child].move);
		if (g->rules->to_act(g, t->child_state) == GAME_OVER)
			mcts_tree_end(t, child, t->child_state, n->evaluated);
	}
}

void mcts_tree_expand(struct mcts *t, uint32_t node, const void *state,
		      const float *logits)
{
	int count = t->legal_count ? t->legal_count
				   : t->g->rules->legal(t->g, state, t->legal);

	t->legal_count = 0;
	softmax(t, count, logits);
	add_children(t, node, count);
	find_ends(t, node, state);
}

void mcts_tree_outcomes(struct mcts *t, uint32_t node, const void *state)
{
	int count = t->g->rules->legal(t->g, state, t->legal);

	t->nodes[node].chance = true;
	t->g->rules->chance(t->g, state, t->weight);
	add_children(t, node, count);
}

uint32_t mcts_tree_draw(struct mcts *t, uint32_t node)
{
	const struct mcts_node *n = &t->nodes[node];

	for (uint32_t i = 0; i < n->count; i++)
		t->weight[i] = t->nodes[n->first + i].prior;
	return n->first + (uint32_t)rng_pick(&t->chance, t->weight, n->count);
}

/*
 * Move the subtree of `root` to the front of the array.  Blocks keep their
 * order, so a node never moves up and one pass in place is safe.
 */
static void compact(struct mcts *t, uint32_t root)
{
	uint32_t *place = mem_zalloc(t->node_count, sizeof(*place));
	uint32_t kept = 1, block = MCTS_NO_NODE;

	t->nodes[MCTS_ROOT_NODE] = t->nodes[root];
	t->nodes[MCTS_ROOT_NODE].parent = 0;
	t->nodes[MCTS_ROOT_NODE].move = GAME_NO_MOVE;
	t->nodes[MCTS_ROOT_NODE].prior = 1;
	/* place[] is where a kept node went; 0 for those that go. */
	for (uint32_t i = root + 1; i < t->node_count; i++) {
		uint32_t parent = t->nodes[i].parent;

		if (parent != root && !place[parent])
			continue;
		place[i] = kept;
		t->nodes[kept] = t->nodes[i];
		t->nodes[kept].parent = place[parent];
		if (parent != block)
			t->nodes[place[parent]].first = kept;
		block = parent;
		kept++;
	}
	t->node_count = kept;
	t->arena.used_bytes = block_bytes((int)kept);
	free(place);
}

/* Everything up to now becomes "before the first simulation". */
static void carry_over(struct mcts *t)
{
	if (t->base_cap < t->node_count) {
		t->base_cap = t->node_count;
		t->base = mem_realloc(t->base, t->base_cap * sizeof(*t->base));
	}
	t->base_count = t->node_count;
	for (uint32_t i = 0; i < t->node_count; i++) {
		struct mcts_node *n = &t->nodes[i];

		t->base[i].visits = n->visits;
		t->base[i].value = n->value;
		t->base[i].draw = n->draw;
		n->proven = 0;
		if (n->evaluated > 0)
			n->evaluated = 0;
	}
}

/* The node that `moves` lead to. */
static uint32_t find_line(const struct mcts *t, const game_move *moves,
			  int count)
{
	uint32_t node = MCTS_ROOT_NODE;

	for (int k = 0; k < count; k++) {
		const struct mcts_node *n = &t->nodes[node];
		uint32_t next = MCTS_NO_NODE;

		for (int i = 0; i < n->count; i++)
			if (mcts_child(t, n, i)->move == moves[k])
				next = n->first + (uint32_t)i;
		if (next == MCTS_NO_NODE)
			return next;
		node = next;
	}
	return node;
}

bool mcts_advance(struct mcts *t, game_move m, const void *state,
		  uint64_t search)
{
	return mcts_advance_line(t, &m, 1, state, search);
}

bool mcts_advance_line(struct mcts *t, const game_move *moves, int count,
		       const void *state, uint64_t search)
{
	uint32_t child =
		t->node_count ? find_line(t, moves, count) : MCTS_NO_NODE;

	assert(!t->pending_count && count >= 0);
	if (child == MCTS_NO_NODE || !t->nodes[child].first ||
	    t->cfg.root != MCTS_ROOT_PUCT || t->cfg.noise_alpha > 0) {
		mcts_start(t, state, search);
		return false;
	}
	begin(t, state, search);
	compact(t, child);
	carry_over(t);
	t->root_counted = true;
	/* Leave most of the memory to the search to come. */
	if (t->arena.used_bytes + base_bytes(t) > t->arena.cap_bytes / 2) {
		mcts_start(t, state, search);
		return false;
	}
	t->q_low = t->q_high = mcts_mean(&t->nodes[MCTS_ROOT_NODE]);
	for (int i = 0; i < t->nodes[MCTS_ROOT_NODE].count; i++)
		t->root_prior[i] =
			mcts_child(t, &t->nodes[MCTS_ROOT_NODE], i)->prior;
	return true;
}
