/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_PACMAN_H
#define CORE_GAME_PACMAN_H

#include "core/game/game.h"

/*
 * Pac-Man by ticks: pacman:maze=NAME,ticks=T,ghost=POINTS,lives=N,death=POINTS.
 *
 * In a tick Pac-Man takes one step or stays, then the ghosts step one after the
 * other.  A dot is 10 points, a power pellet 50, a ghost and a death what the
 * parameters say.  A cleared maze fills again at once.  A pellet gives power
 * for rows + cols ticks: ghosts flee, and one that is met is eaten, waits
 * PACMAN_WAIT ticks out of play at its start and hunts again.  Any other
 * meeting costs a life, and everybody goes back to the starts, where ghost
 * number i (from 0) waits PACMAN_STAGGER * i ticks.
 *
 * Ghosts never turn back except in a dead end.  Where there are two ways or
 * more, by the shortest way through the maze (ties: up, left, down, right),
 *
 *	1 hunts     to Pac-Man
 *	2 cuts off  to the fourth square ahead of him, or the last before a wall
 *	3 wanders   each way equally likely: the only chance node
 *	4 is shy    to Pac-Man from afar, to its own start within 8 squares
 *
 * All rest every PACMAN_REST'th tick, so that they are a little slower.  A
 * ghost in fright takes a step every second tick, to the square farthest from
 * Pac-Man (it may turn back), and never onto his.
 *
 * Every game lasts exactly T ticks, and Pac-Man moves in each: a horizon that
 * depended on how he fares would tell a learner what is good (Gleave et al.
 * 2020, "seals").  After the last life he is out: each remaining tick is one
 * move with one choice, to stay, and nothing else moves.
 *
 * The value of a game is its points divided by T * (10 + |ghost| / 20), held to
 * [-1, 1]: 1 is a dot in every tick, and a ghost in every twentieth.
 *
 * Moves are 0 up, 1 left, 2 down, 3 right, 4 stay ("u l d r s"); at chance
 *nodes 0 to 3 is where the ghost goes ("3u": ghost 3 up).
 */
enum {
	PACMAN_GHOSTS = 4,
	PACMAN_SIDE_MAX = 32,
	PACMAN_CELLS = PACMAN_SIDE_MAX * PACMAN_SIDE_MAX,
	PACMAN_DOT_POINTS = 10,
	PACMAN_PELLET_POINTS = 50,
	PACMAN_WAIT = 8,
	PACMAN_STAGGER = 4,
	PACMAN_REST = 8,
};

enum pacman_dir {
	PACMAN_UP,
	PACMAN_LEFT,
	PACMAN_DOWN,
	PACMAN_RIGHT,
	PACMAN_STAY,
};

/* What cell() says. */
enum pacman_cell {
	PACMAN_FLOOR,
	PACMAN_HIM,
	PACMAN_WALL,
	PACMAN_DOT,
	PACMAN_PELLET,
	PACMAN_GHOST_1, /* and the next three: 2, 3, 4 */
	PACMAN_FRIGHT = PACMAN_GHOST_1 + PACMAN_GHOSTS,
	PACMAN_FRIGHT_ENDS, /* in its last ticks */
	PACMAN_EYES,        /* a ghost that waits, out of play */
	PACMAN_CELL_KINDS,
};

struct pacman_ghost_view {
	int number; /* 1 .. 4 */
	int cell, home;
	int fright, wait; /* ticks left; 0: none */
};

/* A state to draw and to think about. */
struct pacman_view {
	int him;    /* cell; -1: out */
	int facing; /* enum pacman_dir; never PACMAN_STAY */
	int tick, ticks, lives;
	int power; /* ticks in which some ghost is still in fright */
	int ghost_count;
	struct pacman_ghost_view ghosts[PACMAN_GHOSTS];
};

/* Whether the game is of this family: what the functions below need. */
bool pacman_is(const struct game *g);
int pacman_ghost_points(const struct game *g);
void pacman_view(const struct game *g, const void *s, struct pacman_view *out);

/* The cell next to `cell`, through tunnels; -1: a wall. */
int pacman_next(const struct game *g, int cell, enum pacman_dir dir);
bool pacman_is_wall(const struct game *g, int cell);
/* PACMAN_DOT, PACMAN_PELLET or PACMAN_FLOOR: what lies there. */
int pacman_food(const struct game *g, const void *s, int cell);

/* Steps from `from` to every cell, into out[rows * cols]; PACMAN_FAR: none. */
enum { PACMAN_FAR = 0xffff };
void pacman_distances(const struct game *g, int from, uint16_t *out);

/* Names of the mazes, as `maze` takes them; ends with NULL.  And the text of
 * one, rows * cols characters as in assets/mazes/README. */
extern const char *const pacman_maze_names[];
const char *pacman_maze_text(int maze, int *rows, int *cols);

#endif
