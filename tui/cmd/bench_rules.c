/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/bench_rules.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/search/evaluator.h"
#include "tui/cmd/bench_time.h"

enum { PLAYOUTS = 64, SIMULATIONS = 1000 };

static void perft(void *ctx)
{
	struct rules_bench *b = ctx;

	b->units = (double)game_perft(&b->g, b->start, b->figure->number);
}

static int play_out(struct rules_bench *b)
{
	const struct game_rules *rules = b->g.rules;
	int plies = 0;

	memcpy(b->state, b->start, b->g.state_size);
	for (; rules->to_act(&b->g, b->state) != GAME_OVER; plies++)
		rules->apply(
			&b->g, b->state,
			game_random_move(&b->g, b->state, &b->r, b->moves));
	return plies;
}

static void playouts(void *ctx)
{
	struct rules_bench *b = ctx;

	for (int i = 0; i < PLAYOUTS; i++)
		play_out(b);
	b->units = PLAYOUTS;
}

static void plies(void *ctx)
{
	struct rules_bench *b = ctx;

	b->units = 0;
	for (int i = 0; i < PLAYOUTS; i++)
		b->units += play_out(b);
}

/* The positions of one random game. */
static void walk(struct rules_bench *b)
{
	size_t size = b->g.state_size;

	b->along = mem_alloc((size_t)b->g.max_plies * size);
	memcpy(b->state, b->start, size);
	while (b->g.rules->to_act(&b->g, b->state) != GAME_OVER) {
		memcpy((char *)b->along + (size_t)b->along_count++ * size,
		       b->state, size);
		b->g.rules->apply(
			&b->g, b->state,
			game_random_move(&b->g, b->state, &b->r, b->moves));
	}
}

static void legal(void *ctx)
{
	struct rules_bench *b = ctx;

	if (!b->along)
		walk(b);
	for (int i = 0; i < b->along_count; i++)
		b->g.rules->legal(
			&b->g, (char *)b->along + (size_t)i * b->g.state_size,
			b->moves);
	b->units = b->along_count;
}

static void search(void *ctx)
{
	struct mcts_config config = MCTS_CONFIG_DEFAULT;
	struct rules_bench *b = ctx;

	config.simulations = SIMULATIONS;
	config.memory_cap = (size_t)64 << 20;
	if (!b->mcts)
		b->mcts = mcts_new(&b->g, &config);
	mcts_start(b->mcts, b->start, b->count++);
	mcts_run(b->mcts, &evaluator_uniform, NULL);
	b->units = mcts_simulations(b->mcts);
}

/* The first positions below the start, this many, which is far from solved. */
static void solve(void *ctx)
{
	struct rules_bench *b = ctx;
	unsigned long long before;
	int score;

	if (!b->solver && solver_open(&b->solver, &b->g, 0, NULL))
		assert(!"a figure's game has no solver");
	before = solver_nodes(b->solver);
	solver_limit(b->solver, (unsigned long long)b->figure->number);
	(void)solver_score(b->solver, b->start, NULL, &score);
	b->units = (double)(solver_nodes(b->solver) - before);
}

const struct rules_figure rules_figures[] = {
	{"perft-c4", "perft", "depth 7", "leaves/s", "connect4", perft, 7},
	{"perft-othello", "perft", "depth 8", "leaves/s", "othello", perft, 8},
	{"perft-chess", "perft", "depth 5", "leaves/s", "chess", perft, 5},
	{"perft-go", "perft", "5x5, depth 3", "leaves/s", "go:size=5", perft,
	 3},
	{"playouts-c4", "playouts", "random", "games/s", "connect4", playouts,
	 0},
	{"playouts-othello", "playouts", "random", "games/s", "othello",
	 playouts, 0},
	{"playouts-chess", "playouts", "random", "games/s", "chess", playouts,
	 0},
	{"playouts-go-9", "playouts", "9x9, random", "games/s", "go:size=9",
	 playouts, 0},
	{"playouts-go-19", "playouts", "19x19, random", "games/s", "go:size=19",
	 playouts, 0},
	{"plies-go", "plies", "9x9, random", "plies/s", "go:size=9", plies, 0},
	{"legal-chess", "legal", "random", "positions/s", "chess", legal, 0},
	{"legal-go", "legal", "9x9, random", "positions/s", "go:size=9", legal,
	 0},
	{"search-c4", "search", "1000 simulations", "simulations/s", "connect4",
	 search, 0},
	{"solve-c4", "solve", "connect4", "nodes/s", "connect4", solve,
	 1 << 16},
	{NULL, NULL, NULL, NULL, NULL, NULL, 0},
};

double rules_bench_rate(const struct rules_figure *f, double seconds)
{
	struct rules_bench b = {.figure = f};
	double rate;

	if (game_init(&b.g, f->game, NULL))
		assert(!"a figure's game is not there");
	b.start = game_state_new(&b.g, 1);
	b.state = game_state_new(&b.g, 1);
	b.moves = mem_alloc((size_t)b.g.move_count * sizeof(*b.moves));
	rng_init(&b.r, 1, RNG_TEST, 0, 0);
	rate = bench_fastest(seconds, clock_thread_seconds, f->run, &b) *
	       b.units;
	if (b.mcts)
		mcts_free(b.mcts);
	solver_close(b.solver);
	free(b.along);
	free(b.moves);
	free(b.start);
	free(b.state);
	return rate;
}
