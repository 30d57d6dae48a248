/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/game/chess_state.h"
#include "core/game/game.h"

/* The starts of Chess960, numbered as Scharnagl did (2004): by the squares of
 * the bishops, then that of the queen among those that are left, then those of
 * the knights; rook, king and rook take the last three. */

static void put(char rank[9], char piece, int nth)
{
	for (int i = 0; i < 8; i++)
		if (rank[i] == '.' && nth-- == 0) {
			rank[i] = piece;
			return;
		}
}

void chess_frc_start(int number, char out[GAME_START_SIZE])
{
	static const char knights[10][2] = {{0, 1}, {0, 2}, {0, 3}, {0, 4},
					    {1, 2}, {1, 3}, {1, 4}, {2, 3},
					    {2, 4}, {3, 4}};
	char white[9] = "........", black[9] = "";
	const char *pair;

	white[2 * (number % 4) + 1] = 'B';
	white[2 * (number / 4 % 4)] = 'B';
	put(white, 'Q', number / 16 % 6);
	pair = knights[number / 96];
	/* The second first: the first is then where it was. */
	put(white, 'N', pair[1]);
	put(white, 'N', pair[0]);
	put(white, 'R', 0);
	put(white, 'K', 0);
	put(white, 'R', 0);
	for (int i = 0; i < 8; i++)
		black[i] = (char)tolower((unsigned char)white[i]);
	snprintf(out, GAME_START_SIZE,
		 "%s/pppppppp/8/8/8/8/PPPPPPPP/%s w KQkq - 0 1", black, white);
}
