/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/json_scan.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/course.h"
#include "core/learn/dataset.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/learn/replay.h"
#include "core/learn/self_play.h"
#include "core/net/batch.h"
#include "core/net/net.h"
#include "tests/fuzz/fuzz.h"

/* Records that a lab file holds, which another may have written. */

/* --- networks as text ------------------------------------------------------
 */

/* Networks up to so many weights are built and asked. */
enum { BUILT_WEIGHTS = 20000, ROWS = 2 };

/* A network that is taken answers with numbers. */
static void ask(const struct net_config *c, size_t count)
{
	float *params = mem_zalloc(count, sizeof(*params));
	float *policy = mem_zalloc((size_t)ROWS * c->moves, sizeof(*policy));
	float value[3 * ROWS], *out[NET_HEADS] = {NULL};
	struct net_plan *plan;
	struct net_work *work;
	struct net_batch in;
	struct net_rows rows;

	net_init(c, 1, params);
	plan = net_plan_new(c, params);
	work = net_work_new(plan, ROWS);
	net_rows_init(&rows, c, ROWS);
	in = net_rows_batch(&rows, ROWS);
	out[NET_POLICY] = policy;
	out[NET_VALUE] = value;
	net_infer(plan, work, NULL, &in, out);
	for (int i = 0; i < ROWS * c->moves; i++)
		fuzz_check(isfinite(policy[i]));
	for (int i = 0; i < 3 * ROWS; i++)
		fuzz_check(isfinite(value[i]));
	net_rows_release(&rows);
	net_work_free(work);
	net_plan_free(plan);
	free(policy);
	free(params);
}

static void check_net(const struct net_config *c, const struct game *g)
{
	struct net_config again;
	struct err e = ERR_INIT;
	struct buf text, text2;
	size_t count = net_param_count(c);

	buf_init(&text);
	buf_init(&text2);
	memset(&again, 0, sizeof(again));
	net_config_game(&again, g);
	net_config_format(c, &text);
	fuzz_check(!net_config_parse(&again, text.data, &e));
	fuzz_check(!net_config_check(&again, &e));
	net_config_format(&again, &text2);
	fuzz_check(!strcmp(text.data, text2.data));
	fuzz_check(count && net_param_count(&again) == count);
	fuzz_check(net_plan_bytes(c) >= count * sizeof(float));
	if (count <= BUILT_WEIGHTS)
		ask(c, count);
	buf_release(&text);
	buf_release(&text2);
}

/* A network; the length of its text says for which game. */
static void run_net(const char *text, size_t len)
{
	static const char *const specs[] = {"tictactoe", "connect4",
					    "go:size=5"};
	static struct game games[ARRAY_LEN(specs)];
	const struct game *g = &games[len % ARRAY_LEN(specs)];
	struct err e = ERR_INIT;
	struct net_config c;

	for (size_t i = 0; i < ARRAY_LEN(specs) && !games[i].rules; i++)
		if (game_init(&games[i], specs[i], &e))
			abort();
	memset(&c, 0, sizeof(c));
	net_config_game(&c, g);
	if (net_config_parse(&c, text, &e) || net_config_check(&c, &e))
		fuzz_check_error(&e);
	else
		check_net(&c, g);
}

/* --- JSON ------------------------------------------------------------------
 */

/* One value with all that is in it.  Each call takes something, so that reading
 * ends. */
static void read_value(struct json_scan *s, int depth)
{
	const char *before = s->at;
	char text[16];

	while (*s->at == ' ')
		s->at++;
	if (depth < 20 && *s->at == '[') {
		json_scan_open(s, '[');
		while (json_scan_item(s))
			read_value(s, depth + 1);
	} else if (depth < 20 && *s->at == '{') {
		json_scan_open(s, '{');
		while (json_scan_key(s, text, sizeof(text))) {
			fuzz_check(strlen(text) < sizeof(text));
			read_value(s, depth + 1);
		}
	} else if (*s->at == '"') {
		json_scan_string(s, text, sizeof(text));
		fuzz_check(strlen(text) < sizeof(text));
	} else if (depth % 2) {
		(void)json_scan_number(s);
	} else {
		json_scan_skip(s);
	}
	fuzz_check(json_scan_failed(s) || s->at > before);
}

static void run_json(const char *text, size_t len)
{
	bool valid = json_valid(text);
	struct json_scan s;
	struct buf out;
	struct json j;

	json_scan_init(&s, text);
	read_value(&s, 0);
	fuzz_check(s.at <= text + len);
	json_scan_init(&s, text);
	json_scan_skip(&s);
	fuzz_check(s.at <= text + len);
	/* What is JSON is skipped as one value. */
	if (valid)
		fuzz_check(!s.failed &&
			   strspn(s.at, " \t\r\n") == strlen(s.at));
	/* Whatever it is, it can be written as JSON, and as a text of it. */
	buf_init(&out);
	json_init(&j, &out);
	json_open(&j, '[');
	json_raw(&j, text);
	json_string(&j, text);
	json_close(&j, ']');
	fuzz_check(json_valid(out.data));
	json_scan_init(&s, out.data);
	json_scan_skip(&s);
	fuzz_check(!s.failed && !*s.at);
	buf_release(&out);
}

/* --- resume records --------------------------------------------------------
 */

enum { PLAYS, GIVEN, KINDS };

/* Courses of two kinds, and what each was saved as. */
static struct {
	struct game game;
	struct recipe recipe;
	struct replay *data, *held_out; /* owned */
	struct pool *pool;              /* owned */
	struct fuzz_corpus *out;        /* of fuzz_corpus_add() */
	int kind;
} made;

static enum err_code keep_record(void *self, const struct course_mark *at,
				 const struct buf *resume, struct err *e)
{
	char kind = (char)made.kind;
	struct buf b;

	(void)self;
	(void)at;
	(void)e;
	if (!resume || !made.out)
		return ERR_OK;
	buf_init(&b);
	buf_add(&b, &kind, 1);
	buf_add(&b, resume->data, resume->len);
	fuzz_corpus_add(made.out, b.data, b.len);
	buf_release(&b);
	return ERR_OK;
}

static enum err_code check_figure(void *self, const struct course_mark *at,
				  const char *name, double value, struct err *e)
{
	(void)self;
	(void)name;
	(void)e;
	fuzz_check(isfinite(value));
	fuzz_check(at->step >= 0 && at->games >= 0 && at->samples >= 0 &&
		   at->time_ms >= 0);
	return ERR_OK;
}

static void set_up(void)
{
	static const game_move games[2][9] = {{4, 0, 2, 6, 3, 5, 1, 7, 8},
					      {0, 4, 8, 2, 6, 3, 7}};
	struct err e = ERR_INIT;

	if (made.pool)
		return;
	conf_defaults(recipe_spec, &made.recipe);
	if (game_init(&made.game, "tictactoe", &e) ||
	    conf_read_list(recipe_spec, &made.recipe,
			   "filters=2,blocks=0,groups=1,slots=2,plies=3,"
			   "simulations=3,gumbel_moves=2,start_positions=5,"
			   "batch=4,shard=4,rate_games=60,checkpoint_first=2,"
			   "epochs=20,cache=0,window_min=20,window_max=40,"
			   "reuse=0.5",
			   "fuzz", &e))
		abort();
	made.pool = pool_new(1);
	made.data = replay_new(&made.game, 99, 0);
	made.held_out = replay_new(&made.game, 99, 0);
	replay_add_plain(made.data, games[0], 9, 0, 3, 0);
	replay_add_plain(made.held_out, games[1], 7, 0, 3, 1);
}

static struct course *new_course(int kind)
{
	struct course_sink sink = {.commit = keep_record,
				   .figure = check_figure};
	struct course_config config = {
		.name = "a course",
		.game = &made.game,
		.recipe = &made.recipe,
		.seed = 1,
		.goal_games = 1000,
		.data_games = 2,
	};
	struct dataset data, held_out;

	set_up();
	made.kind = kind;
	if (kind == GIVEN) {
		data = replay_dataset(made.data);
		held_out = replay_dataset(made.held_out);
		config.data = &data;
		config.held_out = &held_out;
	}
	return course_new(&config, &sink);
}

static void make_records(struct fuzz_corpus *out)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct course *c = new_course(kind);
		struct err e = ERR_INIT;

		made.out = out;
		if (course_begin(c, made.pool, &e))
			abort();
		for (int i = 0; i < 8; i++)
			if (course_advance(c, made.pool, &e))
				abort();
		made.out = NULL;
		course_free(c);
	}
}

/* A course's kind, and its resume record: it is refused, or goes on. */
static void run_resume(const char *text, size_t len)
{
	struct course *c = new_course(len && text[0] % 2 ? GIVEN : PLAYS);
	struct err e = ERR_INIT;
	enum err_code rc;

	if (len && course_load(c, text + 1, len - 1, &e)) {
		fuzz_check_error(&e);
		course_free(c);
		return;
	}
	for (int i = 0; len && len % 4 == 0 && i < 3 && !course_done(c); i++) {
		rc = course_advance(c, made.pool, &e);
		if (rc)
			fuzz_check_error(&e);
		if (rc)
			break;
	}
	course_free(c);
}

/* --- lives -----------------------------------------------------------------
 */

/* A life that was made, to which an input is another part. */
static struct {
	struct life_config config;
	struct buf parts[2];
} lived;

static void set_up_life(void)
{
	struct err e = ERR_INIT;

	set_up();
	if (lived.config.game)
		return;
	lived.config = (struct life_config){
		.game = &made.game,
		.recipe = &made.recipe,
		.grid = {.cut = 4,
			 .games = 8,
			 .before = 2,
			 .after = 1,
			 .per_stage = 2,
			 .temperature = 1},
		.seed = 1,
	};
	buf_init(&lived.parts[LIFE_BEFORE]);
	buf_init(&lived.parts[LIFE_AFTER]);
	if (life_make(&lived.config, NULL, &lived.parts[LIFE_BEFORE], &e) ||
	    life_continue(&lived.config, lived.parts[LIFE_BEFORE].data,
			  lived.parts[LIFE_BEFORE].len, 2, NULL,
			  &lived.parts[LIFE_AFTER], &e))
		abort();
}

static void make_lives(struct fuzz_corpus *out)
{
	set_up_life();
	for (int part = 0; part < 2; part++) {
		const struct buf *p = &lived.parts[part];
		struct buf b;

		buf_init(&b);
		buf_u8(&b, (uint8_t)part);
		buf_add(&b, p->data, p->len);
		fuzz_corpus_add(out, b.data, b.len);
		buf_release(&b);
	}
}

/* All that a life hands out can be used. */
static void check_life(const struct life *l)
{
	struct replay *replay = replay_new(&made.game, 999, 0.5f);
	struct err e = ERR_INIT;

	for (int i = 0; i < life_stages(l); i++) {
		struct life_stage s = life_stage(l, i);

		for (size_t k = 0; k < net_param_count(life_net(l)); k++)
			fuzz_check(isfinite(s.weights[k]));
		for (int k = 0; k < s.game_count; k++) {
			struct self_play_game g = life_game(l, i, k);

			fuzz_check(!replay_add(replay, g.moves, g.count,
					       g.result, g.targets,
					       g.targets_len, &e));
		}
	}
	for (int64_t k = 0; k < life_own_games(l); k++) {
		struct self_play_game g = life_own_game(l, k);

		fuzz_check(!replay_add(replay, g.moves, g.count, g.result,
				       g.targets, g.targets_len, &e));
	}
	replay_free(replay);
}

/* Which part, and its bytes, with the hash that they then ought to end with: it
 * is refused, or all of it holds; and then the life goes on, or is refused. */
static void run_life(const char *text, size_t len)
{
	enum life_part part = len && text[0] % 2 ? LIFE_AFTER : LIFE_BEFORE;
	const struct buf *before = &lived.parts[LIFE_BEFORE];
	struct life_head head;
	struct err e = ERR_INIT;
	struct buf b, on;
	struct life *l;

	set_up_life();
	buf_init(&b);
	buf_init(&on);
	if (len)
		buf_add(&b, text + 1, len - 1);
	if (b.len >= 64) {
		char hash[DIGEST_SIZE];

		digest_hex(b.data, b.len - 64, hash);
		memcpy(b.data + b.len - 64, hash, 64);
	}
	if (life_head_read(b.data, b.len, &head, &e))
		fuzz_check_error(&e);
	life_head_release(&head);
	if (life_read(&made.game, part == LIFE_AFTER ? before->data : b.data,
		      part == LIFE_AFTER ? before->len : b.len,
		      part == LIFE_AFTER ? b.data : NULL,
		      part == LIFE_AFTER ? b.len : 0, &l, &e)) {
		fuzz_check_error(&e);
		fuzz_check(!l);
	} else {
		check_life(l);
		if (part == LIFE_BEFORE &&
		    life_continue(&lived.config, b.data, b.len, 3, NULL, &on,
				  &e))
			fuzz_check_error(&e);
	}
	life_free(l);
	buf_release(&on);
	buf_release(&b);
}

static const char *const net_words[] = {
	"tower",  ":",         ",",      "filters=", "blocks=", "pool=",
	"=",      "ownership", "lead",   "=yes",     "policy",  "value",
	"no",     "=1",        "1024",   "100",      "head=",   "transformer",
	"width=", "layers=",   "heads=", "ff=",      "context", NULL,
};

static const char *const json_words[] = {
	"{",      "}",    "[",     "]",        ":",       ",",     "\"", "\\\"",
	"null",   "true", "false", "\\u0041",  "\\ud83d", "1e999", "-0", "\\",
	"\"a\":", " ",    "\n",    "\xc3\xa9", "\x1b[2J", NULL,
};

const struct fuzz_target fuzz_targets[] = {
	{.name = "net", .run = run_net, .words = net_words},
	{.name = "json", .run = run_json, .words = json_words},
	{.name = "resume", .run = run_resume, .make = make_records},
	{.name = "life", .run = run_life, .make = make_lives},
	{.name = NULL},
};
