/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_ENV_GRID_H
#define CORE_STUDY_ENV_GRID_H

#include <stdint.h>

/* A room of 9x9 cells, numbered by rows; moves: up, down, left, right, stay.
 * Walls stop.  A cell is seen as its row and its column: with one number for
 * each cell, a model learned the goals of its training by heart and went back
 * to others in half of the cases. */
enum {
	GRID_SIDE = 9,
	GRID_CELLS = GRID_SIDE * GRID_SIDE,
	GRID_MIDDLE = GRID_CELLS / 2,
	GRID_ACTIONS = 5,
	GRID_STAY = 4,
};

static inline int grid_move(int cell, int action)
{
	int row = cell / GRID_SIDE, col = cell % GRID_SIDE;

	row += (action == 1) - (action == 0);
	col += (action == 3) - (action == 2);
	if (row < 0 || row >= GRID_SIDE || col < 0 || col >= GRID_SIDE)
		return cell;
	return row * GRID_SIDE + col;
}

static inline void grid_look(int cell, uint8_t *out)
{
	out[0] = (uint8_t)(cell / GRID_SIDE);
	out[1] = (uint8_t)(cell % GRID_SIDE);
}

static inline int grid_cell(const uint8_t *look)
{
	return look[0] * GRID_SIDE + look[1];
}

static inline int grid_distance(int a, int b)
{
	int rows = a / GRID_SIDE - b / GRID_SIDE;
	int cols = a % GRID_SIDE - b % GRID_SIDE;

	return (rows < 0 ? -rows : rows) + (cols < 0 ? -cols : cols);
}

#endif
