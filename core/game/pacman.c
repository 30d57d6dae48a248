/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/pacman.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/game/families.h"
#include "core/game/pacman_int.h"

/* The rules by ticks; pacman.h states them, pacman_ghost.c has the ghosts. */

enum { SCALE_TICK = 10, SCALE_GHOSTS = 20, FRIGHT_ENDS = 6 };

/* Planes of encode(): these, three for each ghost, then one value each. */
enum {
	PLANE_WALL,
	PLANE_DOT,
	PLANE_PELLET,
	PLANE_HIM,
	PLANE_AHEAD, /* the square that he faces */
	PLANE_WAIT,  /* ghosts out of play, by how long still */
	PLANE_GHOSTS,
	GHOST_CELL = 0,
	GHOST_FROM,
	GHOST_FRIGHT,
	PLANES_OF_GHOST,
	VALUE_TICKS = 0, /* left */
	VALUE_POINTS,
	VALUE_LIVES,
	VALUE_GHOST, /* points for one */
	VALUE_REST,  /* 1: ghosts rest in this tick */
	VALUE_SLOW,  /* 1: ghosts in fright do */
	PLANES_OF_VALUES,
};

static const char dirs[] = "uldrs";

static bool has_food(const struct pacman_state *s, int cell)
{
	return s->food[cell >> 6] >> (cell & 63) & 1;
}

static const char *maze_of(const struct game *g)
{
	int rows, cols;

	return pacman_maze_text(g->param[PACMAN_MAZE], &rows, &cols);
}

static enum err_code pacman_setup(struct game *g, struct err *e)
{
	const char *text;
	int ghosts = 0;
	bool chance = false;

	(void)e;
	text = pacman_maze_text(g->param[PACMAN_MAZE], &g->rows, &g->cols);
	for (int i = 0; i < g->rows * g->cols; i++) {
		ghosts += text[i] >= '1' && text[i] <= '4';
		chance |= text[i] == '3';
	}
	g->state_size = sizeof(struct pacman_state);
	g->player_count = 1;
	g->move_count = PACMAN_STAY + 1;
	g->max_plies = g->param[PACMAN_TICKS] * (chance ? 2 : 1);
	g->planes = PLANE_GHOSTS + ghosts * PLANES_OF_GHOST + PLANES_OF_VALUES;
	g->symmetries = 1;
	return ERR_OK;
}

static void fill(const struct game *g, struct pacman_state *s)
{
	const char *text = maze_of(g);

	for (int i = 0; i < g->rows * g->cols; i++)
		if (text[i] == '.' || text[i] == 'o') {
			s->food[i >> 6] |= 1ULL << (i & 63);
			s->food_left++;
		}
}

/* Everybody to the starts. */
static void place(struct pacman_state *s)
{
	s->him = s->home;
	s->facing = PACMAN_LEFT;
	for (int i = 0; i < s->ghost_count; i++) {
		struct pacman_ghost *ghost = &s->ghosts[i];

		ghost->cell = ghost->from = ghost->home;
		ghost->fright = 0;
		ghost->wait = (uint8_t)(PACMAN_STAGGER * i);
	}
}

static void pacman_start(const struct game *g, void *state, uint64_t seed)
{
	struct pacman_state *s = state;
	const char *text = maze_of(g);

	(void)seed;
	memset(s, 0, sizeof(*s));
	for (int number = '1'; number <= '4'; number++) {
		const char *at = strchr(text, number);

		if (!at)
			continue;
		s->ghosts[s->ghost_count].number = (uint8_t)(number - '0');
		s->ghosts[s->ghost_count++].home = (uint16_t)(at - text);
	}
	s->home = (uint16_t)(strchr(text, 'P') - text);
	s->lives = (uint8_t)g->param[PACMAN_LIVES];
	s->turn = PACMAN_NO_TURN;
	fill(g, s);
	place(s);
}

static int pacman_to_act(const struct game *g, const void *state)
{
	const struct pacman_state *s = state;

	if (s->tick == g->param[PACMAN_TICKS])
		return GAME_OVER;
	return s->turn == PACMAN_NO_TURN ? 0 : GAME_CHANCE;
}

static int pacman_legal(const struct game *g, const void *state, game_move *out)
{
	const struct pacman_state *s = state;
	uint8_t ways[4];
	int n = 0;

	if (s->turn != PACMAN_NO_TURN) {
		n = pacman_ghost_ways(g, s, s->turn, ways);
		for (int i = 0; i < n; i++)
			out[i] = ways[i];
		return n;
	}
	for (int d = 0; s->lives && d < PACMAN_STAY; d++)
		if (pacman_next(g, s->him, d) >= 0)
			out[n++] = (game_move)d;
	out[n++] = PACMAN_STAY;
	return n;
}

static void die(const struct game *g, struct pacman_state *s)
{
	s->points += g->param[PACMAN_DEATH];
	s->deaths++;
	s->lives--;
	if (s->lives)
		place(s);
}

/* He and a ghost on one square; true: he died. */
static bool meet(const struct game *g, struct pacman_state *s)
{
	for (int i = 0; i < s->ghost_count; i++) {
		struct pacman_ghost *ghost = &s->ghosts[i];

		if (ghost->cell != s->him || ghost->wait)
			continue;
		if (!ghost->fright) {
			die(g, s);
			return true;
		}
		s->points += g->param[PACMAN_GHOST];
		s->eaten++;
		ghost->cell = ghost->from = ghost->home;
		ghost->fright = 0;
		ghost->wait = PACMAN_WAIT;
	}
	return false;
}

static void eat(const struct game *g, struct pacman_state *s)
{
	if (!has_food(s, s->him))
		return;
	s->food[s->him >> 6] &= ~(1ULL << (s->him & 63));
	s->food_left--;
	if (maze_of(g)[s->him] == 'o') {
		s->pellets++;
		s->points += PACMAN_PELLET_POINTS;
		for (int i = 0; i < s->ghost_count; i++)
			if (!s->ghosts[i].wait)
				s->ghosts[i].fright =
					(uint8_t)(g->rows + g->cols);
	} else {
		s->dots++;
		s->points += PACMAN_DOT_POINTS;
	}
	if (!s->food_left)
		fill(g, s);
}

static void end_tick(struct pacman_state *s)
{
	for (int i = 0; i < s->ghost_count; i++)
		if (s->ghosts[i].fright)
			s->ghosts[i].fright--;
	s->tick++;
	s->turn = PACMAN_NO_TURN;
}

/* True: he died of it. */
static bool step_ghost(const struct game *g, struct pacman_state *s, int i,
		       enum pacman_dir way)
{
	struct pacman_ghost *ghost = &s->ghosts[i];

	ghost->from = ghost->cell;
	ghost->cell = (uint16_t)pacman_next(g, ghost->cell, way);
	return meet(g, s);
}

/* The ghosts from number `i` on take their steps, up to one that draws. */
static void step_ghosts(const struct game *g, struct pacman_state *s, int i)
{
	bool rest = s->tick % PACMAN_REST == PACMAN_REST - 1;
	uint8_t ways[4];

	for (; !rest && i < s->ghost_count; i++) {
		int n;

		if (s->ghosts[i].wait && --s->ghosts[i].wait)
			continue;
		n = pacman_ghost_ways(g, s, i, ways);
		if (n > 1) {
			s->turn = (uint8_t)i;
			return;
		}
		if (n && step_ghost(g, s, i, ways[0]))
			break;
	}
	end_tick(s);
}

static void pacman_apply(const struct game *g, void *state, game_move m)
{
	struct pacman_state *s = state;
	int i = s->turn, to;

	assert(s->tick < g->param[PACMAN_TICKS] && m <= PACMAN_STAY);
	if (i != PACMAN_NO_TURN) {
		assert(m < PACMAN_STAY &&
		       pacman_next(g, s->ghosts[i].cell, m) >= 0);
		if (step_ghost(g, s, i, m))
			end_tick(s);
		else
			step_ghosts(g, s, i + 1);
		return;
	}
	if (!s->lives) {
		assert(m == PACMAN_STAY);
		s->tick++;
		return;
	}
	to = pacman_next(g, s->him, m);
	assert(to >= 0);
	s->him = (uint16_t)to;
	if (m != PACMAN_STAY)
		s->facing = (uint8_t)m;
	eat(g, s);
	if (meet(g, s))
		end_tick(s);
	else
		step_ghosts(g, s, 0);
}

/* The greatest points that have a value of their own. */
static float scale(const struct game *g)
{
	int ghost = abs(g->param[PACMAN_GHOST]);

	return (float)g->param[PACMAN_TICKS] *
	       (SCALE_TICK + (float)ghost / SCALE_GHOSTS);
}

static float value_of(const struct game *g, const struct pacman_state *s)
{
	float v = (float)s->points / scale(g);

	return v > 1 ? 1 : v < -1 ? -1 : v;
}

static void pacman_score(const struct game *g, const void *state, float *value)
{
	const struct pacman_state *s = state;

	assert(s->tick == g->param[PACMAN_TICKS]);
	value[0] = value_of(g, s);
}

static void encode_ghosts(const struct game *g, const struct pacman_state *s,
			  float *out)
{
	int size = g->rows * g->cols;
	float power = (float)(g->rows + g->cols);

	for (int i = 0; i < s->ghost_count; i++) {
		const struct pacman_ghost *ghost = &s->ghosts[i];
		float *own = out + (PLANE_GHOSTS + i * PLANES_OF_GHOST) * size;

		if (ghost->wait) {
			out[PLANE_WAIT * size + ghost->cell] =
				(float)ghost->wait /
				(PACMAN_STAGGER * PACMAN_GHOSTS);
			continue;
		}
		own[GHOST_CELL * size + ghost->cell] = 1;
		own[GHOST_FROM * size + ghost->from] = 1;
		own[GHOST_FRIGHT * size + ghost->cell] =
			(float)ghost->fright / power;
	}
}

static void encode_values(const struct game *g, const struct pacman_state *s,
			  float *out)
{
	int size = g->rows * g->cols;
	const float values[PLANES_OF_VALUES] = {
		[VALUE_TICKS] = (float)(g->param[PACMAN_TICKS] - s->tick) /
				(float)g->param[PACMAN_TICKS],
		[VALUE_POINTS] = (value_of(g, s) + 1) / 2,
		[VALUE_LIVES] = (float)s->lives / (float)g->param[PACMAN_LIVES],
		[VALUE_GHOST] = (float)(g->param[PACMAN_GHOST] + 1000) / 2000,
		[VALUE_REST] = s->tick % PACMAN_REST == PACMAN_REST - 1,
		[VALUE_SLOW] = s->tick % 2,
	};

	for (int v = 0; v < PLANES_OF_VALUES; v++)
		for (int i = 0; i < size; i++)
			*out++ = values[v];
}

static void pacman_encode(const struct game *g, const void *state, float *out)
{
	const struct pacman_state *s = state;
	const char *text = maze_of(g);
	int size = g->rows * g->cols;
	int constant = g->planes - PLANES_OF_VALUES;

	memset(out, 0, (size_t)(constant * size) * sizeof(*out));
	for (int i = 0; i < size; i++) {
		out[PLANE_WALL * size + i] = text[i] == '#';
		if (has_food(s, i))
			out[(text[i] == 'o' ? PLANE_PELLET : PLANE_DOT) * size +
			    i] = 1;
	}
	if (s->lives) {
		int ahead = pacman_next(g, s->him, s->facing);

		out[PLANE_HIM * size + s->him] = 1;
		out[PLANE_AHEAD * size + (ahead < 0 ? s->him : ahead)] = 1;
		encode_ghosts(g, s, out);
	}
	encode_values(g, s, out + constant * size);
}

static uint64_t pacman_hash(const struct game *g, const void *state)
{
	const struct pacman_state *s = state;
	uint64_t h = rng_mix((uint64_t)s->points, s->tick);

	h = rng_mix(h, (uint64_t)s->him << 32 | (uint64_t)s->facing << 16 |
			       (uint64_t)s->lives << 8 | s->turn);
	for (int i = 0; i < s->ghost_count; i++) {
		const struct pacman_ghost *ghost = &s->ghosts[i];

		h = rng_mix(h, (uint64_t)ghost->cell << 32 |
				       (uint64_t)ghost->from << 16 |
				       (uint64_t)ghost->fright << 8 |
				       ghost->wait);
	}
	for (int w = 0; w * 64 < g->rows * g->cols; w++)
		h = rng_mix(h, s->food[w]);
	return h;
}

static game_move pacman_move_symmetry(const struct game *g, int sym,
				      game_move m)
{
	(void)g;
	(void)sym;
	return m;
}

static int pacman_cell_symmetry(const struct game *g, int sym, int cell)
{
	(void)g;
	(void)sym;
	return cell;
}

static int pacman_cell(const struct game *g, const void *state, int row,
		       int col)
{
	const struct pacman_state *s = state;
	int cell = row * g->cols + col;

	if (s->lives && cell == s->him)
		return PACMAN_HIM;
	for (int i = 0; i < s->ghost_count; i++) {
		const struct pacman_ghost *ghost = &s->ghosts[i];

		if (ghost->cell != cell)
			continue;
		if (ghost->wait)
			return PACMAN_EYES;
		if (ghost->fright)
			return ghost->fright > FRIGHT_ENDS ? PACMAN_FRIGHT
							   : PACMAN_FRIGHT_ENDS;
		return PACMAN_GHOST_1 + ghost->number - 1;
	}
	if (pacman_is_wall(g, cell))
		return PACMAN_WALL;
	return pacman_food(g, s, cell);
}

/* Where whoever moves stands. */
static int mover(const struct pacman_state *s)
{
	return s->turn == PACMAN_NO_TURN ? s->him : s->ghosts[s->turn].cell;
}

static int pacman_move_cell(const struct game *g, const void *state,
			    game_move m)
{
	const struct pacman_state *s = state;

	return s->lives ? pacman_next(g, mover(s), m) : -1;
}

static int pacman_move_from(const struct game *g, const void *state,
			    game_move m)
{
	const struct pacman_state *s = state;

	(void)g;
	(void)m;
	return s->lives ? mover(s) : -1;
}

static void pacman_move_text(const struct game *g, const void *state,
			     game_move m, char out[GAME_TEXT_SIZE])
{
	const struct pacman_state *s = state;

	(void)g;
	if (s->turn == PACMAN_NO_TURN)
		snprintf(out, GAME_TEXT_SIZE, "%c", dirs[m]);
	else
		snprintf(out, GAME_TEXT_SIZE, "%d%c", s->ghosts[s->turn].number,
			 dirs[m]);
}

static game_move pacman_move_parse(const struct game *g, const void *state,
				   const char *text)
{
	const struct pacman_state *s = state;
	game_move legal[PACMAN_STAY + 1];
	int n = pacman_to_act(g, s) == GAME_OVER ? 0
						 : pacman_legal(g, s, legal);

	for (int i = 0; i < n; i++) {
		char want[GAME_TEXT_SIZE];
		int c = 0;

		pacman_move_text(g, s, legal[i], want);
		while (want[c] && tolower((unsigned char)text[c]) == want[c])
			c++;
		if (!want[c] && !text[c])
			return legal[i];
	}
	return GAME_NO_MOVE;
}

static void pacman_chance(const struct game *g, const void *state, float *prob)
{
	game_move legal[PACMAN_STAY + 1];
	int n = pacman_legal(g, state, legal);

	for (int i = 0; i < n; i++)
		prob[i] = 1.0f / (float)n;
}

static int pacman_points(const struct game *g, const void *state)
{
	const struct pacman_state *s = state;

	(void)g;
	return s->points;
}

static int pacman_facts(const struct game *g, const void *state,
			struct game_fact *out)
{
	const struct pacman_state *s = state;
	int n = 0;

	(void)g;
	out[n++] = (struct game_fact){"score", s->points};
	out[n++] = (struct game_fact){"dots", (int)s->dots};
	out[n++] = (struct game_fact){"pellets", (int)s->pellets};
	out[n++] = (struct game_fact){"ghosts", (int)s->eaten};
	out[n++] = (struct game_fact){"deaths", (int)s->deaths};
	out[n++] = (struct game_fact){"lives", s->lives};
	out[n++] = (struct game_fact){"ticks", s->tick};
	return n;
}

static const char *pacman_ended(const struct game *g, const void *state)
{
	const struct pacman_state *s = state;

	(void)g;
	return s->lives ? "time" : "out";
}

bool pacman_is(const struct game *g)
{
	return g->rules == &game_pacman;
}

int pacman_ghost_points(const struct game *g)
{
	return g->param[PACMAN_GHOST];
}

int pacman_food(const struct game *g, const void *state, int cell)
{
	if (!has_food(state, cell))
		return PACMAN_FLOOR;
	return maze_of(g)[cell] == 'o' ? PACMAN_PELLET : PACMAN_DOT;
}

void pacman_view(const struct game *g, const void *state,
		 struct pacman_view *out)
{
	const struct pacman_state *s = state;

	memset(out, 0, sizeof(*out));
	out->him = s->lives ? s->him : -1;
	out->facing = s->facing;
	out->tick = s->tick;
	out->ticks = g->param[PACMAN_TICKS];
	out->lives = s->lives;
	out->ghost_count = s->ghost_count;
	for (int i = 0; i < s->ghost_count; i++) {
		const struct pacman_ghost *ghost = &s->ghosts[i];

		out->ghosts[i] = (struct pacman_ghost_view){
			.number = ghost->number,
			.cell = ghost->cell,
			.home = ghost->home,
			.fright = ghost->fright,
			.wait = ghost->wait,
		};
		if (ghost->fright > out->power)
			out->power = ghost->fright;
	}
}

const struct game_rules game_pacman = {
	.family = "pacman",
	.title = "Pac-Man in ticks",
	.source =
		"Pac-Man (Namco 1980) after Pittman, \"The Pac-Man Dossier\", "
		"simplified as core/game/pacman.h states",
	.params = pacman_params,
	.setup = pacman_setup,
	.start = pacman_start,
	.to_act = pacman_to_act,
	.legal = pacman_legal,
	.apply = pacman_apply,
	.score = pacman_score,
	.encode = pacman_encode,
	.hash = pacman_hash,
	.move_symmetry = pacman_move_symmetry,
	.cell_symmetry = pacman_cell_symmetry,
	.cell = pacman_cell,
	.move_cell = pacman_move_cell,
	.move_text = pacman_move_text,
	.move_parse = pacman_move_parse,
	.chance = pacman_chance,
	.points = pacman_points,
	.facts = pacman_facts,
	.ended = pacman_ended,
	.move_from = pacman_move_from,
};
