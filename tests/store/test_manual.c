/* SPDX-License-Identifier: MIT */
/* plyscope-lab(5) names every table, view and column of a real lab file, in
 * their order, and nothing else; its examples run. */
#include "config.h"

#include "tests/store/lab.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void query(sqlite3 *db, const char *sql,
		  int (*row)(void *, int, char **, char **), void *ctx)
{
	char *message = NULL;

	if (sqlite3_exec(db, sql, row, ctx, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
}

static char *page_read(void)
{
	const char *top = getenv("top_srcdir");
	char path[1024];
	size_t len;
	unsigned char *text;

	snprintf(path, sizeof(path), "%s/man/plyscope-lab.5", top ? top : ".");
	text = file_read(path, &len);
	text[len] = '\0';
	return (char *)text;
}

/* The next line of the text, cut off there; NULL at the end. */
static char *next_line(char **at)
{
	char *line = *at, *end;

	if (!line || !*line)
		return NULL;
	end = strchr(line, '\n');
	*at = end ? end + 1 : NULL;
	if (end)
		*end = '\0';
	return line;
}

/* "table run: id name ..." for each part of the page, a line each. */
static void page_schema(char *out, size_t size)
{
	char *page = page_read(), *at = page, *line;
	bool on = false;
	size_t len = 0;

	while ((line = next_line(&at))) {
		if (strncmp(line, ".Ss The table ", 14) == 0 ||
		    strncmp(line, ".Ss The view ", 13) == 0) {
			len += (size_t)snprintf(out + len, size - len,
						"\n%s:", line + 8);
			on = true;
		} else if (strncmp(line, ".Ss", 3) == 0 ||
			   strncmp(line, ".Sh", 3) == 0) {
			on = false;
		} else if (on && strncmp(line, ".It Va ", 7) == 0) {
			len += (size_t)snprintf(out + len, size - len, " %s",
						line + 7);
		}
	}
	free(page);
	assert_true(len < size);
}

static int column(void *ctx, int n, char **values, char **names)
{
	char *out = ctx;
	size_t len = strlen(out);

	(void)n;
	(void)names;
	snprintf(out + len, 4000 - len, " %s", values[0]);
	return 0;
}

struct compare {
	sqlite3 *db;
	char page[20000];
	int count;
};

/* The same line for one table or view of the file. */
static int compare_one(void *ctx, int n, char **values, char **names)
{
	struct compare *c = ctx;
	char line[4000], sql[200];

	(void)n;
	(void)names;
	snprintf(line, sizeof(line), "\n%s %s:", values[0], values[1]);
	snprintf(sql, sizeof(sql),
		 "select name from pragma_table_info('%s') order by cid",
		 values[1]);
	query(c->db, sql, column, line);
	/* With the end of line, lest more columns follow. */
	snprintf(line + strlen(line), sizeof(line) - strlen(line), "\n");
	if (!strstr(c->page, line))
		fail_msg("the manual has no%s", line);
	c->count++;
	return 0;
}

static void test_schema(void **state)
{
	static struct compare c;
	struct lab *lab = *state;
	int documented = 0;

	page_schema(c.page, sizeof(c.page) - 1);
	c.page[strlen(c.page)] = '\n';
	assert_int_equal(sqlite3_open(lab->path, &c.db), SQLITE_OK);
	query(c.db,
	      "select type, name from sqlite_schema where type in"
	      " ('table', 'view') and name not like 'sqlite_%'",
	      compare_one, &c);
	for (char *p = c.page; (p = strchr(p, ':')); p++)
		documented++;
	assert_true(c.count > 20);
	assert_int_equal(documented, c.count);
	sqlite3_close(c.db);
}

/* Each view and each quoted statement of an example. */
static void test_examples(void **state)
{
	struct lab *lab = *state;
	char *page = page_read(), *at = page;
	sqlite3 *db;
	int ran = 0;

	assert_int_equal(sqlite3_open(lab->path, &db), SQLITE_OK);
	while ((at = strstr(at, "sqlite3 -"))) {
		char *start = strpbrk(at, "\"'"), *end, quote;

		assert_non_null(start);
		quote = *start++;
		end = strchr(start, quote);
		assert_non_null(end);
		*end = '\0';
		query(db, start, NULL, NULL);
		ran++;
		at = end + 1;
	}
	assert_true(ran >= 4);
	query(db,
	      "select * from leaderboard; select * from runs;"
	      "select * from checkpoints; select * from games;"
	      "select * from matches; select * from curves;"
	      "select * from jobs; select * from studies",
	      NULL, NULL);
	sqlite3_close(db);
	free(page);
}

#define lab_test(f) cmocka_unit_test_setup_teardown(f, lab_setup, lab_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(test_schema),
		lab_test(test_examples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
