/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/kata_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/game/go.h"
#include "core/session/thinker.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/serve.h"
#include "tui/cmd/table.h"

/*
 * Queries wait in a list, and one job at a time is thought about: that of the
 * greatest priority, and of equals the one that came first.
 *
 * One search fills the calls of its network: 100 queries of 100 visits about
 * 7x7 took 0.91 s with 8 rows a call, the usual batch, 0.87 s with 16 and 0.91
 * s with 32 (1.94 s with one), so rows of several queries in a call gain
 * nothing.
 */
struct server {
	struct serve serve;
	struct game game;       /* that is played where nothing is said */
	struct kata_job *queue; /* owned; in the order in which they came */
	struct kata_job *job;   /* owned; thought about; NULL: none */
	double until, said;     /* of the job; 0: no limit */
	uint64_t number;
};

static void say_fault(const char *id, const char *kind, const char *field,
		      const char *what)
{
	struct kata_fault f = {.field = field};
	struct buf out;

	snprintf(f.what, sizeof(f.what), "%s", what);
	buf_init(&out);
	kata_say_fault(id, kind, &f, &out);
	serve_say(&out);
}

/* --- thinking ------------------------------------------------------------ */

static struct kata_job *take_next(struct server *v)
{
	struct kata_job **best = &v->queue, *job;

	for (struct kata_job **at = &v->queue; *at; at = &(*at)->next)
		if ((*at)->priority > (*best)->priority)
			best = at;
	job = *best;
	if (job)
		*best = job->next;
	return job;
}

static void ask(struct server *v, struct kata_job *job)
{
	int visits = job->wants.visits;
	struct agent_limits limits = {
		.simulations = visits > SERVE_MANY ? SERVE_MANY : visits,
		.lines = job->game.move_count,
		.no_trace = true,
		.line_owners = job->wants.moves_ownership,
		.only = job->only,
		.only_count = job->only_count,
	};

	thinker_limit(v->serve.thinker, &limits);
	thinker_ask(v->serve.thinker, job->state, v->serve.seed, job->number,
		    job->plies, *job->game.start ? NULL : job->line);
	v->job = job;
	v->said = clock_seconds();
	v->until = job->wants.seconds > 0 ? v->said + job->wants.seconds : 0;
}

/* Begin with what is most wanted, if nothing is thought about. */
static void go_on(struct server *v)
{
	while (!v->job) {
		struct kata_job *job = take_next(v);
		struct game usual;
		struct err e = ERR_INIT;

		if (!job)
			return;
		if (game_from(&usual, &job->game, "", NULL))
			usual = job->game;
		if (!serve_agent(&v->serve, &usual, &e)) {
			ask(v, job);
			return;
		}
		say_fault(job->id, "error", "boardXSize", e.msg);
		kata_job_free(job);
	}
}

static double next_report(const struct server *v)
{
	return v->job && v->job->wants.report_every > 0
		       ? v->said + v->job->wants.report_every
		       : 0;
}

static void hear(struct server *v)
{
	struct thought t;
	struct buf out;

	if (!v->job)
		return;
	buf_init(&out);
	if (next_report(v) > 0 && clock_seconds() >= next_report(v) &&
	    thinker_peek(v->serve.thinker, &t)) {
		kata_say_thought(v->job, &t, true, &out);
		thought_release(&t);
		v->said = clock_seconds();
	}
	if (thinker_take(v->serve.thinker, &t)) {
		if (*t.forfeit)
			say_fault(v->job->id, "error", NULL, t.forfeit);
		else
			kata_say_thought(v->job, &t, false, &out);
		thought_release(&t);
		kata_job_free(v->job);
		v->job = NULL;
	}
	serve_say(&out);
}

/* --- queries ------------------------------------------------------------- */

static bool is_meant(const struct kata_query *q, const struct kata_job *job)
{
	if (q->terminate_id && strcmp(q->terminate_id, job->id))
		return false;
	for (int i = 0; i < q->turn_count; i++)
		if (q->turns[i] == job->turn)
			return true;
	return q->turn_count < 0;
}

/* Jobs that nobody thinks about yet end at once, the one in hand soon. */
static void terminate(struct server *v, const struct kata_query *q)
{
	struct kata_job **at = &v->queue;
	struct buf out;

	buf_init(&out);
	while (*at) {
		struct kata_job *job = *at;

		if (!is_meant(q, job)) {
			at = &job->next;
			continue;
		}
		*at = job->next;
		kata_say_nothing(job, &out);
		kata_job_free(job);
	}
	serve_say(&out);
	if (v->job && is_meant(q, v->job))
		thinker_hurry(v->serve.thinker);
}

static void say_models(const struct server *v, const char *line)
{
	struct buf more, out;
	struct json j;

	buf_init(&more);
	buf_init(&out);
	buf_putc(&more, ',');
	json_init(&j, &more);
	json_key(&j, "models");
	json_open(&j, '[');
	json_open(&j, '{');
	json_key(&j, "name");
	json_string(&j, thinker_name(v->serve.thinker));
	json_close(&j, '}');
	json_close(&j, ']');
	kata_say_echo(line, more.data, &out);
	buf_release(&more);
	serve_say(&out);
}

static void act(struct server *v, const struct kata_query *q, const char *line)
{
	static const char version[] = ",\"git_hash\":\"<omitted>\",\"version\":"
				      "\"" PACKAGE_VERSION "\"";
	const char *more = "";
	struct buf out;

	if (!strcmp(q->action, "query_models")) {
		say_models(v, line);
		return;
	}
	if (!strcmp(q->action, "terminate") && !q->terminate_id) {
		say_fault(q->id, "error", "terminateId", "Must be given");
		return;
	}
	if (!strcmp(q->action, "query_version"))
		more = version;
	else if (strcmp(q->action, "clear_cache") &&
		 strcmp(q->action, "terminate") &&
		 strcmp(q->action, "terminate_all")) {
		say_fault(q->id, "error", "action",
			  "Must be query_version, query_models, clear_cache, "
			  "terminate or terminate_all");
		return;
	}
	buf_init(&out);
	kata_say_echo(line, more, &out);
	serve_say(&out);
	if (!strncmp(q->action, "terminate", 9))
		terminate(v, q);
}

static void obey(struct server *v, const char *line)
{
	struct kata_job **end = &v->queue;
	struct kata_query q;
	struct kata_fault fault;
	struct buf out;

	if (!line[strspn(line, " \t\r")])
		return;
	buf_init(&out);
	if (!kata_query_read(line, &v->game, &q, &fault)) {
		kata_say_fault(q.id, "error", &fault, &out);
		serve_say(&out);
		kata_query_release(&q);
		return;
	}
	buf_release(&out);
	serve_say(&q.warnings);
	buf_init(&q.warnings);
	if (q.action)
		act(v, &q, line);
	while (*end)
		end = &(*end)->next;
	*end = q.jobs;
	for (struct kata_job *job = q.jobs; job; job = job->next)
		job->number = ++v->number;
	q.jobs = NULL;
	kata_query_release(&q);
}

/* To the end of the input, and of all that was asked. */
static void serve(struct server *v)
{
	for (;;) {
		double report = next_report(v), until = v->until;
		const char *line = "";

		if (report > 0 && (until <= 0 || report < until))
			until = report;
		switch (serve_wait(&v->serve,
				   !v->serve.eof || serve_has_line(&v->serve),
				   until, &line)) {
		case SERVE_LINE:
			obey(v, line);
			break;
		case SERVE_TIME:
			if (v->until > 0 && clock_seconds() >= v->until) {
				v->until = 0;
				thinker_hurry(v->serve.thinker);
			}
			hear(v);
			/* A report that is not there yet comes when it is. */
			if (next_report(v) > 0 &&
			    clock_seconds() >= next_report(v))
				v->said = clock_seconds();
			break;
		case SERVE_WAKE:
		case SERVE_END:
			hear(v);
			break;
		}
		/* Lines that are there already decide what comes first. */
		if (!serve_has_line(&v->serve))
			go_on(v);
		if (v->serve.eof && !v->job && !serve_has_line(&v->serve))
			return;
	}
}

static int run(const struct cmd_line *line)
{
	struct server *v = mem_zalloc(1, sizeof(*v));
	int status = serve_open(&v->serve, line, "go", &v->game);

	if (!status && !go_is(&v->game))
		status = cmd_complain(line, CMD_USAGE,
				      "KataGo's protocol is for Go, and this "
				      "agent plays %s",
				      game_title(&v->game));
	if (!status)
		serve(v);
	serve_close(&v->serve);
	kata_job_free(v->job);
	while (v->queue) {
		struct kata_job *next = v->queue->next;

		kata_job_free(v->queue);
		v->queue = next;
	}
	free(v);
	return status;
}

#define ARGS struct serve_args

static const struct cmd_option options[] = {
	CMD_STRING("agent", "SPEC", agent, NULL,
		   "who thinks, e.g. mcts:go9/latest,sims=400"),
	CMD_STRING("game", "GAME", game, NULL,
		   "what is played (the network's game, or go)"),
	CMD_SEED(seed, "of the agent's randomness ({})"),
	CMD_END,
};

const struct cmd cmd_kata_analysis = {
	.name = "kata-analysis",
	.synopsis = "--agent SPEC",
	.summary = "answer queries as KataGo's analysis engine does",
	.details = "Reads queries from standard input, one JSON object a line, "
		   "and writes answers\nas they come, for KaTrain and other "
		   "programs that use KataGo's analysis engine.",
	.options = options,
	.args_size = sizeof(struct serve_args),
	.max_args = 0,
	.lab = true,
	.dialogue = true,
	.run = run,
};
