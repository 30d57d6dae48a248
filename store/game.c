/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/game.h"

#include "store/store_int.h"

#include <stdio.h>
#include <string.h>

#define GAME_COLUMNS                                                           \
	"g.id, g.run_id, g.match_id, g.number, g.game, a.spec, b.spec,"        \
	" g.opening, g.moves, g.plies, g.result, g.score, g.ended, g.purpose," \
	" g.seed, g.step, g.created_ms, g.facts, g.event, g.date, g.tags,"     \
	" g.origin"
#define GAME_JOINS                                   \
	" left join agent a on a.id = g.first_agent" \
	" left join agent b on b.id = g.second_agent"
#define GAME_SELECT                                               \
	"select " GAME_COLUMNS ", r.name,"                        \
	" (select count(*) from search x where x.game_id = g.id)" \
	" from game g" GAME_JOINS " left join run r on r.id = g.run_id "

#define PAGE_SELECT GAME_SELECT "where g.id in (select g.id from game g"

static enum store_status no_game(struct store *s, int64_t id)
{
	return store_say(s, STORE_NOTFOUND,
			 "%s has no game %lld: plyscope list games shows what "
			 "there is",
			 s->path, (long long)id);
}

static enum store_status targets_save(struct store *s, int64_t game_id,
				      const struct store_game *g)
{
	struct sql q;

	sql_write(&q, s, "save the game",
		  "insert into target(game_id, data) values(?, ?)");
	sql_int(&q, game_id);
	sql_blob(&q, g->targets, g->targets_len);
	return sql_run(&q);
}

static enum store_status game_insert(struct store *s,
				     const struct store_game *g, int64_t first,
				     int64_t second, int64_t *id)
{
	enum store_status st;
	struct sql q;

	sql_write(&q, s, "save the game",
		  "insert into game(run_id, match_id, number, game,"
		  " first_agent, second_agent, opening, moves, plies, result,"
		  " score, ended, purpose, seed, step, created_ms, facts,"
		  " event, date, tags, origin)"
		  " values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		  " ?, ?, ?, ?)");
	sql_id(&q, g->run_id);
	sql_id(&q, g->match_id);
	sql_id(&q, g->number);
	sql_text(&q, g->game);
	sql_id(&q, first);
	sql_id(&q, second);
	sql_int(&q, g->opening);
	sql_text(&q, g->moves);
	sql_int(&q, g->plies);
	sql_real(&q, g->result);
	sql_real(&q, g->score);
	sql_text(&q, g->ended);
	sql_text(&q, g->purpose);
	sql_int(&q, (int64_t)g->seed);
	sql_step_id(&q, g->step);
	sql_int(&q, g->created_ms ? g->created_ms : now_ms());
	sql_text(&q, g->facts);
	sql_text(&q, g->event);
	sql_text(&q, g->date);
	sql_text(&q, g->tags);
	sql_text(&q, g->origin);
	st = sql_add(&q, id);
	if (st == STORE_EXISTS)
		return store_say(s, st,
				 "%s: run %lld has a game with the number %lld "
				 "already",
				 s->path, (long long)g->run_id,
				 (long long)g->number);
	return st;
}

enum store_status store_game_add(struct store *s, const struct store_game *g,
				 int64_t *id)
{
	int64_t first = 0, second = 0, game_id = 0;
	enum store_status st;
	struct own_tx tx;

	st = own_begin(s, &tx);
	if (st == STORE_OK) {
		st = agent_id(s, g->first, &first);
		if (st == STORE_OK)
			st = agent_id(s, g->second, &second);
		if (st == STORE_OK)
			st = game_insert(s, g, first, second, &game_id);
		if (st == STORE_OK && g->targets)
			st = targets_save(s, game_id, g);
		st = own_end(s, &tx, st);
	}
	if (id)
		*id = st == STORE_OK ? game_id : 0;
	return st;
}

enum store_status store_game_update(struct store *s, const struct store_game *g)
{
	enum store_status st;
	struct sql q;

	sql_write(&q, s, "save the game",
		  "update game set moves = ?, plies = ?, result = ?, score = ?,"
		  " ended = ?, facts = ? where id = ?");
	sql_text(&q, g->moves);
	sql_int(&q, g->plies);
	sql_real(&q, g->result);
	sql_real(&q, g->score);
	sql_text(&q, g->ended);
	sql_text(&q, g->facts);
	sql_int(&q, g->id);
	st = sql_run(&q);
	if (st == STORE_OK && sql_changes(s) == 0)
		return no_game(s, g->id);
	return st;
}

static void game_take(struct sql *q, struct store_bag *bag,
		      struct store_game *g)
{
	g->id = sql_col_int(q);
	g->run_id = sql_col_int(q);
	g->match_id = sql_col_int(q);
	g->number = sql_col_int(q); /* NULL: 0 */
	g->game = sql_col_need(q, bag);
	g->first = sql_col_text(q, bag);
	g->second = sql_col_text(q, bag);
	g->opening = sql_col_small(q);
	g->moves = sql_col_need(q, bag);
	g->plies = sql_col_small(q);
	g->result = sql_col_between(q, -1, 1);
	g->score = sql_col_real(q);
	g->ended = sql_col_text(q, bag);
	g->purpose = sql_col_need(q, bag);
	g->seed = (uint64_t)sql_col_int(q);
	g->step = sql_col_step(q);
	g->created_ms = sql_col_count(q);
	g->facts = sql_col_text(q, bag);
	g->event = sql_col_text(q, bag);
	g->date = sql_col_text(q, bag);
	g->tags = sql_col_text(q, bag);
	g->origin = sql_col_text(q, bag);
}

static void game_take_all(struct sql *q, struct store_bag *bag,
			  struct store_game *g)
{
	game_take(q, bag, g);
	g->run = sql_col_text(q, bag);
	g->searches = sql_col_count(q);
}

enum store_status store_game_get(struct store *s, struct store_bag *bag,
				 int64_t game_id, struct store_game *out)
{
	enum store_status st;
	struct sql q;
	bool found;

	memset(out, 0, sizeof(*out));
	sql_read(&q, s, "read the game", GAME_SELECT "where g.id = ?");
	sql_int(&q, game_id);
	found = sql_next(&q);
	if (found)
		game_take_all(&q, bag, out);
	st = sql_end(&q);
	return st == STORE_OK && !found ? no_game(s, game_id) : st;
}

enum store_status store_game_targets(struct store *s, struct store_bag *bag,
				     int64_t game_id, const void **data,
				     size_t *len)
{
	enum store_status st;
	struct sql q;

	*data = NULL;
	*len = 0;
	sql_read(&q, s, "read the game",
		 "select data from target where game_id = ?");
	sql_int(&q, game_id);
	if (sql_next(&q)) {
		const void *bytes = sql_col_blob(&q, len);
		void *copy = store_bag_alloc(bag, *len ? *len : 1);

		if (*len)
			memcpy(copy, bytes, *len);
		*data = copy;
	}
	st = sql_end(&q);
	if (st == STORE_OK && !*data)
		return store_say(s, STORE_NOTFOUND,
				 "%s: game %lld was stored without training "
				 "targets",
				 s->path, (long long)game_id);
	return st;
}

/* A filter as text: one condition for each field that is set, so that each
 * combination is its own statement and uses its own index. */
struct where {
	char text[2400];
	size_t len;
	bool any; /* condition so far */
};

static void where_add(struct where *w, const char *condition)
{
	w->len +=
		(size_t)snprintf(w->text + w->len, sizeof(w->text) - w->len,
				 " %s %s", w->any ? "and" : "where", condition);
	w->any = true;
}

static const char *outcome_condition(enum store_outcome o)
{
	switch (o) {
	case STORE_ANY_OUTCOME:
		break;
	case STORE_FIRST_WON:
		return "g.result > 0";
	case STORE_DRAWN:
		return "g.result = 0";
	case STORE_SECOND_WON:
		return "g.result < 0";
	case STORE_UNFINISHED:
		return "g.ended is null";
	case STORE_FINISHED:
		return "g.ended is not null";
	}
	return NULL;
}

static void where_build(struct where *w, const char *select,
			const struct store_game_filter *f)
{
	const char *outcome = outcome_condition(f->outcome);

	w->any = false;
	w->len = (size_t)snprintf(w->text, sizeof(w->text), "%s", select);
	if (f->run_id)
		where_add(w, "g.run_id = ?");
	if (f->match_id)
		where_add(w, "g.match_id = ?");
	/* A start stands at the end of a game's name; ';' and '-' are the
	 * characters after the marks before it. */
	if (f->game && f->starts)
		where_add(w, "(g.game = ? or (g.game > ? || ',' and"
			     " g.game < ? || '-') or (g.game > ? || ':' and"
			     " g.game < ? || ';'))");
	else if (f->game)
		where_add(w, "g.game = ?");
	if (f->purpose)
		where_add(w, "g.purpose = ?");
	/* A sub-query over both indexes; `or` between columns uses neither. */
	if (f->agent)
		where_add(w, "g.id in (select id from game where first_agent ="
			     " (select id from agent where spec = ?) union all"
			     " select id from game where second_agent ="
			     " (select id from agent where spec = ?))");
	if (f->agent_like)
		where_add(w, "(g.first_agent in (select id from agent where"
			     " instr(spec, ?)) or g.second_agent in (select id"
			     " from agent where instr(spec, ?)))");
	if (outcome)
		where_add(w, outcome);
	if (f->by_step)
		where_add(w, "g.step between ? and ?");
	if (f->searched)
		where_add(w, "g.id in (select game_id from search)");
	if (f->after)
		where_add(w, f->oldest_first ? "g.id > ?" : "g.id < ?");
}

static void where_bind(struct sql *q, const struct store_game_filter *f)
{
	if (f->run_id)
		sql_int(q, f->run_id);
	if (f->match_id)
		sql_int(q, f->match_id);
	for (int i = f->game ? f->starts ? 5 : 1 : 0; i > 0; i--)
		sql_text(q, f->game);
	if (f->purpose)
		sql_text(q, f->purpose);
	if (f->agent) {
		sql_text(q, f->agent);
		sql_text(q, f->agent);
	}
	if (f->agent_like) {
		sql_text(q, f->agent_like);
		sql_text(q, f->agent_like);
	}
	if (f->by_step) {
		sql_int(q, f->step_min);
		sql_int(q, f->step_max);
	}
	if (f->after)
		sql_int(q, f->after);
}

/* Of a run, a purpose, an outcome: those are counted as they come and go. */
static bool is_counted(const struct store_game_filter *f)
{
	return !f->match_id && !f->game && !f->agent && !f->agent_like &&
	       !f->by_step && !f->searched && !f->after;
}

static const char *counted_condition(enum store_outcome o)
{
	switch (o) {
	case STORE_ANY_OUTCOME:
		break;
	case STORE_FIRST_WON:
		return "won = 1";
	case STORE_DRAWN:
		return "won = 0";
	case STORE_SECOND_WON:
		return "won = -1";
	case STORE_UNFINISHED:
		return "ended = 0";
	case STORE_FINISHED:
		return "ended = 1";
	}
	return NULL;
}

static void counted_build(struct where *w, const struct store_game_filter *f)
{
	const char *outcome = counted_condition(f->outcome);

	w->any = false;
	w->len = (size_t)snprintf(w->text, sizeof(w->text),
				  "select coalesce(sum(games), 0) from tally");
	if (f->run_id)
		where_add(w, "run_id = ?");
	if (f->purpose)
		where_add(w, "purpose = ?");
	if (outcome)
		where_add(w, outcome);
}

enum store_status store_game_count(struct store *s,
				   const struct store_game_filter *f,
				   int64_t *count)
{
	struct where w;
	struct sql q;

	*count = 0;
	if (is_counted(f))
		counted_build(&w, f);
	else
		where_build(&w, "select count(*) from game g", f);
	sql_read(&q, s, "count the games", w.text);
	where_bind(&q, f);
	if (sql_next(&q))
		*count = sql_col_count(&q);
	return sql_end(&q);
}

enum store_status store_game_list(struct store *s, struct store_bag *bag,
				  const struct store_game_filter *f,
				  struct store_game **rows, size_t *count)
{
	const char *order = f->oldest_first ? "asc" : "desc";
	struct rows all = ROWS_OF(struct store_game);
	struct where w;
	struct sql q;

	/* Which games, first: all that a row shows is then looked up for those
	 * of one page alone. */
	where_build(&w, PAGE_SELECT, f);
	snprintf(w.text + w.len, sizeof(w.text) - w.len,
		 " order by g.id %s limit ? offset ?) order by g.id %s", order,
		 order);
	sql_read(&q, s, "read the games", w.text);
	where_bind(&q, f);
	sql_int(&q, f->limit > 0 ? f->limit : -1);
	sql_int(&q, f->offset);
	while (sql_next(&q))
		game_take_all(&q, bag, rows_push(&all));
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status
store_game_each(struct store *s, int64_t run_id, int64_t from,
		bool (*each)(void *ctx, const struct store_game *g), void *ctx)
{
	bool more = true;
	struct sql q;

	sql_read(&q, s, "read the games",
		 "select " GAME_COLUMNS ", t.data from game g" GAME_JOINS
		 " left join target t on t.game_id = g.id"
		 " where g.run_id = ? and g.number >= ? order by g.number");
	sql_int(&q, run_id);
	sql_int(&q, from > 1 ? from : 1);
	while (more && sql_next(&q)) {
		struct store_bag bag = {0};
		struct store_game g = {0};

		game_take(&q, &bag, &g);
		g.targets = sql_col_blob(&q, &g.targets_len);
		if (q.failed == STORE_OK)
			more = each(ctx, &g);
		store_bag_release(&bag);
	}
	return sql_end(&q);
}

enum store_status games_read_all(struct store *s)
{
	struct store_annotation *annotations;
	struct store_search *searches;
	struct store_bag bag = {0};
	enum store_status st;
	struct store_game g;
	struct sql q;
	size_t n;

	sql_read(&q, s, "read the game", GAME_SELECT "order by g.id");
	st = q.failed;
	while (st == STORE_OK && sql_next(&q)) {
		game_take_all(&q, &bag, &g);
		if (g.searches)
			st = store_search_list(s, &bag, g.id, &searches, &n);
		if (st == STORE_OK)
			st = store_annotation_list(s, &bag, g.id, &annotations,
						   &n);
		store_bag_release(&bag);
	}
	if (st != STORE_OK) {
		(void)sql_end(&q);
		return st;
	}
	return sql_end(&q);
}

enum store_status store_game_each_line(
	struct store *s, int64_t run_id, int64_t from, int64_t limit,
	void (*each)(void *ctx, int64_t number, const char *moves), void *ctx)
{
	struct store_bag bag = {0};
	struct sql q;

	sql_read(&q, s, "read the games",
		 "select number, moves from game where run_id = ?"
		 " and number >= ? order by number limit ?");
	sql_int(&q, run_id);
	sql_int(&q, from > 1 ? from : 1);
	sql_int(&q, limit > 0 ? limit : -1);
	while (sql_next(&q)) {
		int64_t number = sql_col_count(&q);
		const char *moves = sql_col_need(&q, &bag);

		if (q.failed == STORE_OK)
			each(ctx, number, moves);
		store_bag_release(&bag);
	}
	return sql_end(&q);
}

enum store_status
store_game_each_brief(struct store *s, int64_t match_id, const char *agent,
		      void (*each)(void *ctx, const struct store_game_brief *g),
		      void *ctx)
{
	struct store_bag bag = {0};
	struct sql q;

	sql_read(&q, s, "read the games",
		 "select first_agent = (select id from agent where spec = ?),"
		 " opening, moves, result from game"
		 " where match_id = ? and ended is not null order by id");
	sql_text(&q, agent);
	sql_int(&q, match_id);
	while (sql_next(&q)) {
		struct store_game_brief g = {.begun = sql_col_int(&q) != 0};

		g.opening = sql_col_small(&q);
		g.moves = sql_col_need(&q, &bag);
		g.result = sql_col_between(&q, -1, 1);
		if (q.failed == STORE_OK)
			each(ctx, &g);
		store_bag_release(&bag);
	}
	return sql_end(&q);
}

enum store_status store_game_last(struct store *s, int64_t run_id,
				  int64_t *number)
{
	struct sql q;

	*number = 0;
	sql_read(&q, s, "read the games",
		 "select max(number) from game where run_id = ?"
		 " and number is not null");
	sql_int(&q, run_id);
	if (sql_next(&q))
		*number = sql_col_int(&q);
	return sql_end(&q);
}
