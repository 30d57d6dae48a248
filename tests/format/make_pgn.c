/* SPDX-License-Identifier: MIT */
/* Random chess games as PGN on standard output: make_pgn GAMES [SEED].  What
 * the import of long files is tested and measured with. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/format/format.h"
#include "core/format/record.h"
#include "core/game/game.h"

enum { MOST_PLIES = 160 };

static void make_game(struct record *r, struct rng *rng, game_move *scratch,
		      int number)
{
	const struct game *g = &r->game;
	void *s = game_state_new(g, 0);
	int plies = 20 + (int)rng_below(rng, MOST_PLIES - 20);
	char text[GAME_TEXT_SIZE], name[32];

	record_clear(r);
	snprintf(name, sizeof(name), "Player %d", number % 5000);
	record_text(r, &r->first, name, strlen(name));
	snprintf(name, sizeof(name), "Player %d", number % 4999);
	record_text(r, &r->second, name, strlen(name));
	record_tag(r, "Round", "1");
	for (int i = 0; i < plies && g->rules->to_act(g, s) != GAME_OVER; i++) {
		game_move m = game_random_move(g, s, rng, scratch);

		g->rules->move_text(g, s, m, text);
		if (i)
			buf_putc(&r->moves, ' ');
		buf_puts(&r->moves, text);
		g->rules->apply(g, s, m);
		r->plies++;
		if (rng_below(rng, 40) == 0)
			record_note(r, RECORD_COMMENT, -1, r->plies,
				    "a comment of some words");
	}
	r->result = number % 3 - 1;
	free(s);
}

int main(int argc, char **argv)
{
	int games = argc > 1 ? atoi(argv[1]) : 100;
	game_move *scratch;
	struct rng rng;
	struct record r;
	struct buf out;

	record_init(&r);
	buf_init(&out);
	if (game_init(&r.game, "chess", NULL))
		return 1;
	scratch = mem_alloc((size_t)r.game.move_count * sizeof(*scratch));
	rng_init(&rng, argc > 2 ? (uint64_t)atoll(argv[2]) : 1, RNG_TEST, 0, 0);
	for (int i = 1; i <= games; i++) {
		make_game(&r, &rng, scratch, i);
		buf_clear(&out);
		if (format_pgn.write(&r, &out, NULL) ||
		    fwrite(out.data, 1, out.len, stdout) != out.len)
			return 1;
	}
	free(scratch);
	buf_release(&out);
	record_release(&r);
	return fflush(stdout) ? 1 : 0;
}
