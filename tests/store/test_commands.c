/* SPDX-License-Identifier: MIT */
/* plyscope list, show, export and check, run as a person would run them. */
#include "config.h"

#include "tests/store/lab.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "core/base/json.h"
#include "store/game.h"
#include "store/job.h"
#include "store/run.h"
#include "store/store.h"

static char output[200000];

/* Runs a command with the lab; its exit status.  `output` has what it said,
 * on stderr too if `errors`. */
static int ply(struct lab *lab, bool errors, const char *args)
{
	const char *top = getenv("top_builddir");
	char line[600];
	int status;
	size_t n;
	FILE *f;

	snprintf(line, sizeof(line), "%s/plyscope %s --lab '%s' %s",
		 top ? top : ".", args, lab->path,
		 errors ? "2>&1 >/dev/null" : "2>/dev/null");
	f = popen(line, "r");
	assert_non_null(f);
	n = fread(output, 1, sizeof(output) - 1, f);
	output[n] = '\0';
	status = pclose(f);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void works(struct lab *lab, const char *args)
{
	if (ply(lab, false, args) != 0)
		fail_msg("plyscope %s failed", args);
}

/* Fails with this status and one sentence that has these words. */
static void fails(struct lab *lab, int status, const char *args,
		  const char *words)
{
	int got = ply(lab, true, args);

	if (got != status)
		fail_msg("plyscope %s: status %d", args, got);
	assert_contains(output, words);
	assert_ptr_equal(strchr(output, '\n'), output + strlen(output) - 1);
}

/* A small lab: a run with two checkpoints, games, a search, a job. */
static int setup(void **state)
{
	const double unknown = (double)NAN;
	struct store_checkpoint c = {.step = 10,
				     .network = "tower 8x2",
				     .games = 100,
				     .samples = 2500,
				     .elo = 321.4,
				     .elo_low = 300,
				     .elo_high = 345};
	struct store_metric m = {10, 100, 5000, 1.75};
	struct store_search x = {.ply = 3,
				 .agent = "mcts:c4/10,sims=50",
				 .simulations = 50,
				 .best = "3",
				 .win = 0.5,
				 .draw = 0.125,
				 .loss = 0.375,
				 .raw_value = 0.25,
				 .trace = "tree",
				 .trace_len = 4};
	struct store_job j = {.kind = "train", .command = "plyscope train"};
	float weights[8] = {1, 2, 3};
	struct lab *lab;

	if (lab_setup(state) != 0)
		return -1;
	lab = *state;
	c.run_id = j.run_id = lab_add_run(lab, "c4");
	lab_add_run(lab,
		    "a-run-with-a-long-name-that-takes-much-room-in-tables");
	assert_store(lab, store_checkpoint_add(lab->s, &c, weights, 8, NULL));
	c.step = 20;
	c.elo = c.elo_low = c.elo_high = unknown;
	assert_store(lab, store_checkpoint_add(lab->s, &c, weights, 8, NULL));
	assert_store(lab, store_metric_add(lab->s, c.run_id, "loss", &m));
	for (int i = 1; i <= 50; i++) {
		struct store_game g = lab_game(c.run_id, i);

		g.game = "drop:rows=6,cols=7,line=4";
		g.created_ms = 1700000000000;
		if (i == 50) {
			g.first = "human";
			g.moves = "44536";
			g.plies = 5;
			g.result = -1;
		}
		assert_store(lab, store_game_add(lab->s, &g, &x.game_id));
	}
	assert_store(lab, store_search_add(lab->s, &x, NULL));
	assert_store(lab, store_job_add(lab->s, &j, &j.id));
	assert_store(lab,
		     store_job_end(lab->s, j.id, STORE_JOB_DONE, "all done"));
	store_close(lab->s);
	lab->s = NULL;
	return 0;
}

static void check_width(void)
{
	char *line = output, *end;

	for (; (end = strchr(line, '\n')); line = end + 1)
		if (end - line > 80)
			fail_msg("wider than 80: %.*s", (int)(end - line),
				 line);
}

static int count_of(const char *part)
{
	int n = 0;

	for (char *p = output; (p = strstr(p, part)); p++)
		n++;
	return n;
}

static void test_list(void **state)
{
	struct lab *lab = *state;

	works(lab, "list runs");
	check_width();
	assert_int_equal(count_of("\n"), 3);
	assert_contains(output, "connect4");
	assert_contains(output, " 100 "); /* learned from, 50 of them stored */
	works(lab, "list runs --run c4");
	assert_int_equal(count_of("\n"), 2);
	assert_contains(output, "321");
	works(lab, "list checkpoints");
	check_width();
	assert_contains(output, "c4/20");
	assert_contains(output, "2500");
	works(lab, "list checkpoints --run "
		   "a-run-with-a-long-name-that-takes-much-room-in-tables");
	assert_string_equal(output, "no checkpoints yet\n");
	works(lab, "list games");
	check_width();
	assert_contains(output, "40 of 50 games, newest first: --offset 40");
	works(lab, "list games --offset 45");
	assert_int_equal(count_of("\n"), 7);
	works(lab, "list games --agent human --result second");
	assert_int_equal(count_of("\n"), 2);
	works(lab, "list games --purpose match");
	assert_string_equal(output, "no such games are stored\n");
	works(lab, "list jobs");
	check_width();
	assert_contains(output, "all done");
}

static void test_list_json(void **state)
{
	struct lab *lab = *state;

	works(lab, "list runs --run c4 --json");
	assert_contains(output,
			"[{\"id\":1,\"name\":\"c4\",\"kind\":\"train\"");
	assert_contains(output, "\"elo\":321.4,");
	assert_contains(output, "\"source\":null");
	works(lab, "list checkpoints --json");
	assert_int_equal(count_of("\"sha256\":"), 2);
	works(lab, "list games --json");
	assert_int_equal(count_of("\"moves\":\"4453\""), 49);
	works(lab, "list games --json --limit 3");
	assert_int_equal(count_of("\"moves\":"), 3);
	works(lab, "list games --json --purpose match");
	assert_string_equal(output, "[]\n");
	works(lab, "list jobs --json");
	assert_contains(output, "\"state\":\"done\"");
	assert_contains(output, "\"dead\":false");
}

static void test_show(void **state)
{
	struct lab *lab = *state;

	works(lab, "show run c4");
	assert_contains(output, "elo         321 (300 to 345)");
	assert_contains(output, "  games = 100\n");
	assert_contains(output, "1.75  at step 10");
	works(lab, "show run 1 --json");
	assert_contains(output, "\"config\":\"games = 100\\n\"");
	assert_contains(output, "\"metrics\":{\"loss\":1.75}");
	assert_contains(output, "\"games_distinct\":");
	works(lab, "show checkpoint c4/latest");
	assert_contains(output, "checkpoint  c4/20\n");
	works(lab, "show checkpoint 1 --json");
	assert_contains(output, "{\"id\":1,\"run\":\"c4\",\"step\":10,");
	works(lab, "show game 50");
	assert_contains(output, "second player won (four in a row) after 5");
	assert_contains(output, "  . . . O . . .\n  . . O X X X .\n");
	assert_contains(output, "  3  3     0.500  0.125  0.375");
	works(lab, "show game 50 --json");
	assert_contains(output, "\"searches\":[{\"id\":1,\"ply\":3,");
	assert_contains(output, "\"value\":{\"win\":0.5,\"draw\":0.125,");
}

static void test_no_date(void **state)
{
	struct lab *lab = *state;

	lab_sql(lab->path, "update run set created_ms = 0 where id = 1");
	works(lab, "list runs --run c4");
	assert_contains(output, "  -\n");
	assert_null(strstr(output, "1970"));
	works(lab, "show run c4");
	assert_contains(output, "made        -\n");
	works(lab, "list runs --run c4 --json");
	assert_contains(output, "\"created_ms\":0}");
}

static void test_export(void **state)
{
	struct lab *lab = *state;

	works(lab, "export game 50");
	assert_string_equal(output, "# drop:rows=6,cols=7,line=4\n"
				    "# first: human\n"
				    "# second: mcts:c4/10,sims=50\n"
				    "# result: second player won\n"
				    "# played: 2023-11-14 22:13\n"
				    "44536\n");
}

static void test_check(void **state)
{
	struct lab *lab = *state;

	works(lab, "check");
	assert_contains(output, "is sound\n");
	works(lab, "check --json");
	assert_contains(output, "\"problems\":[],\"sound\":true}");
	lab_sql(lab->path, "update weights set data = zeroblob(9)");
	fails(lab, 1, "check", "1 problem;");
	assert_int_equal(ply(lab, false, "check"), 1);
	assert_contains(output, "is damaged: the weights");
	assert_int_equal(ply(lab, false, "check --json"), 1);
	assert_contains(output, "\"sound\":false}");
}

static void test_mistakes(void **state)
{
	struct lab *lab = *state;

	fails(lab, 2, "list", "plyscope list:");
	fails(lab, 2, "list wins", "'wins' cannot be listed");
	fails(lab, 2, "list games --limit none", "--limit none");
	fails(lab, 2, "list games --result lost", "must be first, second");
	fails(lab, 1, "list games --run c5", "did you mean c4?");
	fails(lab, 2, "show game fifty", "'fifty' is not the number of a game");
	fails(lab, 2, "show match 1", "'match' cannot be shown");
	fails(lab, 1, "show game 51", "has no game 51");
	fails(lab, 1, "show run c3", "did you mean c4?");
	fails(lab, 1, "show checkpoint c4/15", "no checkpoint 15");
	fails(lab, 1, "show checkpoint c5/latest", "did you mean c4?");
	fails(lab, 1, "show checkpoint 9", "has no checkpoint 9");
	fails(lab, 2, "export job 1", "'job' cannot be exported");
	fails(lab, 1, "export match 1", "no games of match 1");
	fails(lab, 2, "export game 1 --format fen", "unknown format 'fen'");
	fails(lab, 1, "export game 51", "has no game 51");
	/* What somebody stored is no misuse, and steers no terminal. */
	lab_sql(lab->path, "update game set game = 'mn' || char(27, 8238) || "
			   "'[2J', facts = '],' where id = 1");
	fails(lab, 1, "export game 1", "unknown game 'mn");
	assert_null(strchr(output, 27));
	assert_null(strstr(output, "\xe2\x80\xae"));
	works(lab, "list games");
	assert_null(strchr(output, 27));
	works(lab, "show game 1 --json");
	assert_true(json_valid(output));
	file_write(lab->path, "not a lab", 9);
	fails(lab, 1, "list runs", "is not a lab file");
	fails(lab, 1, "check", "is not a lab file");
	remove(lab->path);
	fails(lab, 1, "export game 1", "there is no lab file");
}

static void test_help(void **state)
{
	struct lab *lab = *state;

	works(lab, "list --help");
	assert_contains(output, "usage: plyscope list runs|checkpoints");
	works(lab, "show --help");
	assert_contains(output, "RUN/STEP");
	works(lab, "export --help");
	assert_contains(output, "usage: plyscope export game ID... | run NAME");
	works(lab, "check --help");
	assert_contains(output, "--json");
}

#define lab_test(f) cmocka_unit_test_setup_teardown(f, setup, lab_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(test_list),  lab_test(test_list_json),
		lab_test(test_show),  lab_test(test_export),
		lab_test(test_check), lab_test(test_mistakes),
		lab_test(test_help),  lab_test(test_no_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
