/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/work.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "tui/data.h"

static atomic_bool interrupted, waiting;

/*
 * timeout(1) signals its child and then the group that the child is in: two
 * within microseconds, by one who asked once.  So a second one counts only
 * later.
 */
enum { SECOND_MS = 500 };

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void on_signal(int number)
{
	static _Atomic int64_t first_ms;
	int64_t first = 0, now = now_ms();

	if (atomic_load(&waiting)) {
		signal(number, SIG_DFL);
		raise(number);
	} else if (atomic_compare_exchange_strong(&first_ms, &first, now)) {
		atomic_store(&interrupted, true);
	} else if (now - first >= SECOND_MS) {
		signal(number, SIG_DFL);
		raise(number);
	}
}

const atomic_bool *work_interrupt(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		struct sigaction old;

		/* One that is ignored (nohup) stays ignored. */
		if (!sigaction(numbers[i], NULL, &old) &&
		    old.sa_handler != SIG_IGN)
			signal(numbers[i], on_signal);
	}
	return &interrupted;
}

void work_wait_for(const char *path)
{
	struct stat st;
	int failed = path ? stat(path, &st) : fstat(STDIN_FILENO, &st);

	(void)work_interrupt();
	atomic_store(&waiting, !failed && !S_ISREG(st.st_mode));
}

void work_wait_over(void)
{
	atomic_store(&waiting, false);
}

void work_report(void *ctx, const struct job *job)
{
	(void)ctx;
	work_wait_over();
	cmd_progress_of(job->done, job->total, "%s", job->message);
}

char *work_command(const struct cmd_line *line)
{
	struct buf b;
	char *text;

	buf_init(&b);
	buf_printf(&b, "plyscope %s", line->cmd->name);
	for (int i = 0; i < line->argc; i++)
		buf_printf(&b, " %s", line->argv[i]);
	for (int i = 0; line->cmd->options && line->cmd->options[i].conf.name;
	     i++)
		if (line->values[i])
			buf_printf(&b, " --%s%s%s",
				   line->cmd->options[i].conf.name,
				   *line->values[i] ? " " : "",
				   line->values[i]);
	text = buf_detach(&b, NULL);
	buf_release(&b);
	return text;
}

/* NULL with errno set if the file cannot be read. */
static char *read_text(const char *path)
{
	FILE *f = fopen(path, "r");
	struct buf b;
	int failed;

	if (!f)
		return NULL;
	buf_init(&b);
	/* A recipe is a page of text: more is some other file. */
	failed = buf_add_stream(&b, f, 1 << 20) ? 0 : errno;
	fclose(f);
	if (failed) {
		buf_release(&b);
		errno = failed;
		return NULL;
	}
	return buf_detach(&b, NULL);
}

void work_usual_recipe(const char *game, char **path, char **text)
{
	*path = game ? data_game_recipe(game) : NULL;
	*text = *path ? read_text(*path) : NULL;
}

int work_ask(const struct cmd_line *line, const char *run, const char *resume,
	     struct work_asked *out)
{
	/* A game may hold '=' too: drop:rows=6,... */
	int first = line->argc &&
		    (!strchr(line->argv[0], '=') || strchr(line->argv[0], ':'));

	for (int i = first; i < line->argc; i++)
		if (!strchr(line->argv[i], '='))
			return cmd_complain(line, CMD_USAGE,
					    "'%s' is neither a game nor "
					    "key=value",
					    line->argv[i]);
	if (resume && run)
		return cmd_complain(line, CMD_USAGE,
				    "--resume names the run: leave --run out");
	if (!resume && !run)
		return cmd_complain(line, CMD_USAGE,
				    "a run needs a name: --run NAME");
	*out = (struct work_asked){
		.run = resume ? resume : run,
		.game = first ? line->argv[0] : NULL,
		.settings = line->argv + first,
		.setting_count = line->argc - first,
		.must_exist = resume != NULL,
	};
	return 0;
}

int work_recipe(const struct cmd_line *line, const char *name, char **text)
{
	int why;

	*text = NULL;
	if (!name)
		return 0;
	*text = read_text(name);
	why = errno;
	if (!*text && !strchr(name, '/')) {
		char *path = data_path("recipes/%s%s", name,
				       strchr(name, '.') ? "" : ".conf");

		*text = read_text(path);
		free(path);
	}
	if (!*text)
		return cmd_complain(line, CMD_FAILED,
				    "cannot read the recipe %s: %s", name,
				    strerror(why));
	return 0;
}
