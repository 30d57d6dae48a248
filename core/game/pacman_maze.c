/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/pacman.h"

#include <assert.h>
#include <string.h>

#include "core/game/pacman_int.h"

/* mazes.inc is made from assets/mazes/: MAZE(name, rows, cols, text) each. */
static const struct maze {
	int rows, cols;
	const char *text;
} mazes[] = {
#define MAZE(name, rows, cols, text) {rows, cols, text},
#include "core/game/mazes.inc"
#undef MAZE
};

const char *const pacman_maze_names[] = {
#define MAZE(name, rows, cols, text) name,
#include "core/base/attr.h"
#include "core/game/game.h"
#include "core/game/mazes.inc"
#undef MAZE
	NULL,
};

/* The first of the list is the usual one. */
const struct game_param pacman_params[] = {
	{.name = "maze",
	 .max = ARRAY_LEN(mazes) - 1,
	 .choices = pacman_maze_names,
	 .help = "the maze"},
	{.name = "ticks",
	 .min = 10,
	 .max = 1000,
	 .fallback = 200,
	 .help = "length of every game, in steps of Pac-Man"},
	{.name = "ghost",
	 .min = -1000,
	 .max = 1000,
	 .fallback = 200,
	 .help = "points for a ghost that is eaten",
	 .loose = true},
	{.name = "lives",
	 .min = 1,
	 .max = 9,
	 .fallback = 3,
	 .help = "deaths until Pac-Man is out"},
	{.name = "death",
	 .min = -1000,
	 .max = 0,
	 .fallback = -100,
	 .help = "points for a death"},
	{.name = NULL},
};

const char *pacman_maze_text(int maze, int *rows, int *cols)
{
	assert(maze >= 0 && maze < (int)ARRAY_LEN(mazes));
	*rows = mazes[maze].rows;
	*cols = mazes[maze].cols;
	return mazes[maze].text;
}

bool pacman_is_wall(const struct game *g, int cell)
{
	return mazes[g->param[PACMAN_MAZE]].text[cell] == '#';
}

int pacman_next(const struct game *g, int cell, enum pacman_dir dir)
{
	int row = cell / g->cols, col = cell % g->cols;

	switch (dir) {
	case PACMAN_UP:
		row = row ? row - 1 : g->rows - 1;
		break;
	case PACMAN_LEFT:
		col = col ? col - 1 : g->cols - 1;
		break;
	case PACMAN_DOWN:
		row = row + 1 < g->rows ? row + 1 : 0;
		break;
	case PACMAN_RIGHT:
		col = col + 1 < g->cols ? col + 1 : 0;
		break;
	case PACMAN_STAY:
		break;
	}
	cell = row * g->cols + col;
	return pacman_is_wall(g, cell) ? -1 : cell;
}

void pacman_distances(const struct game *g, int from, uint16_t *out)
{
	uint16_t queue[PACMAN_CELLS];
	int head = 0, tail = 0;

	for (int i = 0; i < g->rows * g->cols; i++)
		out[i] = PACMAN_FAR;
	out[from] = 0;
	queue[tail++] = (uint16_t)from;
	while (head < tail) {
		int cell = queue[head++];

		for (int d = 0; d < PACMAN_STAY; d++) {
			int to = pacman_next(g, cell, d);

			if (to < 0 || out[to] != PACMAN_FAR)
				continue;
			out[to] = (uint16_t)(out[cell] + 1);
			queue[tail++] = (uint16_t)to;
		}
	}
}
