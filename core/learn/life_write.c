/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/learn/life_int.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"

/*
 * Measured on Connect Four, for much to learn after few games: few simulations
 * and a high rate cost those who learn offline from the games before a cut more
 * than the learner itself (its end is 330 to 360 Elo above the best of them at
 * a cut after 250 games of 10,000; with 16 simulations, a third of the rate and
 * 16 filters, 120 to 160).  Few games at once and few plies make an iteration
 * short beside a stage; half of the games begin at random, as the matches do
 * that tell strengths.
 */
const char life_usual[] = "filters = 24\n"
			  "blocks = 2\n"
			  "groups = 2\n"
			  "slots = 16\n"
			  "plies = 4\n"
			  "simulations = 8\n"
			  "gumbel_moves = 8\n"
			  "gumbel_scale = 0.5\n"
			  "opening_share = 0.5\n"
			  "start_positions = 250\n"
			  "rate = 0.006\n"
			  "checkpoint_bits = 10\n";

uint64_t life_usual_seed(uint64_t seed)
{
	return rng_mix(seed, 1);
}

/* --- the grid ------------------------------------------------------------ */

enum err_code life_grid_check(const struct life_grid *g, struct err *e)
{
	if (g->before < 1 || g->after < 1 ||
	    g->before + (int64_t)g->after > LIFE_MAX_STAGES)
		return err_set(e, ERR_USAGE,
			       "%d stages before the cut and %d after it: at "
			       "least 1 of each, at most %d in all",
			       g->before, g->after, LIFE_MAX_STAGES);
	if (g->cut < 1 || g->games <= g->cut)
		return err_set(e, ERR_USAGE,
			       "a cut at %lld of %lld games: it must lie "
			       "between the first and the last",
			       (long long)g->cut, (long long)g->games);
	if (g->per_stage < 0)
		return err_set(e, ERR_USAGE, "%d games a stage: 0 or more",
			       g->per_stage);
	/* Also for what is no number. */
	if (!(g->temperature > 0 && g->temperature <= 10))
		return err_set(e, ERR_USAGE,
			       "games at temperature %g: above 0, at most 10",
			       (double)g->temperature);
	if (!(g->opening_share >= 0 && g->opening_share <= 1))
		return err_set(e, ERR_USAGE,
			       "games that begin at random: a share of %g, and "
			       "it is one of 0 to 1",
			       (double)g->opening_share);
	return ERR_OK;
}

int64_t life_grid_games(const struct life_grid *g, int stage)
{
	double ratio = (double)g->games / (double)g->cut;
	double games = (double)g->cut *
		       pow(ratio, (double)(stage - (g->before - 1)) / g->after);

	return games < 1 ? 1 : llround(games);
}

/* --- writing ------------------------------------------------------------- */

void life_settings(const struct recipe *r, const struct life_grid *g,
		   struct buf *out)
{
	conf_format(recipe_spec, r, out);
	buf_printf(out, "grid.cut = %lld\ngrid.games = %lld\n",
		   (long long)g->cut, (long long)g->games);
	buf_printf(out, "grid.temperature = %g\n", (double)g->temperature);
	buf_printf(out,
		   "grid.before = %d\ngrid.after = %d\ngrid.per_stage = %d\n",
		   g->before, g->after, g->per_stage);
	if (g->opening_share > 0)
		buf_printf(out, "grid.opening_share = %g\n",
			   (double)g->opening_share);
}

bool life_settings_say(const char *text, const struct recipe *r,
		       const struct life_grid *g)
{
	const char *grid = strstr(text, "grid.");
	struct recipe said;
	struct buf keys, have, want;
	bool same = false;

	if (!grid)
		return false;
	buf_init(&keys);
	buf_init(&have);
	buf_init(&want);
	buf_add(&keys, text, (size_t)(grid - text));
	conf_defaults(recipe_spec, &said);
	if (!conf_read(recipe_spec, &said, keys.data, "a life", NULL)) {
		conf_format(recipe_spec, &said, &have);
		buf_puts(&have, grid);
		life_settings(r, g, &want);
		same = !strcmp(have.data, want.data);
	}
	buf_release(&keys);
	buf_release(&have);
	buf_release(&want);
	return same;
}

void life_write_settings(struct buf *out, const struct game *g,
			 const struct recipe *r, const struct life_grid *grid,
			 uint64_t seed)
{
	struct buf text;

	buf_init(&text);
	conf_format(recipe_spec, r, &text);
	buf_text(out, g->name);
	buf_text(out, text.data);
	buf_u64(out, (uint64_t)grid->cut);
	buf_u64(out, (uint64_t)grid->games);
	buf_u32(out, (uint32_t)grid->before);
	buf_u32(out, (uint32_t)grid->after);
	buf_u32(out, (uint32_t)grid->per_stage);
	buf_f32(out, grid->temperature);
	if (grid->opening_share > 0)
		buf_f32(out, grid->opening_share);
	buf_u64(out, seed);
	buf_release(&text);
}

void life_write_head(struct buf *out, const struct life_config *c,
		     enum life_part part)
{
	buf_add(out, LIFE_MAGIC, LIFE_MAGIC_SIZE);
	buf_u32(out, c->grid.opening_share > 0 ? LIFE_VERSION : LIFE_PLAIN);
	buf_u8(out, (uint8_t)part);
	life_write_settings(out, c->game, c->recipe, &c->grid, c->seed);
}

void life_write_weights(struct buf *out, const float *weights, size_t count)
{
	for (int plane = 0; plane < 4; plane++)
		for (size_t i = 0; i < count; i++) {
			uint32_t bits;

			memcpy(&bits, weights + i, sizeof(bits));
			buf_u8(out, (uint8_t)(bits >> 8 * plane));
		}
}

void life_write_game(struct buf *out, const struct self_play_game *g)
{
	buf_u64(out, (uint64_t)g->number);
	buf_u32(out, (uint32_t)g->count);
	buf_u32(out, (uint32_t)g->opening);
	buf_f32(out, g->result);
	for (int i = 0; i < g->count; i++)
		buf_u16(out, g->moves[i]);
	buf_u32(out, (uint32_t)g->targets_len);
	buf_add(out, g->targets, g->targets_len);
}

void life_write_hash(struct buf *out)
{
	char hash[DIGEST_SIZE];

	digest_hex(out->data, out->len, hash);
	buf_add(out, hash, LIFE_HASH_SIZE);
}
