/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/learn/life_int.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/learn/targets.h"
#include "core/net/net.h"

struct kept_game {
	int64_t number;
	int count, opening;
	float result;
	size_t moves;        /* index into the life's moves */
	const void *targets; /* borrowed from the bytes */
	size_t targets_len;
};

struct kept_stage {
	int64_t games, step;
	float *weights; /* owned */
	size_t first;   /* of its games */
	int game_count;
};

struct piece {
	unsigned char *bytes; /* owned; NULL: it is not there */
	size_t len;
	uint32_t version; /* of its form */
	uint64_t seed;
	char hash[DIGEST_SIZE];
};

struct life {
	const struct game *game; /* borrowed */
	struct recipe recipe;
	struct life_grid grid;
	struct net_config net;
	size_t params;
	struct piece parts[2];
	struct kept_stage *stages; /* owned */
	int stage_count;
	struct kept_game *games; /* owned; of the stages, then its own */
	size_t game_count, game_cap;
	size_t own_first, own_count;
	struct buf moves; /* of game_move */
	const void *record;
	size_t record_len;
	/* for checking games */
	void *state;      /* owned */
	game_move *legal; /* owned */
};

/* --- reading ------------------------------------------------------------- */

/* No life counts further. */
static const int64_t MOST = (int64_t)1 << 50;

static const char *const part_names[] = {
	[LIFE_BEFORE] = "the life before its cut",
	[LIFE_AFTER] = "the life after its cut",
};

static enum err_code damaged(enum life_part part, const char *why,
			     struct err *e)
{
	return err_set(e, ERR_FORMAT, "%s is damaged: %s", part_names[part],
		       why);
}

static enum err_code open_form(struct reader *r, enum life_part part,
			       uint32_t *out, struct err *e)
{
	const char *magic = reader_bytes(r, LIFE_MAGIC_SIZE);
	uint32_t version = reader_u32(r);

	*out = version;
	if (!magic || memcmp(magic, LIFE_MAGIC, LIFE_MAGIC_SIZE) != 0)
		return err_set(e, ERR_FORMAT, "%s is not one: other bytes",
			       part_names[part]);
	if (r->failed || r->len < r->pos + 1 + LIFE_HASH_SIZE)
		return damaged(part, "it is cut short", e);
	if (version < LIFE_PLAIN || version > LIFE_VERSION)
		return err_set(e, ERR_VERSION,
			       "%s was written in format %u and this program "
			       "reads formats up to %d",
			       part_names[part], version, LIFE_VERSION);
	return ERR_OK;
}

/* Its form and hash; the reader then stands at the settings and ends before the
 * hash. */
static enum err_code open_part(struct piece *p, enum life_part part,
			       struct reader *r, struct err *e)
{
	char hash[DIGEST_SIZE];
	enum err_code rc;

	reader_init(r, p->bytes, p->len);
	rc = open_form(r, part, &p->version, e);
	if (rc)
		return rc;
	r->len -= LIFE_HASH_SIZE;
	digest_hex(p->bytes, r->len, hash);
	if (memcmp(hash, p->bytes + r->len, LIFE_HASH_SIZE) != 0)
		return damaged(part, "its SHA-256 is not what it ends with", e);
	if (reader_u8(r) != (uint8_t)part)
		return err_set(e, ERR_FORMAT, "%s is the other part of one",
			       part_names[part]);
	digest_hex(p->bytes, p->len, p->hash);
	return ERR_OK;
}

/* A life without openings of its own is of the older form. */
static void read_grid(struct reader *r, uint32_t version, struct life_grid *out)
{
	memset(out, 0, sizeof(*out));
	out->cut = reader_count(r, MOST);
	out->games = reader_count(r, MOST);
	out->before = (int)(reader_u32(r) & INT32_MAX);
	out->after = (int)(reader_u32(r) & INT32_MAX);
	out->per_stage = (int)(reader_u32(r) & INT32_MAX);
	out->temperature = reader_f32(r);
	if (version == LIFE_PLAIN)
		return;
	out->opening_share = reader_f32(r);
	if (!(out->opening_share > 0))
		r->failed = true;
}

void life_head_release(struct life_head *h)
{
	free(h->game);
	free(h->recipe);
	memset(h, 0, sizeof(*h));
}

enum err_code life_head_read(const void *part, size_t len,
			     struct life_head *out, struct err *e)
{
	enum err_code rc;
	uint32_t version;
	struct reader r;

	memset(out, 0, sizeof(*out));
	reader_init(&r, part, len);
	rc = open_form(&r, LIFE_BEFORE, &version, e);
	if (rc)
		return rc;
	out->part = reader_u8(&r) ? LIFE_AFTER : LIFE_BEFORE;
	out->game = reader_text(&r);
	out->recipe = reader_text(&r);
	read_grid(&r, version, &out->grid);
	out->seed = out->own_seed = reader_u64(&r);
	if (out->part == LIFE_AFTER) {
		reader_bytes(&r, LIFE_HASH_SIZE);
		out->own_seed = reader_u64(&r);
	}
	if (!r.failed)
		return ERR_OK;
	life_head_release(out);
	return damaged(LIFE_BEFORE, "it is cut short", e);
}

static enum err_code read_recipe(struct life *l, const char *text,
				 struct err *e)
{
	enum err_code rc;

	conf_defaults(recipe_spec, &l->recipe);
	rc = conf_read(recipe_spec, &l->recipe, text, "a life's recipe", e);
	if (!rc)
		rc = recipe_check(&l->recipe, e);
	if (!rc)
		rc = recipe_check_game(&l->recipe, l->game, e);
	return err_of_stored(e, rc);
}

static enum err_code read_settings(struct life *l, struct reader *r,
				   enum life_part part, struct err *e)
{
	char *game = reader_text(r), *recipe = reader_text(r);
	enum err_code rc = ERR_OK;

	read_grid(r, l->parts[part].version, &l->grid);
	l->parts[LIFE_BEFORE].seed = reader_u64(r);
	if (r->failed)
		rc = damaged(part, "it is cut short", e);
	else if (strcmp(game, l->game->name) != 0)
		rc = err_set(e, ERR_FORMAT, "%s is of %.80s and not of %s",
			     part_names[part], game, l->game->name);
	if (!rc)
		rc = read_recipe(l, recipe, e);
	if (!rc)
		rc = err_of_stored(e, life_grid_check(&l->grid, e));
	free(game);
	free(recipe);
	return rc;
}

/* Played by the rules to its end, with targets that fit. */
static const char *check_game(struct life *l, const struct kept_game *k)
{
	const struct game_rules *rules = l->game->rules;
	const game_move *moves = (const game_move *)l->moves.data + k->moves;
	float value[GAME_MAX_PLAYERS];
	struct reader in;

	if (targets_open(&in, k->targets, k->targets_len, NULL))
		return "targets of another version";
	rules->start(l->game, l->state, 0);
	for (int ply = 0; ply < k->count; ply++) {
		int player = rules->to_act(l->game, l->state), n, i = 0;
		struct target t;

		if (player == GAME_OVER)
			return "a game goes on after its end";
		n = rules->legal(l->game, l->state, l->legal);
		while (i < n && l->legal[i] != moves[ply])
			i++;
		if (i == n)
			return "a game has an illegal move";
		targets_next(&in, &t);
		if (in.failed ||
		    (t.count && (t.count != n || player == GAME_CHANCE)))
			return "targets do not fit their game";
		rules->apply(l->game, l->state, moves[ply]);
	}
	if (in.pos != in.len)
		return "targets do not fit their game";
	if (rules->to_act(l->game, l->state) != GAME_OVER)
		return "a game has no end";
	rules->score(l->game, l->state, value);
	return value[0] == k->result ? NULL : "a game has a wrong result";
}

static struct kept_game *add_game(struct life *l)
{
	if (l->game_count == l->game_cap) {
		l->game_cap = l->game_cap ? 2 * l->game_cap : 64;
		l->games =
			mem_realloc(l->games, l->game_cap * sizeof(*l->games));
	}
	return &l->games[l->game_count++];
}

/* NULL, or what is wrong. */
static const char *read_game(struct life *l, struct reader *r)
{
	struct kept_game *k = add_game(l);
	uint32_t count, opening;

	*k = (struct kept_game){.number = reader_count(r, MOST)};
	count = reader_u32(r);
	opening = reader_u32(r);
	k->result = reader_f32(r);
	if (r->failed || count > (uint32_t)l->game->max_plies ||
	    opening > count)
		return "a game is longer than its rules allow";
	k->count = (int)count;
	k->opening = (int)opening;
	k->moves = l->moves.len / sizeof(game_move);
	for (uint32_t i = 0; i < count; i++) {
		game_move m = reader_u16(r);

		buf_add(&l->moves, &m, sizeof(m));
	}
	k->targets_len = reader_u32(r);
	k->targets = reader_bytes(r, k->targets_len);
	if (r->failed)
		return "it is cut short";
	return check_game(l, k);
}

static const char *read_games(struct life *l, struct reader *r, uint32_t count)
{
	const char *wrong = NULL;

	for (uint32_t i = 0; i < count && !wrong; i++)
		wrong = read_game(l, r);
	return wrong;
}

static const char *read_weights(struct life *l, struct kept_stage *s,
				struct reader *r)
{
	const unsigned char *planes;

	if (l->params > r->len / 4 || r->failed)
		return "it is cut short";
	planes = reader_bytes(r, 4 * l->params);
	if (!planes)
		return "it is cut short";
	s->weights = mem_floats(l->params);
	for (size_t i = 0; i < l->params; i++) {
		uint32_t bits = 0;

		for (int plane = 0; plane < 4; plane++)
			bits |= (uint32_t)planes[plane * l->params + i]
				<< 8 * plane;
		memcpy(s->weights + i, &bits, sizeof(bits));
		if (!isfinite(s->weights[i]))
			return "a weight is no number";
	}
	return NULL;
}

static const char *read_stage(struct life *l, struct reader *r)
{
	const struct kept_stage *last =
		l->stage_count ? &l->stages[l->stage_count - 1] : NULL;
	struct kept_stage *s = &l->stages[l->stage_count];
	const char *wrong;
	uint32_t games;

	s->games = reader_count(r, MOST);
	s->step = reader_count(r, MOST);
	s->first = l->game_count;
	if (s->games < life_grid_games(&l->grid, l->stage_count) ||
	    (last && (s->games < last->games || s->step < last->step)))
		return "a stage comes before its time";
	l->stage_count++;
	wrong = read_weights(l, s, r);
	if (wrong)
		return wrong;
	games = reader_u32(r);
	if (games != (uint32_t)l->grid.per_stage)
		return "a stage has more or fewer games than its settings say";
	s->game_count = (int)games;
	return read_games(l, r, games);
}

static const char *read_stages(struct life *l, struct reader *r, int count)
{
	const char *wrong = NULL;

	if (reader_u32(r) != (uint32_t)count)
		return "it has more or fewer stages than its settings say";
	for (int i = 0; i < count && !wrong; i++)
		wrong = read_stage(l, r);
	return wrong;
}

static const char *read_rest_before(struct life *l, struct reader *r)
{
	const char *wrong = read_stages(l, r, l->grid.before);

	if (wrong)
		return wrong;
	l->own_first = l->game_count;
	l->own_count = reader_u32(r);
	if ((int64_t)l->own_count != l->stages[l->grid.before - 1].games)
		return "it has more or fewer games than were played";
	wrong = read_games(l, r, (uint32_t)l->own_count);
	if (wrong)
		return wrong;
	l->record_len = reader_u32(r);
	l->record = reader_bytes(r, l->record_len);
	return r->failed ? "it is cut short" : NULL;
}

static enum err_code end_part(const struct reader *r, enum life_part part,
			      const char *wrong, struct err *e)
{
	if (!wrong && r->pos != r->len)
		wrong = "it goes on after its end";
	return wrong ? damaged(part, wrong, e) : ERR_OK;
}

static enum err_code read_before(struct life *l, struct err *e)
{
	struct reader r;
	enum err_code rc =
		open_part(&l->parts[LIFE_BEFORE], LIFE_BEFORE, &r, e);

	if (!rc)
		rc = read_settings(l, &r, LIFE_BEFORE, e);
	if (rc)
		return rc;
	recipe_net(&l->recipe, l->game, &l->net);
	l->params = net_param_count(&l->net);
	l->stages = mem_zalloc((size_t)(l->grid.before + l->grid.after),
			       sizeof(*l->stages));
	return end_part(&r, LIFE_BEFORE, read_rest_before(l, &r), e);
}

/* Keys that later versions added are as their defaults say in both. */
static bool same_settings(const struct life *a, const struct life *b)
{
	struct buf x, y;
	bool same;

	buf_init(&x);
	buf_init(&y);
	life_write_settings(&x, a->game, &a->recipe, &a->grid,
			    a->parts[LIFE_BEFORE].seed);
	life_write_settings(&y, b->game, &b->recipe, &b->grid,
			    b->parts[LIFE_BEFORE].seed);
	same = x.len == y.len && !memcmp(x.data, y.data, x.len);
	buf_release(&x);
	buf_release(&y);
	return same;
}

/* The same settings, and the hash of what it goes on from. */
static enum err_code check_origin(struct life *l, struct reader *r,
				  struct err *e)
{
	struct piece *before = &l->parts[LIFE_BEFORE];
	struct piece *after = &l->parts[LIFE_AFTER];
	struct life other = {.game = l->game};
	enum err_code rc;
	const char *hash;

	other.parts[LIFE_AFTER].version = after->version;
	rc = read_settings(&other, r, LIFE_AFTER, e);
	if (rc)
		return rc;
	if (!same_settings(l, &other))
		return err_set(e, ERR_FORMAT,
			       "%s was made with other settings than %s",
			       part_names[LIFE_AFTER], part_names[LIFE_BEFORE]);
	hash = reader_bytes(r, LIFE_HASH_SIZE);
	if (!hash)
		return damaged(LIFE_AFTER, "it is cut short", e);
	if (memcmp(hash, before->hash, LIFE_HASH_SIZE) != 0)
		return err_set(e, ERR_FORMAT,
			       "%s goes on from another life: from %.12s and "
			       "not from %.12s",
			       part_names[LIFE_AFTER], hash, before->hash);
	after->seed = reader_u64(r);
	return ERR_OK;
}

static enum err_code read_after(struct life *l, struct err *e)
{
	struct reader r;
	enum err_code rc = open_part(&l->parts[LIFE_AFTER], LIFE_AFTER, &r, e);

	if (!rc)
		rc = check_origin(l, &r, e);
	if (rc)
		return rc;
	return end_part(&r, LIFE_AFTER, read_stages(l, &r, l->grid.after), e);
}

static void take_bytes(struct piece *p, const void *bytes, size_t len)
{
	p->bytes = mem_alloc(len ? len : 1);
	memcpy(p->bytes, bytes, len);
	p->len = len;
}

enum err_code life_read(const struct game *g, const void *before,
			size_t before_len, const void *after, size_t after_len,
			struct life **out, struct err *e)
{
	struct life *l = mem_zalloc(1, sizeof(*l));
	enum err_code rc;

	l->game = g;
	l->state = mem_zalloc(1, g->state_size);
	l->legal = mem_zalloc((size_t)g->move_count, sizeof(*l->legal));
	buf_init(&l->moves);
	take_bytes(&l->parts[LIFE_BEFORE], before, before_len);
	rc = read_before(l, e);
	if (!rc && after) {
		take_bytes(&l->parts[LIFE_AFTER], after, after_len);
		rc = read_after(l, e);
	}
	if (rc) {
		life_free(l);
		l = NULL;
	}
	*out = l;
	return rc;
}

void life_free(struct life *l)
{
	if (!l)
		return;
	for (int i = 0; i < l->stage_count; i++)
		free(l->stages[i].weights);
	free(l->stages);
	free(l->games);
	free(l->parts[LIFE_BEFORE].bytes);
	free(l->parts[LIFE_AFTER].bytes);
	free(l->state);
	free(l->legal);
	buf_release(&l->moves);
	free(l);
}

/* --- asking -------------------------------------------------------------- */

const struct recipe *life_recipe(const struct life *l)
{
	return &l->recipe;
}

const struct life_grid *life_grid(const struct life *l)
{
	return &l->grid;
}

uint64_t life_seed(const struct life *l, enum life_part part)
{
	return l->parts[part].seed;
}

const char *life_hash(const struct life *l, enum life_part part)
{
	return l->parts[part].hash;
}

int life_stages(const struct life *l)
{
	return l->stage_count;
}

struct life_stage life_stage(const struct life *l, int stage)
{
	const struct kept_stage *s = &l->stages[stage];

	return (struct life_stage){
		.games = s->games,
		.step = s->step,
		.weights = s->weights,
		.game_count = s->game_count,
	};
}

const struct net_config *life_net(const struct life *l)
{
	return &l->net;
}

static struct self_play_game give_game(const struct life *l, size_t i)
{
	const struct kept_game *k = &l->games[i];

	return (struct self_play_game){
		.number = k->number,
		.moves = (const game_move *)l->moves.data + k->moves,
		.count = k->count,
		.opening = k->opening,
		.result = k->result,
		.targets = k->targets,
		.targets_len = k->targets_len,
	};
}

struct self_play_game life_game(const struct life *l, int stage, int game)
{
	return give_game(l, l->stages[stage].first + (size_t)game);
}

int64_t life_own_games(const struct life *l)
{
	return (int64_t)l->own_count;
}

struct self_play_game life_own_game(const struct life *l, int64_t game)
{
	return give_game(l, l->own_first + (size_t)game);
}

const void *life_record(const struct life *l, size_t *len)
{
	*len = l->record_len;
	return l->record;
}

enum err_code life_check_same(const struct life *l, const struct life_config *c,
			      struct err *e)
{
	struct life want = {
		.game = c->game,
		.recipe = *c->recipe,
		.grid = c->grid,
		.parts[LIFE_BEFORE].seed = c->seed,
	};

	if (same_settings(l, &want))
		return ERR_OK;
	return err_set(e, ERR_USAGE,
		       "%s was made with other settings than those that are "
		       "to go on with it",
		       part_names[LIFE_BEFORE]);
}
