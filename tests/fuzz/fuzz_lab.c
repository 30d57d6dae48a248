/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/lab/lab.h"
#include "store/job.h"
#include "store/store.h"
#include "tests/fuzz/fuzz.h"
#include "tui/app_run.h"
#include "tui/cmd/cmd.h"
#include "tui/script.h"

/*
 * Whole lab files.  An input says what is done to a sound lab, a change a line:
 *
 *	set TABLE COLUMN N VALUE   the value of row N (0: of all), past every
 *	                           constraint; VALUE as in SQL
 *	copy TABLE COLUMN N T C    what stands in column C of table T
 *	delete TABLE N             row N (0: all)
 *	byte PLACE VALUE           a byte of the file
 *	cut LENGTH                 of the file
 *
 * Then commands and screens look at it, some of all, by the input's hash: they
 * may say what they like, but they come back.  With FUZZ_SAID in the
 * environment their complaints are to be read.
 */
enum { MAX_COLUMNS = 256 };

static struct {
	char folder[64], path[80], conf[96];
	struct buf good; /* the sound lab, as a file */
	char column[MAX_COLUMNS][2][64];
	int columns;
} base;

/* --- a sound lab -----------------------------------------------------------
 */

/* What sanitizers see is said where it can be read, whatever stderr is. */
void __sanitizer_set_report_fd(void *fd) __attribute__((weak));

/* A command line with CONF for the recipe; its exit status. */
static int command(const char *line)
{
	char text[512], *argv[24], *rest = NULL;
	int argc = 0, status, saved[2], null = open("/dev/null", O_WRONLY);

	snprintf(text, sizeof(text), "%s", line);
	for (char *p = strtok_r(text, " ", &rest); p && argc < 23;
	     p = strtok_r(NULL, " ", &rest))
		argv[argc++] = strcmp(p, "CONF") ? p : base.conf;
	argv[argc] = NULL;
	fflush(stdout);
	for (int fd = 1; fd <= 2; fd++) {
		saved[fd - 1] = dup(fd);
		if (fd == 1 || !getenv("FUZZ_SAID"))
			dup2(null, fd);
	}
	status = cmd_main(argc, argv, base.path);
	fflush(stdout);
	for (int fd = 1; fd <= 2; fd++) {
		dup2(saved[fd - 1], fd);
		close(saved[fd - 1]);
	}
	close(null);
	return status;
}

static sqlite3 *open_raw(void)
{
	sqlite3 *db;

	if (sqlite3_open(base.path, &db) != SQLITE_OK)
		abort();
	return db;
}

static void list_columns(void)
{
	sqlite3 *db = open_raw();
	sqlite3_stmt *q;

	if (sqlite3_prepare_v2(db,
			       "select t.name, c.name from sqlite_schema t, "
			       "pragma_table_info(t.name) c where t.type = "
			       "'table' and t.name not like 'sqlite%'",
			       -1, &q, NULL) != SQLITE_OK)
		abort();
	while (sqlite3_step(q) == SQLITE_ROW && base.columns < MAX_COLUMNS) {
		for (int i = 0; i < 2; i++)
			snprintf(base.column[base.columns][i],
				 sizeof(base.column[0][0]), "%s",
				 (const char *)sqlite3_column_text(q, i));
		base.columns++;
	}
	sqlite3_finalize(q);
	sqlite3_exec(db, "pragma journal_mode = delete", NULL, NULL, NULL);
	sqlite3_close(db);
}

static void remove_log(void)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
	char path[96];

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(path, sizeof(path), "%s%s", base.path, ends[i]);
		unlink(path);
	}
}

static void remove_folder(void)
{
	char text[80];

	snprintf(text, sizeof(text), "rm -rf %s", base.folder);
	if (system(text) != 0)
		fprintf(stderr, "# %s is left\n", base.folder);
}

static void write_file(const char *path, const void *data, size_t len)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(data, 1, len, f) != len || fclose(f))
		abort();
}

static void make_base(void)
{
	static const char recipe[] =
		"filters = 2\nblocks = 0\ngroups = 1\nslots = 4\nplies = 3\n"
		"simulations = 4\ngumbel_moves = 2\nwindow_min = 50\n"
		"window_max = 200\nstart_positions = 30\nbatch = 16\n"
		"shard = 16\ncheckpoint_first = 8\nrate_match_games = 2\n"
		"rate_simulations = 2\n";
	static const char *const lines[] = {
		"train tictactoe --run r --recipe CONF --games 40 --threads 1",
		"match random tactical --game tictactoe --games 4 --threads 1",
		"match policy:r/latest mcts:r/latest,sims=8 --games 4 --threads"
		" 1 --traces",
		"imitate tactical --game tictactoe --run copy --games 12 "
		"--match 2 --recipe CONF --threads 1",
	};
	FILE *f;

	if (base.good.len)
		return;
	if (__sanitizer_set_report_fd)
		__sanitizer_set_report_fd((void *)(intptr_t)dup(2));
	/* In memory where there is such a folder: every input is a commit. */
	snprintf(base.folder, sizeof(base.folder), "%s/plyscope-fuzz-XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	if (!mkdtemp(base.folder))
		abort();
	atexit(remove_folder);
	setenv("XDG_DATA_HOME", base.folder, 1);
	setenv("XDG_CONFIG_HOME", base.folder, 1);
	snprintf(base.path, sizeof(base.path), "%s/lab.db", base.folder);
	snprintf(base.conf, sizeof(base.conf), "%s/tiny.conf", base.folder);
	write_file(base.conf, recipe, strlen(recipe));
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (command(lines[i]) != 0)
			abort();
	list_columns();
	f = fopen(base.path, "rb");
	buf_init(&base.good);
	if (!f || !buf_add_stream(&base.good, f, (size_t)1 << 26))
		abort();
	fclose(f);
}

/* --- changes ---------------------------------------------------------------
 */

static const char *const values[] = {
	"null",
	"0",
	"-1",
	"1",
	"7",
	"65536",
	"2147483648",
	"-2147483649",
	"9223372036854775807",
	"-9223372036854775808",
	"1099511627776",
	"9e999",
	"-9e999",
	"1e300",
	"-0.5",
	"1e-300",
	"''",
	"x''",
	"x'00'",
	"x'ff'",
	"cast(x'ff80' as text)",
	"cast(x'1b5b324a0d0a00' as text)",
	"cast(x'e280ae6162' as text)",
	"zeroblob(1000000)",
	"hex(zeroblob(2000))",
	"'\"'",
	"'{\"a\":[1,{\"b\":'",
	"'[]'",
	"'{}'",
	"'[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[['",
	"'train'",
	"'running'",
	"'paused'",
	"'done'",
	"'tictactoe'",
	"'connect4'",
	"'go:size=19'",
	"'mnk:3,3,3'",
	"'chess'",
	"'pacman'",
	"'random'",
	"'policy:r/latest'",
	"'policy:copy/99'",
	"'mcts:r/latest,sims=8'",
	"'tower:filters=1024,blocks=100,pool=100'",
	"'tower:filters=2'",
	"'filters = 1024'",
	"'9999999999999999999'",
	"'a,b'",
	"'random:99'",
	"'engine:true'",
	"'b2 a1 c3'",
	"'5 1 9 2 8 3'",
};

static void add_set(struct rng *r, struct buf *b, const char *only)
{
	int from = (int)rng_below(r, (uint32_t)base.columns);
	int at = from, other = (int)rng_below(r, (uint32_t)base.columns);
	uint32_t row = rng_below(r, 4) * rng_below(r, 6);

	while (only && strcmp(base.column[at][0], only) != 0)
		at = (at + 1) % base.columns;
	if (only && rng_below(r, 2)) /* not the first of them most often */
		at = at + (int)rng_below(r, 16);
	if (at >= base.columns || (only && strcmp(base.column[at][0], only)))
		at = from;
	if (rng_below(r, 5))
		buf_printf(b, "set %s %s %u %s\n", base.column[at][0],
			   base.column[at][1], row,
			   values[rng_below(r, ARRAY_LEN(values))]);
	else
		buf_printf(b, "copy %s %s %u %s %s\n", base.column[at][0],
			   base.column[at][1], row, base.column[other][0],
			   base.column[other][1]);
}

/* Anywhere, or where pages begin. */
static void add_byte(struct rng *r, struct buf *b)
{
	uint32_t len = (uint32_t)base.good.len, at = rng_below(r, len);

	if (rng_below(r, 2))
		at = at / 4096 * 4096 + rng_below(r, 128);
	buf_printf(b, "byte %u %u\n", at < len ? at : 0, rng_below(r, 256));
}

static void mutate_lab(struct rng *r, struct buf *b)
{
	uint32_t kind = rng_below(r, 20);

	if (b->len > 4000)
		buf_clear(b);
	if (kind < 14)
		add_set(r, b, NULL);
	else if (kind < 17)
		add_byte(r, b);
	else if (kind < 18)
		buf_printf(b, "cut %u\n",
			   rng_below(r, (uint32_t)base.good.len));
	else
		buf_printf(b, "delete %s %u\n",
			   base.column[rng_below(r, (uint32_t)base.columns)][0],
			   rng_below(r, 6));
}

static void mutate_job(struct rng *r, struct buf *b)
{
	if (b->len > 4000)
		buf_clear(b);
	add_set(r, b, "job");
}

/* Is it a table, or with `column` its column? */
static bool known(const char *table, const char *column)
{
	for (int i = 0; i < base.columns; i++)
		if (!strcmp(base.column[i][0], table) &&
		    (!column || !strcmp(base.column[i][1], column)))
			return true;
	return false;
}

static void which_row(char out[96], const char *table, unsigned row)
{
	out[0] = '\0';
	if (row)
		snprintf(out, 96,
			 "where rowid = (select rowid from %.32s limit 1 offset"
			 " %u)",
			 table, row - 1);
}

/* One line of an input as SQL; "" if it is none. */
static void line_sql(const char *line, char sql[3000])
{
	char table[64], column[64], from[64], what[64], where[96];
	unsigned row;
	int n = 0;

	sql[0] = '\0';
	if (sscanf(line, "set %63s %63s %u %n", table, column, &row, &n) == 3 &&
	    n && known(table, column)) {
		which_row(where, table, row);
		for (size_t i = 0; i < ARRAY_LEN(values); i++)
			if (!strcmp(values[i], line + n))
				snprintf(sql, 3000, "update %s set %s = %s %s",
					 table, column, values[i], where);
	} else if (sscanf(line, "copy %63s %63s %u %63s %63s", table, column,
			  &row, from, what) == 5 &&
		   known(table, column) && known(from, what)) {
		which_row(where, table, row);
		snprintf(sql, 3000,
			 "update %s set %s = (select %s from %s limit 1) %s",
			 table, column, what, from, where);
	} else if (sscanf(line, "delete %63s %u", table, &row) == 2 &&
		   known(table, NULL)) {
		which_row(where, table, row);
		snprintf(sql, 3000, "delete from %s %s", table, where);
	}
}

/* Past constraints: the schema forgets them for a while. */
static void run_sql(const char *text)
{
	static const char forget[] =
		"pragma foreign_keys = off; pragma ignore_check_constraints = "
		"on; pragma synchronous = off; pragma writable_schema = on;"
		"create temp table kept as select name was, sql as text from "
		"sqlite_schema;"
		"update sqlite_schema set sql = replace(replace(sql, "
		"' not null', ''), ') strict', ')') where type = 'table';"
		"pragma writable_schema = reset";
	static const char remember[] =
		"pragma writable_schema = on; update sqlite_schema set sql = "
		"(select text from kept where was = name) where type = 'table'";
	sqlite3 *db = open_raw();
	char line[256], sql[3000];

	if (sqlite3_exec(db, forget, NULL, NULL, NULL) != SQLITE_OK)
		abort();
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		snprintf(line, sizeof(line), "%.*s", (int)strcspn(text, "\n"),
			 text);
		line_sql(line, sql);
		if (*sql)
			sqlite3_exec(db, sql, NULL, NULL, NULL);
	}
	if (sqlite3_exec(db, remember, NULL, NULL, NULL) != SQLITE_OK)
		abort();
	sqlite3_close(db);
}

static void damage(const char *text)
{
	int fd = open(base.path, O_WRONLY);
	unsigned at, value;

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		unsigned char byte;

		if (sscanf(text, "byte %u %u", &at, &value) == 2) {
			byte = (unsigned char)value;
			if (at < base.good.len && pwrite(fd, &byte, 1, at) != 1)
				abort();
		} else if (sscanf(text, "cut %u", &at) == 1 &&
			   at < base.good.len && ftruncate(fd, at)) {
			abort();
		}
	}
	close(fd);
}

/* --- looking ---------------------------------------------------------------
 */

static const char *const commands[] = {
	"check",
	"check --json",
	"list runs",
	"list runs --json",
	"list checkpoints",
	"list checkpoints --json",
	"list games",
	"list games --json --agent r --result first",
	"list jobs",
	"list jobs --json",
	"show run r",
	"show run r --json",
	"show run copy --json",
	"show checkpoint r/latest",
	"show checkpoint 2 --json",
	"show game 1",
	"show game 45 --json",
	"export match 1",
	"export match 2 --format json",
	"export run r",
	"rate",
	"rate --json --anchor tactical",
	"grade tictactoe --agent policy:r/latest --random 3 --threads 1",
	"analyze tictactoe --agent policy:copy/latest",
	"match policy:r/latest tactical --games 2 --threads 1",
};

static const char *const screens[] = {
	"home",          "runs",
	"run r",         "run copy",
	"checkpoints r", "checkpoint r/latest",
	"games",         "game 1",
	"game 45",       "matches",
	"match 1",       "match 2",
	"jobs",          "leaderboard tictactoe",
	"search 1",      "imitate",
	"train",         "trust",
};

static const char *const job_commands[] = {
	"list jobs",
	"list jobs --json",
	"list jobs --run r --json",
	"show run r --json",
	"check",
};

static const char *const job_screens[] = {"jobs", "home", "run r", "runs"};

static void look(const char *const *lines, uint32_t count, struct rng *r)
{
	struct err e = ERR_INIT;
	struct script s;
	struct lab *lab;
	struct app *app;
	char line[64];

	if (lab_open(&lab, base.path, 0, &e)) {
		fuzz_check_error(&e);
		return;
	}
	app = app_new(lab);
	script_init(&s, app, 24 + (int)rng_below(r, 30),
		    60 + (int)rng_below(r, 80));
	for (int i = 0; i < 2; i++) {
		snprintf(line, sizeof(line), "open %s",
			 lines[rng_below(r, count)]);
		if (script_line(&s, line, &e) ||
		    script_line(&s, "wait idle", &e) ||
		    script_line(&s, "key Down", &e) ||
		    script_line(&s, "key End", &e) ||
		    script_line(&s, "wait idle", &e))
			fuzz_check_error(&e);
	}
	script_release(&s);
	app_free(app);
	lab_close(lab);
}

static uint64_t hash(const char *text, size_t len)
{
	uint64_t h = 1;

	for (size_t i = 0; i < len; i++)
		h = rng_mix(h, (unsigned char)text[i]);
	return h;
}

static void prepare(const char *text)
{
	make_base();
	remove_log();
	write_file(base.path, base.good.data, base.good.len);
	run_sql(text);
	damage(text);
}

static void run_lab(const char *text, size_t len)
{
	struct rng r;

	prepare(text);
	rng_init(&r, hash(text, len), RNG_TEST, 0, 0);
	/* A lab that nothing was done to is sound. */
	fuzz_check(command("check") == 0 || len);
	for (int i = 0; i < 3; i++)
		command(commands[rng_below(&r, ARRAY_LEN(commands))]);
	look(screens, ARRAY_LEN(screens), &r);
}

/* Jobs besides: what other processes do with their rows. */
static void meddle(void)
{
	char message[STORE_MESSAGE_SIZE];
	enum store_wanted wanted;
	int64_t buried = 0;
	struct store *s;

	if (store_open(base.path, 0, &s, message)) {
		fuzz_check(message[0] && !strchr(message, '\n'));
		return;
	}
	if (store_job_bury(s, &buried) == STORE_OK)
		fuzz_check(buried >= 0);
	for (int64_t id = 1; id < 4; id++) {
		if (!store_job_wanted(s, id, &wanted))
			fuzz_check(wanted <= STORE_WANT_STOP);
		if (store_job_beat(s, id, STORE_JOB_RUNNING, 1, 2, "x",
				   &wanted) ||
		    store_job_want(s, id, STORE_WANT_PAUSE) ||
		    store_job_take_over(s, 1, id))
			fuzz_check(store_message(s)[0]);
	}
	store_close(s);
}

static void run_job(const char *text, size_t len)
{
	struct rng r;

	prepare(text);
	rng_init(&r, hash(text, len), RNG_TEST, 0, 0);
	command(job_commands[rng_below(&r, ARRAY_LEN(job_commands))]);
	if (!rng_below(&r, 4))
		look(job_screens, ARRAY_LEN(job_screens), &r);
	meddle();
}

/* Makes the lab before anything is changed. */
static void begin(struct fuzz_corpus *c)
{
	(void)c;
	make_base();
}

const struct fuzz_target fuzz_targets[] = {
	{.name = "lab",
	 .run = run_lab,
	 .make = begin,
	 .mutate = mutate_lab,
	 .rare = 1000},
	{.name = "job",
	 .run = run_job,
	 .make = begin,
	 .mutate = mutate_job,
	 .rare = 1000},
	{.name = NULL},
};
