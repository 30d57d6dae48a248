/* SPDX-License-Identifier: MIT */
/* Labs from somebody else: a schema that is not ours, values that cannot be,
 * records that grow. */
#include "config.h"

#include "tests/store/lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/game.h"
#include "store/job.h"
#include "store/match.h"
#include "store/run.h"
#include "store/store.h"
#include "store/store_int.h"

/* The schema of a lab is ours or it is not opened; what a person keeps beside
 * it is theirs. */
static void test_changed_schema(void **state)
{
	static const struct {
		const char *sql, *words;
	} bad[] = {
		{"drop view runs; create view runs as select 1 id",
		 "its view 'runs' is not as plyscope makes it"},
		{"drop index game_run", "its index 'game_run' is missing"},
		{"create trigger gone after insert on game begin"
		 " delete from run; end",
		 "the trigger 'gone' on 'game'"},
		{"create trigger seen instead of insert on runs begin"
		 " delete from run; end",
		 "the trigger 'seen' on 'runs'"},
		{"create unique index one on game(plies)",
		 "the index 'one' on 'game'"},
		{"pragma writable_schema = on; update sqlite_schema set sql ="
		 " replace(sql, 'moves text not null', 'moves text')"
		 " where name = 'game'; pragma writable_schema = reset",
		 "its table 'game' is not as plyscope makes it"},
		{"pragma foreign_keys = off; drop table run;"
		 "create view run as with recursive n(i) as (select 1 union all"
		 " select i + 1 from n) select i id, 'a' name from n",
		 "its table 'run' is not as plyscope makes it"},
	};
	struct lab *lab = *state;
	unsigned char *good;
	size_t len;

	lab_make(lab);
	lab_sql(lab->path, "create table mine(run, said);"
			   "create view my_runs as select * from run;"
			   "create index my_index on game(ended);"
			   "create trigger mine_too after insert on mine begin"
			   " update mine set said = 1; end;"
			   "analyze");
	lab_reopen(lab);
	lab_add_run(lab, "still writes");
	store_close(lab->s);
	lab->s = NULL;
	good = file_read(lab->path, &len);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		file_write(lab->path, good, len);
		lab_sql(lab->path, bad[i].sql);
		lab_refuse(lab, STORE_REFUSED, bad[i].words);
	}
	file_write(lab->path, good, len);
	free(good);
	lab_reopen(lab);
}

struct said {
	int count;
	char all[4096];
};

static void hear(void *ctx, const char *problem)
{
	struct said *said = ctx;
	size_t n = strlen(said->all);

	said->count++;
	snprintf(said->all + n, sizeof(said->all) - n, "%s\n", problem);
}

/* Values that the schema lets in, or that somebody wrote past it, are named by
 * the check, and reading them is an error and never a crash. */
static void test_hostile_rows(void **state)
{
	static const struct {
		const char *sql, *words;
	} bad[] = {
		{"update game set plies = -5", "'plies' of row 1 is -5"},
		{"update game set plies = 9223372036854775807",
		 "'plies' of row 1 is 9223372036854775807"},
		{"update game set opening = -1", "'opening' of row 1 is -1"},
		{"update game set created_ms = -9223372036854775808",
		 "'created_ms' of row 1 is -9223372036854775808"},
		{"update game set result = 1e300",
		 "'result' of row 1 is 1e+300"},
		{"update checkpoint set elo = 9e306", "'elo' of row 1 is"},
		{"update checkpoint set elo_low = -9e999",
		 "'elo_low' of row 1"},
		{"update checkpoint set step = -7", "'step' of row 1 is -7"},
		{"update weights set floats = 1 << 60", "'floats' of row 1 is"},
		{"update match set games = -3", "'games' of row 1 is -3"},
		{"update match set elo = 9e999", "'elo' of row 1 is inf"},
		{"update metric set games = -1", "'games' is -1"},
		{"update search set ply = -1", "'ply' of row 1 is -1"},
		{"update search set win = 7", "'win' of row 1 is 7"},
		{"update job set heartbeat_ms = -1",
		 "'heartbeat_ms' of row 1 is -1"},
		{"update rating set elo = -9e999", "'elo' is -inf"},
		{NULL, NULL},
	};
	struct lab *lab = *state;
	struct store_metric m = {.step = 1, .games = 1, .value = 1};
	struct store_job j = {.kind = "train", .command = "x"};
	struct store_rating r = {.game = "g", .agent = "random", .elo = 1};
	struct store_search x = {.ply = 1, .agent = "random"};
	struct store_match match = {.game = "g", .first = "a", .second = "b"};
	struct store_game g = lab_game(1, 1);
	unsigned char *good;
	size_t len;

	lab_make(lab);
	lab_reopen(lab);
	assert_store(lab, store_metric_add(lab->s, 1, "loss", &m));
	assert_store(lab, store_job_add(lab->s, &j, NULL));
	assert_store(lab, store_rating_set(lab->s, &r));
	assert_store(lab, store_game_add(lab->s, &g, &x.game_id));
	assert_store(lab, store_search_add(lab->s, &x, NULL));
	assert_store(lab, store_match_add(lab->s, &match, NULL));
	store_close(lab->s);
	lab->s = NULL;
	good = file_read(lab->path, &len);
	for (size_t i = 0; bad[i].words; i++) {
		struct said said = {0};
		int64_t problems;
		char sql[256];

		file_write(lab->path, good, len);
		snprintf(sql, sizeof(sql),
			 "pragma ignore_check_constraints = on; %s",
			 bad[i].sql);
		lab_sql(lab->path, sql);
		lab_reopen(lab);
		assert_store(lab, store_check(lab->s, hear, &said, &problems));
		assert_true(problems >= 1);
		assert_contains(said.all, bad[i].words);
		store_close(lab->s);
		lab->s = NULL;
	}
	free(good);
}

/* A game that cannot be is never handed out. */
static bool no_game_comes(void *ctx, const struct store_game *g)
{
	(void)g;
	*(bool *)ctx = true;
	return true;
}

static void test_hostile_read(void **state)
{
	struct lab *lab = *state;
	struct store_game g = lab_game(1, 1), *rows;
	struct store_game_filter all = {0};
	bool came = false;
	size_t count = 1;

	lab_make(lab);
	lab_reopen(lab);
	assert_store(lab, store_game_add(lab->s, &g, NULL));
	lab_sql(lab->path, "update game set plies = -5");
	assert_int_equal(
		store_game_list(lab->s, &lab->bag, &all, &rows, &count),
		STORE_DAMAGED);
	assert_int_equal(count, 0);
	assert_contains(store_message(lab->s), "'plies' of row 1 is -5");
	assert_int_equal(store_game_each(lab->s, 1, 1, no_game_comes, &came),
			 STORE_DAMAGED);
	assert_false(came);
}

/* Records are not unpacked because they say how large they are. */
static void test_bomb(void **state)
{
	struct lab *lab = *state;
	size_t big = (size_t)1 << 30, len, packed;
	void *zeros = calloc(1, big), *small;
	int64_t step;
	const void *data;

	lab_make(lab);
	lab_reopen(lab);
	assert_non_null(zeros);
	small = pack_zstd(zeros, big, PACK_OFTEN, &packed);
	assert_true(packed < big / PACK_BEST);
	assert_null(unpack_zstd(small, packed, big));
	free(small);
	assert_store(lab, store_resume_save(lab->s, 1, 1, zeros, big));
	assert_int_equal(
		store_resume_load(lab->s, &lab->bag, 1, &step, &data, &len),
		STORE_DAMAGED);
	free(zeros);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		empty_lab_test(test_changed_schema),
		empty_lab_test(test_hostile_rows),
		empty_lab_test(test_hostile_read),
		empty_lab_test(test_bomb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
