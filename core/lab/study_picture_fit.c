/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/lab/study_picture_int.h"

enum { ROUNDS = 2000 };

/* Players are the rows, then the opponents; an opponent that is a row is one
 * player. */
struct fit {
	const struct study_over *measured;
	struct study_row *rows;
	int row_count, opponent_count;
	const int *player; /* of each opponent; -1: the zero of the scale */
	double *strength;  /* [row_count + opponent_count] */
	double *sum, *weight;
};

/* A difference with no interval is worth as much as one of 50 Elo. */
static double weight_of(const struct study_over *o)
{
	double half = (o->high - o->low) / 2;

	return 1 / (half > 0 ? half * half : 2500);
}

static double strength_of(const struct fit *f, int opponent)
{
	return f->player[opponent] < 0 ? 0 : f->strength[f->player[opponent]];
}

static void add(struct fit *f, int player, double says, double weight)
{
	if (player < 0)
		return;
	f->sum[player] += weight * says;
	f->weight[player] += weight;
}

/* Everyone at once becomes the mean of what the others say of him, half way:
 * all at once and whole, two might trade places for ever. */
static void one_round(struct fit *f)
{
	int players = f->row_count + f->opponent_count;

	memset(f->sum, 0, (size_t)players * sizeof(*f->sum));
	memset(f->weight, 0, (size_t)players * sizeof(*f->weight));
	for (int r = 0; r < f->row_count; r++)
		for (int o = 0; o < f->opponent_count; o++) {
			const struct study_over *m =
				&f->measured[r * f->opponent_count + o];

			if (!m->seeds || f->player[o] == r)
				continue;
			add(f, r, strength_of(f, o) + m->value, weight_of(m));
			add(f, f->player[o], f->strength[r] - m->value,
			    weight_of(m));
		}
	for (int p = 0; p < players; p++)
		if (f->weight[p] > 0)
			f->strength[p] =
				(f->strength[p] + f->sum[p] / f->weight[p]) / 2;
}

static void tell(struct fit *f)
{
	for (int r = 0; r < f->row_count; r++) {
		struct study_row *row = &f->rows[r];

		row->fitted = f->strength[r];
		row->rest = mem_zalloc((size_t)f->opponent_count,
				       sizeof(*row->rest));
		for (int o = 0; o < f->opponent_count; o++) {
			const struct study_over *m =
				&f->measured[r * f->opponent_count + o];

			row->rest[o] = m->seeds && f->player[o] != r
					       ? m->value - row->fitted +
							 strength_of(f, o)
					       : (double)NAN;
		}
	}
}

void study_fit(const struct study_trace *opponents, int opponent_count,
	       const struct study_over *measured, const struct study_seen *s,
	       struct study_row *rows, int row_count)
{
	int players = row_count + opponent_count;
	int *player = mem_zalloc((size_t)opponent_count, sizeof(*player));
	double *room = mem_zalloc((size_t)players * 3, sizeof(*room));
	struct fit f = {
		measured, rows, row_count,      opponent_count,
		player,   room, room + players, room + 2 * (size_t)players};

	for (int o = 0; o < opponent_count; o++) {
		player[o] = o ? row_count + o : -1;
		for (int r = 0; r < row_count && opponents[o].arm; r++)
			if (rows[r].arm >= 0 &&
			    !strcmp(s->arms[rows[r].arm].name,
				    opponents[o].arm))
				player[o] = r;
	}
	for (int i = 0; i < ROUNDS; i++)
		one_round(&f);
	tell(&f);
	free(player);
	free(room);
}
