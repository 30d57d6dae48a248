/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/go_board.h"

#include <string.h>

#include "core/game/go.h"

/*
 * Planes, as the player to move sees them:
 *
 *	 0  1      own stones, the opponent's
 *	 2 .. 4    own stones whose chains have 1, 2, 3 liberties
 *	 5 .. 7    the same of the opponent's
 *	 8 .. 12   the last five moves, the last first
 *	13         points that are refused because a position would come again
 *	14         komi: 1/2 + k / (2 (|k| + size)), k in the player's favour
 *	15         ones if the last move was a pass, so that another ends it
 *	16 17      area as counted now, own and the opponent's
 *	18         ones, which show where the board ends
 */
enum {
	OWN,
	OTHER,
	OWN_LIBERTIES,
	OTHER_LIBERTIES = OWN_LIBERTIES + 3,
	RECENT = OTHER_LIBERTIES + 3,
	REFUSED = RECENT + GO_RECENT,
	KOMI,
	PASSED,
	OWN_AREA,
	OTHER_AREA,
	ONES,
	PLANE_COUNT,
};
_Static_assert((int)PLANE_COUNT == (int)GO_PLANES,
	       "the planes are those of the table");

static void fill(float *plane, int cells, float value)
{
	for (int i = 0; i < cells; i++)
		plane[i] = value;
}

static void encode_point(const struct go_state *s, int p, int liberties,
			 int cells, float *at)
{
	int what = s->point[p].what, me = go_stone_to_move(s);

	if (what == GO_EMPTY) {
		if (s->point[p].taken & me && go_breathes(s, p) &&
		    go_again(s, p))
			at[REFUSED * cells] = 1;
		return;
	}
	at[(what == me ? OWN : OTHER) * cells] = 1;
	if (liberties < 4)
		at[((what == me ? OWN_LIBERTIES : OTHER_LIBERTIES) + liberties -
		    1) *
		   cells] = 1;
}

void go_encode(const struct game *g, const void *state, float *out)
{
	const struct go_state *s = state;
	int cells = s->size * s->size, me = go_stone_to_move(s);
	float komi = (float)g->param[GO_KOMI] / (s->to_move ? 2 : -2);
	uint8_t libs[(GO_SIZE_MAX + 1) * (GO_SIZE_MAX + 2) + 1];
	uint8_t owner[GO_CELLS_MAX];

	memset(out, 0, GO_PLANES * (size_t)cells * sizeof(*out));
	go_count_liberties(s, 4, libs);
	go_owners(s, owner);
	for (int row = 0, cell = 0; row < s->size; row++)
		for (int col = 0; col < s->size; col++, cell++) {
			int p = (row + 1) * s->width + col + 1;

			encode_point(s, p, libs[p], cells, out + cell);
			if (owner[cell] != GO_EMPTY)
				out[(owner[cell] == me ? OWN_AREA
						       : OTHER_AREA) *
					    cells +
				    cell] = 1;
		}
	for (int i = 0; i < GO_RECENT; i++)
		if (s->recent[i] != GO_NOWHERE)
			out[(RECENT + i) * cells +
			    go_cell_of(s, s->recent[i])] = 1;
	fill(out + KOMI * cells, cells,
	     0.5f + 0.5f * komi / ((komi < 0 ? -komi : komi) + (float)s->size));
	fill(out + PASSED * cells, cells, s->passes ? 1 : 0);
	fill(out + ONES * cells, cells, 1);
}
