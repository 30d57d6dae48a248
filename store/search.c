/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/game.h"

#include "store/store_int.h"

#include <stdlib.h>
#include <string.h>

#define SEARCH_SELECT                                                          \
	"select x.id, x.game_id, x.ply, a.spec, x.settings, x.seed,"           \
	" x.simulations, x.best, x.win, x.draw, x.loss, x.raw_value, x.moves," \
	" x.created_ms, x.trace_bytes"                                         \
	" from search x left join agent a on a.id = x.agent_id "

static enum store_status search_insert(struct store *s,
				       const struct store_search *x,
				       int64_t agent, int64_t *id)
{
	enum store_status st;
	size_t packed_len = 0;
	void *packed = NULL;
	struct sql q;

	if (x->trace)
		packed = pack_zstd(x->trace, x->trace_len, PACK_OFTEN,
				   &packed_len);
	sql_write(&q, s, "save the search",
		  "insert into search(game_id, ply, agent_id, settings, seed,"
		  " simulations, best, win, draw, loss, raw_value, moves,"
		  " created_ms, trace_bytes, trace)"
		  " values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	sql_int(&q, x->game_id);
	sql_int(&q, x->ply);
	sql_id(&q, agent);
	sql_text(&q, x->settings);
	sql_int(&q, (int64_t)x->seed);
	sql_int(&q, x->simulations);
	sql_text(&q, x->best);
	sql_real(&q, x->win);
	sql_real(&q, x->draw);
	sql_real(&q, x->loss);
	sql_real(&q, x->raw_value);
	sql_text(&q, x->moves);
	sql_int(&q, x->created_ms ? x->created_ms : now_ms());
	sql_int(&q, x->trace ? (int64_t)x->trace_len : 0);
	sql_blob(&q, packed, packed_len);
	st = sql_add(&q, id);
	free(packed);
	return st;
}

enum store_status store_search_add(struct store *s,
				   const struct store_search *x, int64_t *id)
{
	int64_t agent = 0, search_id = 0;
	enum store_status st;
	struct own_tx tx;

	st = own_begin(s, &tx);
	if (st == STORE_OK) {
		st = agent_id(s, x->agent, &agent);
		if (st == STORE_OK)
			st = search_insert(s, x, agent, &search_id);
		st = own_end(s, &tx, st);
	}
	if (id)
		*id = st == STORE_OK ? search_id : 0;
	return st;
}

static void search_take(struct sql *q, struct store_bag *bag,
			struct store_search *x)
{
	x->id = sql_col_int(q);
	x->game_id = sql_col_int(q);
	x->ply = sql_col_small(q);
	x->agent = sql_col_text(q, bag);
	x->settings = sql_col_text(q, bag);
	x->seed = (uint64_t)sql_col_int(q);
	x->simulations = sql_col_count(q);
	x->best = sql_col_text(q, bag);
	x->win = sql_col_between(q, 0, 1);
	x->draw = sql_col_between(q, 0, 1);
	x->loss = sql_col_between(q, 0, 1);
	x->raw_value = sql_col_between(q, -1, 1);
	x->moves = sql_col_text(q, bag);
	x->created_ms = sql_col_count(q);
	x->trace_len = (size_t)sql_col_count(q);
}

enum store_status store_search_list(struct store *s, struct store_bag *bag,
				    int64_t game_id, struct store_search **rows,
				    size_t *count)
{
	struct rows all = ROWS_OF(struct store_search);
	struct sql q;

	sql_read(&q, s, "read the searches",
		 SEARCH_SELECT "where x.game_id = ? order by x.ply, x.id");
	sql_int(&q, game_id);
	while (sql_next(&q))
		search_take(&q, bag, rows_push(&all));
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_search_at(struct store *s, struct store_bag *bag,
				  int64_t game_id, int ply,
				  struct store_search **rows, size_t *count)
{
	struct rows all = ROWS_OF(struct store_search);
	struct sql q;

	sql_read(&q, s, "read the searches of a ply",
		 SEARCH_SELECT "where x.game_id = ? and x.ply = ?"
			       " order by x.id");
	sql_int(&q, game_id);
	sql_int(&q, ply);
	while (sql_next(&q))
		search_take(&q, bag, rows_push(&all));
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_search_top(struct store *s, struct store_bag *bag,
				   int64_t search_id, int most,
				   struct store_root_move **rows, size_t *count)
{
	struct rows all = ROWS_OF(struct store_root_move);
	struct sql q;

	sql_read(&q, s, "read the search",
		 "select m.value ->> 'move', cast(m.value ->> 'visits' as"
		 " integer) v, cast(m.value ->> 'prior' as real) p"
		 " from search x, json_each(iif(json_valid(x.moves), x.moves,"
		 " '[]')) m where x.id = ? and m.type = 'object' order by v "
		 "desc, p desc limit ?");
	sql_int(&q, search_id);
	sql_int(&q, most);
	while (sql_next(&q)) {
		struct store_root_move *m = rows_push(&all);

		m->move = sql_col_need(&q, bag);
		m->visits = sql_col_count(&q);
		m->prior = sql_col_real(&q);
	}
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_search_trace(struct store *s, struct store_bag *bag,
				     int64_t search_id, const void **data,
				     size_t *len)
{
	bool found, traced = false;
	enum store_status st;
	void *bytes = NULL;
	struct sql q;

	*data = NULL;
	*len = 0;
	sql_read(&q, s, "read the search",
		 "select trace_bytes, trace from search where id = ?");
	sql_int(&q, search_id);
	found = sql_next(&q);
	if (found) {
		const void *packed;
		size_t packed_len;

		*len = (size_t)sql_col_count(&q);
		packed = sql_col_blob(&q, &packed_len);
		traced = packed != NULL;
		bytes = unpack_zstd(packed, packed_len, *len);
	}
	st = sql_end(&q);
	if (st == STORE_OK && bytes) {
		*data = memcpy(store_bag_alloc(bag, *len ? *len : 1), bytes,
			       *len);
	} else {
		*len = 0;
		if (st == STORE_OK && traced)
			st = store_say(
				s, STORE_DAMAGED,
				"%s is damaged: the tree of search %lld "
				"cannot be unpacked; let an agent search "
				"there again",
				s->path, (long long)search_id);
		else if (st == STORE_OK)
			st = store_say(
				s, STORE_NOTFOUND, "%s: search %lld %s",
				s->path, (long long)search_id,
				found ? "was stored without its tree: let "
					"an agent search there again"
				      : "does not exist");
	}
	free(bytes);
	return st;
}
