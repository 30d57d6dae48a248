/* SPDX-License-Identifier: MIT */
/* Files that are no lab, or no longer, or not writable: one sentence each, and
 * not a byte changed. */
#include "config.h"

#include "tests/store/lab.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/game.h"
#include "store/match.h"
#include "store/run.h"
#include "store/store.h"
#include "store/store_int.h"
#include "store/study.h"

static void test_missing(void **state)
{
	struct lab *lab = *state;
	char message[STORE_MESSAGE_SIZE], deep[160];

	assert_int_equal(store_open(lab->path, 0, &lab->s, message),
			 STORE_NOTFOUND);
	assert_contains(message, lab->path);
	assert_int_equal(lab_files(lab->dir), 0);
	snprintf(deep, sizeof(deep), "%s/no/lab.db", lab->dir);
	assert_int_equal(store_open(deep, STORE_CREATE, &lab->s, message),
			 STORE_IO);
	assert_contains(message, "make its folder first");
}

static void test_created_whole(void **state)
{
	struct lab *lab = *state;
	int64_t problems;

	assert_int_equal(store_open(lab->path, STORE_CREATE, &lab->s, NULL),
			 STORE_OK);
	assert_false(store_readonly(lab->s));
	assert_string_equal(store_path(lab->s), lab->path);
	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_int_equal(problems, 0);
	store_close(lab->s);
	lab->s = NULL;
	/* Nothing is left beside it, and it opens again with either flag. */
	assert_int_equal(lab_files(lab->dir), 1);
	assert_int_equal(store_open(lab->path, STORE_CREATE, &lab->s, NULL),
			 STORE_OK);
	lab_add_run(lab, "c4");
	lab_reopen(lab);
}

static void test_odd_name(void **state)
{
	struct lab *lab = *state;

	snprintf(lab->path, sizeof(lab->path), "%s/a?b #1%%20.db", lab->dir);
	lab_make(lab);
	assert_int_equal(access(lab->path, R_OK), 0);
	assert_int_equal(lab_files(lab->dir), 1);
	lab_reopen(lab);
}

static void test_empty(void **state)
{
	struct lab *lab = *state;

	file_write(lab->path, "", 0);
	lab_refuse(lab, STORE_FORMAT, "is empty");
}

static void test_foreign(void **state)
{
	struct lab *lab = *state;

	file_write(lab->path, "(;GM[1]FF[4];B[aa])\n", 20);
	lab_refuse(lab, STORE_FORMAT, "is not a lab file");
	unlink(lab->path);
	lab_sql(lab->path, "create table run(id); pragma journal_mode = wal");
	lab_refuse(lab, STORE_FORMAT, "a database, but not a lab file");
}

static void test_newer(void **state)
{
	struct lab *lab = *state;

	lab_make(lab);
	lab_sql(lab->path, "pragma user_version = 99");
	lab_refuse(lab, STORE_NEWER, "lab version 99");
}

/* Cut anywhere, the file is known as damaged. */
static void test_truncated(void **state)
{
	struct lab *lab = *state;
	unsigned char *all;
	size_t len;

	lab_make(lab);
	all = file_read(lab->path, &len);
	for (size_t cut = 16; cut < len; cut = cut * 2 + 37) {
		file_write(lab->path, all, cut);
		lab_refuse(lab, STORE_DAMAGED, "cut off after");
	}
	file_write(lab->path, all, len - 1);
	lab_refuse(lab, STORE_DAMAGED, "cut off after");
	file_write(lab->path, all, len);
	free(all);
	lab_reopen(lab);
}

static void test_damaged_schema(void **state)
{
	struct lab *lab = *state;
	unsigned char *all;
	size_t len;

	lab_make(lab);
	all = file_read(lab->path, &len);
	memset(all + 100, 0x5a, 200);
	file_write(lab->path, all, len);
	lab_refuse(lab, STORE_DAMAGED, "is damaged");
	memset(all + 16, 0xff, 2);
	file_write(lab->path, all, len);
	lab_refuse(lab, STORE_DAMAGED, "first page");
	free(all);
}

static void count_problem(void *ctx, const char *problem)
{
	(void)problem;
	++*(int *)ctx;
}

/* Damage further in is found by the check, or when what it hit is read. */
static void test_damaged_inside(void **state)
{
	struct lab *lab = *state;
	struct store_checkpoint c;
	float back[20000];
	unsigned char *all;
	int64_t problems;
	int reported = 0;
	size_t len;

	lab_make(lab);
	all = file_read(lab->path, &len);
	/* The last pages hold the weights. */
	memset(all + len - 3000, 0xa5, 100);
	file_write(lab->path, all, len);
	free(all);
	lab_reopen(lab);
	assert_store(lab, store_checkpoint_latest(lab->s, &lab->bag, 1, &c));
	assert_int_equal(store_weights_load(lab->s, c.sha256, back, 20000),
			 STORE_DAMAGED);
	assert_store(lab,
		     store_check(lab->s, count_problem, &reported, &problems));
	assert_true(problems > 0);
	assert_int_equal(reported, problems);
}

static void test_directory(void **state)
{
	struct lab *lab = *state;
	char message[STORE_MESSAGE_SIZE];

	assert_int_equal(mkdir(lab->path, 0755), 0);
	assert_int_equal(store_open(lab->path, STORE_CREATE, &lab->s, message),
			 STORE_FORMAT);
	assert_contains(message, "is a directory");
	assert_int_equal(lab_files(lab->path), 0);
	assert_int_equal(store_open("/dev/null", 0, &lab->s, message),
			 STORE_FORMAT);
}

/* Permissions mean nothing to root: become somebody else for a while. */
static int as_nobody(int (*work)(struct lab *lab), struct lab *lab)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (geteuid() == 0 && (setgid(65534) || setuid(65534)))
			_exit(100);
		_exit(work(lab));
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int open_unreadable(struct lab *lab)
{
	char message[STORE_MESSAGE_SIZE];

	if (store_open(lab->path, STORE_CREATE, &lab->s, message) != STORE_IO)
		return 1;
	return strstr(message, "Permission denied") ? 0 : 2;
}

static void test_unreadable(void **state)
{
	struct lab *lab = *state;

	lab_make(lab);
	chmod(lab->dir, 0755);
	chmod(lab->path, 0);
	assert_int_equal(as_nobody(open_unreadable, lab), 0);
	chmod(lab->path, 0600);
}

static int browse_readonly(struct lab *lab)
{
	struct store_run *rows;
	struct store_run r = {.name = "new", .kind = "train", .game = "g"};
	int64_t version;
	size_t count;

	if (store_open(lab->path, STORE_CREATE, &lab->s, NULL) != STORE_OK)
		return 1;
	if (!store_readonly(lab->s))
		return 2;
	if (store_run_list(lab->s, &lab->bag, &rows, &count) != STORE_OK ||
	    count != 1)
		return 3;
	if (store_run_add(lab->s, &r, NULL) != STORE_READONLY ||
	    !strstr(store_message(lab->s), "write permission"))
		return 4;
	version = store_data_version(lab->s);
	if (version != store_data_version(lab->s))
		return 5;
	store_bag_release(&lab->bag);
	store_close(lab->s);
	return 0;
}

static void test_readonly(void **state)
{
	struct lab *lab = *state;
	size_t before_len, after_len;
	unsigned char *before, *after;

	lab_make(lab);
	before = file_read(lab->path, &before_len);
	/* First a file that cannot be written, then a folder, too. */
	chmod(lab->dir, 0777);
	chmod(lab->path, 0444);
	assert_int_equal(as_nobody(browse_readonly, lab), 0);
	assert_int_equal(lab_files(lab->dir), 1);
	chmod(lab->dir, 0555);
	assert_int_equal(as_nobody(browse_readonly, lab), 0);
	chmod(lab->dir, 0700);
	after = file_read(lab->path, &after_len);
	assert_int_equal(before_len, after_len);
	assert_memory_equal(before, after, before_len);
	assert_int_equal(lab_files(lab->dir), 1);
	free(before);
	free(after);
}

/* Reads a line's worth of "go on" from the parent. */
static bool wait_for(int fd)
{
	char c;

	return read(fd, &c, 1) == 1;
}

/* A reader without write permission sees what a writer does meanwhile, also
 * one who began after the reader had opened the file. */
static void test_readonly_beside_writer(void **state)
{
	struct lab *lab = *state;
	int to_child[2], from_child[2], status;
	pid_t pid;

	lab_make(lab);
	chmod(lab->dir, 0755);
	chmod(lab->path, 0644);
	assert_int_equal(pipe(to_child), 0);
	assert_int_equal(pipe(from_child), 0);
	pid = fork();
	if (pid == 0) {
		struct store_run *rows;
		size_t count = 0;
		int64_t before;

		if (geteuid() == 0 && (setgid(65534) || setuid(65534)))
			_exit(1);
		if (geteuid() != 65534)
			_exit(77); /* the owner can always write */
		if (store_open(lab->path, 0, &lab->s, NULL) != STORE_OK)
			_exit(2);
		before = store_data_version(lab->s);
		if (write(from_child[1], "x", 1) != 1 || !wait_for(to_child[0]))
			_exit(3);
		if (store_data_version(lab->s) == before)
			_exit(4);
		if (store_run_list(lab->s, &lab->bag, &rows, &count) !=
		    STORE_OK)
			_exit(5);
		_exit(count == 2 ? 0 : 6);
	}
	close(from_child[1]);
	if (wait_for(from_child[0])) {
		lab_reopen(lab);
		lab_add_run(lab, "second");
		assert_int_equal(write(to_child[1], "x", 1), 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) != 77)
		assert_int_equal(WEXITSTATUS(status), 0);
	close(to_child[0]);
	close(to_child[1]);
	close(from_child[0]);
}

static char *journal_mode(struct lab *lab)
{
	sqlite3_stmt *st = NULL;
	char *mode;
	sqlite3 *db;

	assert_int_equal(
		sqlite3_open_v2(lab->path, &db, SQLITE_OPEN_READONLY, NULL),
		SQLITE_OK);
	assert_int_equal(
		sqlite3_prepare_v2(db, "pragma journal_mode", -1, &st, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	mode = strdup((const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	sqlite3_close(db);
	return mode;
}

/* A copy with a rollback journal, as the sample and many backups are, is in WAL
 * mode once it has been opened for writing; browsing leaves it alone. */
static void test_journal_becomes_wal(void **state)
{
	struct lab *lab = *state;
	char *mode;

	lab_make(lab);
	lab_sql(lab->path, "pragma journal_mode = delete");
	assert_int_equal(store_open(lab->path, STORE_ONLY_READ, &lab->s, NULL),
			 STORE_OK);
	mode = journal_mode(lab);
	assert_string_equal(mode, "delete");
	free(mode);
	lab_reopen(lab);
	mode = journal_mode(lab);
	assert_string_equal(mode, "wal");
	free(mode);
}

/* Who reads such a copy meanwhile keeps nobody from opening it. */
static void test_journal_beside_reader(void **state)
{
	struct lab *lab = *state;
	sqlite3 *db;

	lab_make(lab);
	lab_sql(lab->path, "pragma journal_mode = delete");
	assert_int_equal(sqlite3_open(lab->path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db, "begin; select * from run", NULL, NULL, NULL),
		SQLITE_OK);
	lab_reopen(lab);
	sqlite3_close(db);
	lab_add_run(lab, "second");
}

/* A lab that an older version made, with a row or two in each table. */
static void make_old_lab(struct lab *lab, int version)
{
	const char *top = getenv("top_srcdir");
	unsigned char *sql;
	char path[1024], head[128];
	size_t len;

	snprintf(path, sizeof(path), "%s/tests/store/lab-%d.sql",
		 top ? top : ".", version);
	sql = file_read(path, &len);
	sql[len] = '\0';
	lab_sql(lab->path, (char *)sql);
	snprintf(head, sizeof(head),
		 "pragma application_id = 0x504c5953; pragma user_version = %d;"
		 "pragma journal_mode = wal",
		 version);
	lab_sql(lab->path, head);
	free(sql);
}

/* The schema as one text. */
static char *schema_of(struct lab *lab)
{
	char *text = NULL;
	struct sql q;

	sql_read(&q, lab->s, "test",
		 "select group_concat(name || ': ' || sql, char(10)) from"
		 " (select name, sql from sqlite_schema order by name)");
	assert_true(sql_next(&q));
	text = strdup(sql_col_text(&q, &lab->bag));
	assert_int_equal(sql_end(&q), STORE_OK);
	return text;
}

/* It opens, has all its rows, and the schema of a new one.  If this fails
 * after a change to the schema: make the change a new step, not one to a step
 * that was released. */
static void old_version_opens(struct lab *lab, int version)
{
	char *old, *new;
	struct store *second;
	struct store_checkpoint c;
	struct store_search *x;
	size_t found;
	struct store_run r;
	struct store_game g;
	int64_t problems, step;
	const void *data;
	float back[6];
	size_t len;

	make_old_lab(lab, version);
	lab_reopen(lab);
	/* Another one of this process, or of a job, opens it at once. */
	assert_int_equal(store_open(lab->path, 0, &second, NULL), STORE_OK);
	store_close(second);
	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_int_equal(problems, 0);
	assert_store(lab, store_run_find(lab->s, &lab->bag, "copy", &r));
	assert_int_equal(r.parent_checkpoint, 1);
	assert_store(lab, store_run_find(lab->s, &lab->bag, "c4", &r));
	assert_true(r.seed == UINT64_MAX);
	assert_store(lab, store_checkpoint_latest(lab->s, &lab->bag, r.id, &c));
	assert_store(lab, store_weights_load(lab->s, c.sha256, back, 6));
	assert_true(back[1] == -1.25f);
	assert_store(lab, store_resume_load(lab->s, &lab->bag, r.id, &step,
					    &data, &len));
	assert_memory_equal(data, "where it stands", len);
	assert_store(lab, store_game_get(lab->s, &lab->bag, 2, &g));
	assert_string_equal(g.second, "random");
	assert_int_equal(g.match_id, 1);
	assert_store(lab, store_search_at(lab->s, &lab->bag, 2, 6, &x, &found));
	assert_int_equal(found, 1);
	assert_store(lab,
		     store_search_trace(lab->s, &lab->bag, x->id, &data, &len));
	assert_memory_equal(data, "a tree", len);

	old = schema_of(lab);
	store_close(lab->s);
	assert_int_equal(unlink(lab->path), 0);
	assert_int_equal(store_open(lab->path, STORE_CREATE, &lab->s, NULL),
			 STORE_OK);
	new = schema_of(lab);
	assert_string_equal(old, new);
	free(old);
	free(new);
}

static void test_version_1(void **state)
{
	old_version_opens(*state, 1);
}

static void test_version_2(void **state)
{
	struct store_annotation *rows;
	struct lab *lab = *state;
	struct store_game g;
	size_t count;

	make_old_lab(lab, 2);
	lab_reopen(lab);
	assert_store(lab, store_game_get(lab->s, &lab->bag, 2, &g));
	assert_string_equal(g.event, "Club");
	assert_string_equal(g.facts, "{\"dots\":3}");
	assert_store(lab, store_annotation_list(lab->s, &lab->bag, 2, &rows,
						&count));
	assert_int_equal(count, 2);
	assert_int_equal(rows[1].parent, rows[0].id);
	store_close(lab->s);
	lab->s = NULL;
	assert_int_equal(unlink(lab->path), 0);
	old_version_opens(lab, 2);
}

static void test_version_3(void **state)
{
	struct lab *lab = *state;
	struct store_rating *ratings;
	struct store_match m;
	size_t count;

	make_old_lab(lab, 3);
	lab_reopen(lab);
	assert_store(lab, store_match_get(lab->s, &lab->bag, 2, &m));
	assert_null(m.second);
	assert_null(m.sprt);
	assert_true(m.points == 350);
	assert_store(lab, store_rating_list(lab->s, &lab->bag, NULL, &ratings,
					    &count));
	assert_int_equal(count, 1);
	assert_true(ratings[0].linked && isnan(ratings[0].score));
	store_close(lab->s);
	lab->s = NULL;
	assert_int_equal(unlink(lab->path), 0);
	old_version_opens(lab, 3);
}

/* Browsing brings it up to date too; a file that cannot be written stays. */
static void test_version_4(void **state)
{
	struct lab *lab = *state;
	struct store_rating *ratings;
	struct store_match m;
	size_t count;

	make_old_lab(lab, 4);
	lab_reopen(lab);
	assert_store(lab, store_match_get(lab->s, &lab->bag, 1, &m));
	assert_string_equal(m.sprt, "elo0=0 elo1=10: H1");
	assert_store(lab, store_rating_list(lab->s, &lab->bag, NULL, &ratings,
					    &count));
	assert_true(!ratings[0].linked && ratings[0].score == 0.5);
	store_close(lab->s);
	lab->s = NULL;
	assert_int_equal(unlink(lab->path), 0);
	old_version_opens(lab, 4);
}

/* Its study has no trials yet, and may still be judged once. */
static void test_version_6(void **state)
{
	struct lab *lab = *state;
	struct store_study *rows;
	size_t count;

	old_version_opens(lab, 6);
	store_close(lab->s);
	lab->s = NULL;
	assert_int_equal(unlink(lab->path), 0);
	make_old_lab(lab, 6);
	lab_reopen(lab);
	assert_store(lab, store_study_list(lab->s, &lab->bag, &rows, &count));
	assert_int_equal(count, 1);
	assert_string_equal(rows[0].kind, "");
}

static void test_version_7(void **state)
{
	struct lab *lab = *state;
	struct store_match m;

	old_version_opens(lab, 7);
	store_close(lab->s);
	lab->s = NULL;
	assert_int_equal(unlink(lab->path), 0);
	make_old_lab(lab, 7);
	lab_reopen(lab);
	/* Nobody counted its pairs. */
	assert_store(lab, store_match_get(lab->s, &lab->bag, 1, &m));
	assert_int_equal(m.pairs, 0);
	assert_int_equal(m.distinct[4], 0);
}

static void test_version_8(void **state)
{
	struct lab *lab = *state;
	struct store_match m;

	make_old_lab(lab, 8);
	lab_reopen(lab);
	assert_store(lab, store_match_get(lab->s, &lab->bag, 1, &m));
	assert_int_equal(m.pairs, 1);
	assert_int_equal(m.distinct[3], 1);
	store_close(lab->s);
	lab->s = NULL;
	assert_int_equal(unlink(lab->path), 0);
	old_version_opens(lab, 8);
}

/* Its games are counted when it is brought up to date. */
static void test_version_5(void **state)
{
	struct store_game_filter f = {.outcome = STORE_FINISHED};
	struct lab *lab = *state;
	struct store_game *rows;
	int64_t counted;
	size_t count;

	make_old_lab(lab, 5);
	lab_reopen(lab);
	assert_store(lab,
		     store_game_list(lab->s, &lab->bag, &f, &rows, &count));
	assert_store(lab, store_game_count(lab->s, &f, &counted));
	assert_true(count > 0);
	assert_int_equal(counted, count);
	store_close(lab->s);
	lab->s = NULL;
	assert_int_equal(unlink(lab->path), 0);
	old_version_opens(lab, 5);
}

/* Browsing writes nothing: an older lab is brought up to date in memory. */
static void test_old_browsed(void **state)
{
	struct lab *lab = *state;
	char message[STORE_MESSAGE_SIZE];
	unsigned char *before, *after;
	size_t before_len, after_len;
	struct store_game g;

	make_old_lab(lab, 1);
	before = file_read(lab->path, &before_len);
	assert_int_equal(
		store_open(lab->path, STORE_ONLY_READ, &lab->s, message),
		STORE_OK);
	assert_true(store_readonly(lab->s));
	assert_true(store_copied(lab->s));
	assert_store(lab, store_game_get(lab->s, &lab->bag, 2, &g));
	assert_null(g.facts);
	assert_int_equal(store_game_update(lab->s, &g), STORE_READONLY);
	assert_int_equal(lab_files(lab->dir), 1);
	after = file_read(lab->path, &after_len);
	assert_int_equal(before_len, after_len);
	assert_memory_equal(before, after, before_len);
	free(before);
	free(after);
	/* What others write meanwhile is seen. */
	lab_sql(lab->path, "update game set moves = '1' where id = 2");
	(void)store_data_version(lab->s);
	assert_store(lab, store_game_get(lab->s, &lab->bag, 2, &g));
	assert_string_equal(g.moves, "1");
	store_close(lab->s);
	lab->s = NULL;
}

/* A log in a folder that cannot be written: all commits are seen. */
static int browse_log(struct lab *lab)
{
	struct store_run *rows;
	size_t count;

	if (store_open(lab->path, STORE_ONLY_READ, &lab->s, NULL) != STORE_OK)
		return 1;
	if (!store_copied(lab->s))
		return 2;
	if (store_run_list(lab->s, &lab->bag, &rows, &count) != STORE_OK ||
	    count != 2)
		return 3;
	store_bag_release(&lab->bag);
	store_close(lab->s);
	return 0;
}

static void test_log_in_readonly_folder(void **state)
{
	struct lab *lab = *state;
	int status, files;
	pid_t pid;
	char path[128];

	lab_make(lab);
	pid = fork();
	if (pid == 0) {
		struct store_run r = {.name = "n", .kind = "k", .game = "g"};

		if (store_open(lab->path, 0, &lab->s, NULL) != STORE_OK)
			_exit(1);
		_exit(store_run_add(lab->s, &r, NULL) != STORE_OK);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	snprintf(path, sizeof(path), "%s-shm", lab->path);
	unlink(path);
	chmod(lab->path, 0444);
	snprintf(path, sizeof(path), "%s-wal", lab->path);
	chmod(path, 0444);
	chmod(lab->dir, 0555);
	files = lab_files(lab->dir);
	assert_int_equal(as_nobody(browse_log, lab), 0);
	assert_int_equal(lab_files(lab->dir), files);
	chmod(lab->dir, 0700);
}

/* Steps are done once, in order, all or none. */
static void test_migration(void **state)
{
	static const struct migration steps[] = {
		{1, "select 1"},
		{2, "alter table run add column colour text"},
		{3, "update run set colour = 'red';"
		    "create table extra(id integer primary key) strict"},
	};
	static const struct migration broken[] = {
		{1, "select 1"},
		{2, "select 1"},
		{3, "select 1"},
		{4, "delete from run; create table late(id)"},
		{5, "no such statement"},
	};
	struct lab *lab = *state;
	struct store_run r;
	struct sql q;

	lab_make(lab);
	lab_reopen(lab);
	lab_sql(lab->path, "pragma user_version = 1");
	assert_store(lab, store_migrate(lab->s, steps, 3));
	sql_read(&q, lab->s, "test",
		 "select count(*) from run"
		 " where colour = 'red'");
	assert_true(sql_next(&q));
	assert_int_equal(sql_col_int(&q), 1);
	assert_int_equal(sql_end(&q), STORE_OK);
	sql_read(&q, lab->s, "test", "pragma user_version");
	assert_true(sql_next(&q));
	assert_int_equal(sql_col_int(&q), 3);
	assert_int_equal(sql_end(&q), STORE_OK);
	/* Once is enough. */
	assert_store(lab, store_migrate(lab->s, steps, 3));
	/* A newer file is left alone by an older list. */
	assert_int_equal(store_migrate(lab->s, steps, 2), STORE_NEWER);
	/* A step that fails takes the ones before it along. */
	assert_int_equal(store_migrate(lab->s, broken, 5), STORE_IO);
	assert_store(lab, store_run_find(lab->s, &lab->bag, "c4", &r));
	sql_read(&q, lab->s, "test",
		 "select count(*) from sqlite_schema"
		 " where name = 'late'");
	assert_true(sql_next(&q));
	assert_int_equal(sql_col_int(&q), 0);
	assert_int_equal(sql_end(&q), STORE_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		empty_lab_test(test_missing),
		empty_lab_test(test_created_whole),
		empty_lab_test(test_odd_name),
		empty_lab_test(test_empty),
		empty_lab_test(test_foreign),
		empty_lab_test(test_newer),
		empty_lab_test(test_journal_becomes_wal),
		empty_lab_test(test_journal_beside_reader),
		empty_lab_test(test_truncated),
		empty_lab_test(test_damaged_schema),
		empty_lab_test(test_damaged_inside),
		empty_lab_test(test_directory),
		empty_lab_test(test_unreadable),
		empty_lab_test(test_readonly),
		empty_lab_test(test_readonly_beside_writer),
		empty_lab_test(test_version_1),
		empty_lab_test(test_version_2),
		empty_lab_test(test_version_3),
		empty_lab_test(test_version_4),
		empty_lab_test(test_version_5),
		empty_lab_test(test_version_6),
		empty_lab_test(test_version_7),
		empty_lab_test(test_version_8),
		empty_lab_test(test_old_browsed),
		empty_lab_test(test_log_in_readonly_folder),
		empty_lab_test(test_migration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
