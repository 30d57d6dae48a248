/* SPDX-License-Identifier: MIT */
/* What was committed stays, whatever happens to the writer: killed at any
 * moment, beside other writers, with a full disk. */
#include "config.h"

#include "tests/store/lab.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/game.h"
#include "store/run.h"
#include "store/store.h"

/*
 * One iteration of a made-up training run: games, a metric, a checkpoint and
 * the resume record, in one transaction.  Everything says the same number, so
 * that a half-saved iteration would show.
 */
static enum store_status iterate(struct store *s, int64_t run, int64_t n)
{
	struct store_checkpoint c = {.run_id = run, .step = n, .network = "n"};
	struct store_metric m = {.step = n, .value = (double)n};
	struct store_game g = lab_game(run, 0);
	enum store_status st = store_begin(s);
	static float weights[3000];
	static char resume[40000];

	if (st != STORE_OK)
		return st;
	for (size_t i = 0; i < 3000; i++)
		weights[i] = (float)((int64_t)(i * 7919 % 10007) + n);
	memset(resume, (int)(n & 0x7f), sizeof(resume));
	for (int i = 1; i <= 3 && st == STORE_OK; i++) {
		g.number = (n - 1) * 3 + i;
		g.step = n;
		st = store_game_add(s, &g, NULL);
	}
	if (st == STORE_OK)
		st = store_metric_add(s, run, "n", &m);
	if (st == STORE_OK)
		st = store_checkpoint_add(s, &c, weights, 3000, NULL);
	if (st == STORE_OK)
		st = store_resume_save(s, run, n, resume, sizeof(resume));
	return store_commit(s);
}

/* The last iteration in the file; each must be there whole. */
static int64_t last_iteration(struct lab *lab, int64_t run)
{
	struct store_checkpoint *c;
	struct store_metric *m;
	size_t checkpoints, metrics, len;
	int64_t games, step = 0, problems;
	const char *bytes;
	const void *data;
	float w[3000];

	assert_store(lab, store_checkpoint_list(lab->s, &lab->bag, run, &c,
						&checkpoints));
	assert_store(lab, store_metric_list(lab->s, &lab->bag, run, "n", 0, &m,
					    &metrics));
	assert_store(lab, store_game_last(lab->s, run, &games));
	assert_int_equal(metrics, checkpoints);
	assert_int_equal(games, checkpoints * 3);
	for (size_t i = 0; i < checkpoints; i++) {
		assert_int_equal(c[i].step, i + 1);
		assert_int_equal(m[i].step, i + 1);
		assert_store(lab,
			     store_weights_load(lab->s, c[i].sha256, w, 3000));
		assert_true(w[0] == (float)(i + 1));
	}
	if (checkpoints) {
		assert_store(lab, store_resume_load(lab->s, &lab->bag, run,
						    &step, &data, &len));
		bytes = data;
		assert_int_equal(step, checkpoints);
		assert_int_equal(len, 40000);
		assert_int_equal(bytes[len - 1], step & 0x7f);
	}
	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_int_equal(problems, 0);
	return (int64_t)checkpoints;
}

/* A writer that says each number once it is committed. */
static void __attribute__((noreturn))
write_for_ever(const char *path, int64_t run, int64_t n, int say)
{
	struct store *s;

	if (store_open(path, 0, &s, NULL) != STORE_OK)
		_exit(1);
	for (;; n++) {
		if (iterate(s, run, n) != STORE_OK)
			_exit(2);
		if (write(say, &n, sizeof(n)) != sizeof(n))
			_exit(3);
	}
}

static void test_kill(void **state)
{
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "c4"), done = 0;
	unsigned seed = 12345;

	store_close(lab->s);
	lab->s = NULL;
	for (int round = 0; round < 25; round++) {
		struct timespec nap = {0};
		int64_t said = done, n;
		int fd[2], status;
		pid_t pid;

		assert_int_equal(pipe(fd), 0);
		pid = fork();
		if (pid == 0)
			write_for_ever(lab->path, run, done + 1, fd[1]);
		assert_true(pid > 0);
		close(fd[1]);
		/* Let it commit once or more, then strike at some moment. */
		for (int i = 0; i <= round % 3; i++)
			assert_int_equal(read(fd[0], &said, sizeof(said)),
					 sizeof(said));
		seed = seed * 1103515245u + 12345u;
		nap.tv_nsec = (long)(seed >> 16) % 20000 * 1000;
		nanosleep(&nap, NULL);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		while (read(fd[0], &n, sizeof(n)) == sizeof(n))
			said = n;
		close(fd[0]);
		lab_reopen(lab);
		done = last_iteration(lab, run);
		/* All that it said, and at most the one it was about to say. */
		assert_true(done == said || done == said + 1);
		store_close(lab->s);
		lab->s = NULL;
		store_bag_release(&lab->bag);
	}
	assert_true(done >= 25);
}

/* Three processes, each its own run, all at once. */
static void test_writers(void **state)
{
	enum { WRITERS = 3, EACH = 20 };
	struct lab *lab = *state;
	int64_t run[WRITERS];
	pid_t pid[WRITERS];

	for (int i = 0; i < WRITERS; i++) {
		char name[16];

		snprintf(name, sizeof(name), "r%d", i);
		run[i] = lab_add_run(lab, name);
	}
	store_close(lab->s);
	lab->s = NULL;
	for (int i = 0; i < WRITERS; i++) {
		pid[i] = fork();
		if (pid[i] == 0) {
			struct store *s;

			if (store_open(lab->path, 0, &s, NULL) != STORE_OK)
				_exit(1);
			for (int n = 1; n <= EACH; n++)
				if (iterate(s, run[i], n) != STORE_OK)
					_exit(2);
			store_close(s);
			_exit(0);
		}
		assert_true(pid[i] > 0);
	}
	for (int i = 0; i < WRITERS; i++) {
		int status;

		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
	lab_reopen(lab);
	for (int i = 0; i < WRITERS; i++)
		assert_int_equal(last_iteration(lab, run[i]), EACH);
}

/* Several processes make the same new file: one wins, all have it. */
static void test_creators(void **state)
{
	enum { CREATORS = 4 };
	struct lab *lab = *state;
	struct store_run *rows;
	pid_t pid[CREATORS];
	size_t count;
	int go[2];

	store_close(lab->s);
	lab->s = NULL;
	unlink(lab->path);
	assert_int_equal(pipe(go), 0);
	for (int i = 0; i < CREATORS; i++) {
		pid[i] = fork();
		if (pid[i] == 0) {
			struct store_run r = {.kind = "train", .game = "g"};
			char name[16], c;

			close(go[1]);
			if (read(go[0], &c, 1) != 0)
				_exit(1);
			snprintf(name, sizeof(name), "r%d", i);
			r.name = name;
			if (store_open(lab->path, STORE_CREATE, &lab->s,
				       NULL) != STORE_OK)
				_exit(2);
			if (store_run_add(lab->s, &r, NULL) != STORE_OK)
				_exit(3);
			store_close(lab->s);
			_exit(0);
		}
		assert_true(pid[i] > 0);
	}
	close(go[0]);
	close(go[1]);
	for (int i = 0; i < CREATORS; i++) {
		int status;

		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
	lab_reopen(lab);
	assert_store(lab, store_run_list(lab->s, &lab->bag, &rows, &count));
	assert_int_equal(count, CREATORS);
}

/* A limit on the size of files looks to SQLite as a disk that is full. */
static int fill_disk(const char *path, int64_t run)
{
	struct rlimit limit = {600000, 600000};
	enum store_status st = STORE_OK;
	struct store *s;
	int64_t n = 0;

	if (store_open(path, 0, &s, NULL) != STORE_OK)
		return 1;
	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 2;
	while (st == STORE_OK && n < 1000)
		st = iterate(s, run, ++n);
	if (st != STORE_FULL || !strstr(store_message(s), "the disk is full") ||
	    !strstr(store_message(s), path))
		return 3;
	/* It stays usable for reading. */
	{
		struct store_bag bag = {0};
		struct store_checkpoint c;

		if (store_checkpoint_latest(s, &bag, run, &c) != STORE_OK ||
		    c.step != n - 1)
			return 4;
		store_bag_release(&bag);
	}
	store_close(s);
	/* The number of iterations that were committed. */
	return 10 + (int)n - 1;
}

static void test_full_disk(void **state)
{
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "c4"), done;
	int status;
	pid_t pid;

	store_close(lab->s);
	lab->s = NULL;
	pid = fork();
	if (pid == 0)
		_exit(fill_disk(lab->path, run));
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) > 10);
	lab_reopen(lab);
	done = last_iteration(lab, run);
	assert_int_equal(done, WEXITSTATUS(status) - 10);
	/* With room again, it goes on. */
	assert_store(lab, iterate(lab->s, run, done + 1));
	assert_int_equal(last_iteration(lab, run), done + 1);
}

static int create_full(const char *path)
{
	struct rlimit limit = {20000, 20000};
	char message[STORE_MESSAGE_SIZE];
	struct store *s;

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 1;
	if (store_open(path, STORE_CREATE, &s, message) != STORE_FULL)
		return 2;
	return strstr(message, path) ? 0 : 3;
}

/* No room even for an empty lab: no half of one is left. */
static void test_full_disk_create(void **state)
{
	struct lab *lab = *state;
	char name[128];
	int status;
	pid_t pid;

	store_close(lab->s);
	lab->s = NULL;
	unlink(lab->path);
	pid = fork();
	if (pid == 0)
		_exit(create_full(lab->path));
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_not_equal(access(lab->path, F_OK), 0);
	snprintf(name, sizeof(name), "%s.new-%ld", lab->path, (long)pid);
	assert_int_not_equal(access(name, F_OK), 0);
}

#define lab_test(f) cmocka_unit_test_setup_teardown(f, lab_setup, lab_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(test_kill),
		lab_test(test_writers),
		lab_test(test_creators),
		lab_test(test_full_disk),
		lab_test(test_full_disk_create),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
