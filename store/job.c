/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/job.h"

#include "store/store_int.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const wanted_names[] = {
	[STORE_WANT_RUN] = "run",
	[STORE_WANT_PAUSE] = "pause",
	[STORE_WANT_STOP] = "stop",
};

static const char *const state_names[] = {
	[STORE_JOB_RUNNING] = "running", [STORE_JOB_PAUSED] = "paused",
	[STORE_JOB_DONE] = "done",       [STORE_JOB_FAILED] = "failed",
	[STORE_JOB_STOPPED] = "stopped",
};

const char *store_wanted_name(enum store_wanted w)
{
	return wanted_names[w];
}

const char *store_job_state_name(enum store_job_state st)
{
	return state_names[st];
}

static int name_index(const char *text, const char *const *names, size_t count)
{
	for (size_t i = 0; text && i < count; i++)
		if (strcmp(text, names[i]) == 0)
			return (int)i;
	return 0;
}

/* A process is known by its number, its start and the boot of its host: the
 * number alone comes back.  Numbers are those of a namespace, of which a
 * machine has one for each container. */
struct process {
	int64_t pid;
	int64_t started; /* clock ticks after boot; 0: there is no such process
			  */
	char host[65];
	char boot[80]; /* BOOT, or BOOT/NAMESPACE where that is known */
};

static void line_read(const char *path, char *out, size_t size)
{
	FILE *f = fopen(path, "re");

	out[0] = '\0';
	if (!f)
		return;
	if (!fgets(out, (int)size, f))
		out[0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	fclose(f);
}

/* Field 22 of /proc/PID/stat, see proc(5); 0 for none or a zombie.  The
 * second field is a name in brackets that may hold anything. */
static int64_t process_started(int64_t pid)
{
	char path[48], line[512], state = '\0', *p;
	long long started = 0;

	snprintf(path, sizeof(path), "/proc/%lld/stat", (long long)pid);
	line_read(path, line, sizeof(line));
	p = strrchr(line, ')');
	if (!p || sscanf(p + 1,
			 " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u"
			 " %*d %*d %*d %*d %*d %*d %lld",
			 &state, &started) != 2)
		/* No /proc: a number that is taken must do. */
		return kill((pid_t)pid, 0) == 0 &&
		       access("/proc/self", F_OK) != 0;
	return state == 'Z' || state == 'X' ? 0 : started;
}

static void host_read(struct process *p)
{
	char space[40];
	size_t len;
	ssize_t n;

	memset(p, 0, sizeof(*p));
	if (gethostname(p->host, sizeof(p->host) - 1) != 0)
		snprintf(p->host, sizeof(p->host), "localhost");
	line_read("/proc/sys/kernel/random/boot_id", p->boot,
		  sizeof(p->boot) / 2);
	n = readlink("/proc/self/ns/pid", space, sizeof(space) - 1);
	len = strlen(p->boot);
	if (n > 0 && len)
		snprintf(p->boot + len, sizeof(p->boot) - len, "/%.*s", (int)n,
			 space);
}

/* Whether the number of the process can be looked up here. */
enum seen_from {
	SEEN_HERE,
	SEEN_PERHAPS, /* the row is of before namespaces were kept */
	SEEN_ANOTHER, /* in another container of this machine */
	SEEN_NOT,     /* on another machine, or before it was started again */
};

static enum seen_from process_seen(const struct process *p,
				   const struct process *here)
{
	size_t boot = strcspn(here->boot, "/");

	if (strcspn(p->boot, "/") != boot ||
	    strncmp(p->boot, here->boot, boot) != 0)
		return SEEN_NOT;
	if (!p->boot[boot] || !here->boot[boot])
		return SEEN_PERHAPS;
	return strcmp(p->boot, here->boot) == 0 ? SEEN_HERE : SEEN_ANOTHER;
}

/* The clocks of two hosts do not differ by a day. */
static bool is_silent(int64_t silent_ms)
{
	const int64_t day_ms = 24 * 60 * 60 * 1000;

	return silent_ms > STORE_SILENT_MS || silent_ms < -day_ms;
}

/*
 * The name of a host changes (containers, DHCP), and containers may share one:
 * the boot and the namespace say whose number it is.  Where it cannot be looked
 * up the sign of life tells, but for a host of this name that was started
 * again.
 */
static enum store_job_life process_life(const struct process *p,
					const struct process *here,
					int64_t silent_ms)
{
	bool same_host = strcmp(p->host, here->host) == 0;
	enum seen_from seen = process_seen(p, here);

	if ((seen == SEEN_HERE || seen == SEEN_PERHAPS) && p->started &&
	    process_started(p->pid) == p->started)
		return STORE_LIFE_ALIVE;
	if (seen == SEEN_HERE || (seen != SEEN_ANOTHER && same_host) ||
	    is_silent(silent_ms))
		return STORE_LIFE_DEAD;
	return STORE_LIFE_FAR;
}

static enum store_status no_job(struct store *s, int64_t id)
{
	return store_say(s, STORE_NOTFOUND,
			 "%s has no job %lld: plyscope list jobs shows what "
			 "there is",
			 s->path, (long long)id);
}

enum store_status store_job_add(struct store *s, const struct store_job *j,
				int64_t *id)
{
	struct process me;
	int64_t now = now_ms();
	struct sql q;

	host_read(&me);
	me.pid = getpid();
	me.started = process_started(me.pid);
	sql_write(&q, s, "register the job",
		  "insert into job(kind, run_id, command, pid, host, boot,"
		  " started, wanted, state, done, total, message, created_ms,"
		  " heartbeat_ms)"
		  " values(?, ?, ?, ?, ?, ?, ?, 'run', 'running', ?, ?, ?, ?, "
		  "?)");
	sql_text(&q, j->kind);
	sql_id(&q, j->run_id);
	sql_text(&q, j->command ? j->command : "");
	sql_int(&q, me.pid);
	sql_text(&q, me.host);
	sql_text(&q, me.boot);
	sql_int(&q, me.started);
	sql_real(&q, j->done);
	sql_real(&q, j->total);
	sql_text(&q, j->message);
	sql_int(&q, j->created_ms ? j->created_ms : now);
	sql_int(&q, now);
	return sql_add(&q, id);
}

enum store_status store_job_set_run(struct store *s, int64_t job_id,
				    int64_t run_id)
{
	enum store_status st;
	struct sql q;

	sql_write(&q, s, "save the job",
		  "update job set run_id = ? where id = ?");
	sql_id(&q, run_id);
	sql_int(&q, job_id);
	st = sql_run(&q);
	return st == STORE_OK && sql_changes(s) == 0 ? no_job(s, job_id) : st;
}

enum store_status store_job_wanted(struct store *s, int64_t job_id,
				   enum store_wanted *wanted)
{
	struct store_bag bag = {0};
	enum store_status st;
	struct sql q;
	bool found;

	*wanted = STORE_WANT_RUN;
	sql_read(&q, s, "read the job", "select wanted from job where id = ?");
	sql_int(&q, job_id);
	found = sql_next(&q);
	if (found)
		*wanted = (enum store_wanted)name_index(
			sql_col_text(&q, &bag), wanted_names,
			ARRAY_LEN(wanted_names));
	st = sql_end(&q);
	store_bag_release(&bag);
	return st == STORE_OK && !found ? no_job(s, job_id) : st;
}

enum store_status store_job_beat(struct store *s, int64_t job_id,
				 enum store_job_state state, double done,
				 double total, const char *message,
				 enum store_wanted *wanted)
{
	enum store_status st;
	struct sql q;

	*wanted = STORE_WANT_RUN;
	sql_write(&q, s, "save the progress of the job",
		  "update job set state = ?, done = ?, total = ?,"
		  " message = coalesce(?, message), heartbeat_ms = ?"
		  " where id = ? and state in ('running', 'paused')");
	sql_text(&q, state_names[state]);
	sql_real(&q, done);
	sql_real(&q, total);
	sql_text(&q, message);
	sql_int(&q, now_ms());
	sql_int(&q, job_id);
	st = sql_run(&q);
	if (st != STORE_OK)
		return st;
	if (sql_changes(s) == 0) {
		*wanted = STORE_WANT_STOP;
		return STORE_OK;
	}
	return store_job_wanted(s, job_id, wanted);
}

enum store_status store_job_end(struct store *s, int64_t job_id,
				enum store_job_state state, const char *message)
{
	enum store_status st;
	struct sql q;

	sql_write(&q, s, "save the end of the job",
		  "update job set state = ?, message = coalesce(?, message),"
		  " heartbeat_ms = ? where id = ?");
	sql_text(&q, state_names[state]);
	sql_text(&q, message);
	sql_int(&q, now_ms());
	sql_int(&q, job_id);
	st = sql_run(&q);
	return st == STORE_OK && sql_changes(s) == 0 ? no_job(s, job_id) : st;
}

enum store_status store_job_want(struct store *s, int64_t job_id,
				 enum store_wanted wanted)
{
	enum store_status st;
	struct sql q;

	sql_write(&q, s, "tell the job",
		  "update job set wanted = ? where id = ?");
	sql_text(&q, wanted_names[wanted]);
	sql_int(&q, job_id);
	st = sql_run(&q);
	return st == STORE_OK && sql_changes(s) == 0 ? no_job(s, job_id) : st;
}

#define JOB_SELECT                                                         \
	"select j.id, j.kind, j.run_id, j.command, j.pid, j.host, j.boot," \
	" j.started, j.wanted, j.state, j.done, j.total, j.message,"       \
	" j.created_ms, j.heartbeat_ms, r.name"                            \
	" from job j left join run r on r.id = j.run_id "

static void job_take(struct sql *q, struct store_bag *bag,
		     const struct process *here, struct store_job *j)
{
	struct process p = {0};

	j->id = sql_col_int(q);
	j->kind = sql_col_need(q, bag);
	j->run_id = sql_col_int(q);
	j->command = sql_col_need(q, bag);
	j->pid = sql_col_int(q);
	j->host = sql_col_need(q, bag);
	p.pid = j->pid;
	snprintf(p.host, sizeof(p.host), "%s", j->host);
	snprintf(p.boot, sizeof(p.boot), "%s", sql_col_need(q, bag));
	p.started = sql_col_int(q);
	j->wanted = (enum store_wanted)name_index(
		sql_col_text(q, bag), wanted_names, ARRAY_LEN(wanted_names));
	j->state = (enum store_job_state)name_index(
		sql_col_text(q, bag), state_names, ARRAY_LEN(state_names));
	j->done = sql_col_real(q);
	j->total = sql_col_real(q);
	j->message = sql_col_text(q, bag);
	j->created_ms = sql_col_count(q);
	j->heartbeat_ms = sql_col_count(q);
	j->run = sql_col_text(q, bag);
	j->life = j->state == STORE_JOB_RUNNING || j->state == STORE_JOB_PAUSED
			  ? process_life(&p, here, now_ms() - j->heartbeat_ms)
			  : STORE_LIFE_ENDED;
}

enum store_status store_job_get(struct store *s, struct store_bag *bag,
				int64_t job_id, struct store_job *out)
{
	struct process here;
	enum store_status st;
	struct sql q;
	bool found;

	host_read(&here);
	memset(out, 0, sizeof(*out));
	sql_read(&q, s, "read the job", JOB_SELECT "where j.id = ?");
	sql_int(&q, job_id);
	found = sql_next(&q);
	if (found)
		job_take(&q, bag, &here, out);
	st = sql_end(&q);
	return st == STORE_OK && !found ? no_job(s, job_id) : st;
}

enum store_status store_job_list(struct store *s, struct store_bag *bag,
				 int64_t run_id, bool active,
				 struct store_job **rows, size_t *count)
{
	struct rows all = ROWS_OF(struct store_job);
	struct process here;
	struct sql q;

	host_read(&here);
	sql_read(
		&q, s, "read the jobs",
		active ? JOB_SELECT
			"where j.state in ('running', 'paused')"
			" and (?1 is null or j.run_id = ?1) order by j.id desc"
		       : JOB_SELECT
			"where ?1 is null or j.run_id = ?1 order by j.id desc");
	sql_id(&q, run_id);
	while (sql_next(&q))
		job_take(&q, bag, &here, rows_push(&all));
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_job_take_over(struct store *s, int64_t run_id,
				      int64_t own_job)
{
	struct sql q;

	sql_write(&q, s, "take the run over",
		  "update job set state = 'failed',"
		  " message = 'its run was taken over by another process'"
		  " where run_id = ? and id <> ?"
		  " and state in ('running', 'paused')");
	sql_int(&q, run_id);
	sql_int(&q, own_job);
	return sql_run(&q);
}

/* The state is asked for again: the job may have ended meanwhile. */
static enum store_status job_bury(struct store *s, const struct store_job *j,
				  int64_t *buried)
{
	enum store_status st;
	struct sql q;

	sql_write(&q, s, "save the end of the job",
		  "update job set state = 'failed',"
		  " message = 'its process is gone'"
		  " where id = ? and state in ('running', 'paused')");
	sql_int(&q, j->id);
	st = sql_run(&q);
	if (st != STORE_OK || sql_changes(s) == 0)
		return st;
	if (buried)
		++*buried;
	sql_write(&q, s, "save the run",
		  "update run set status = 'stopped'"
		  " where id = ?1 and status in ('running', 'paused')"
		  " and not exists (select 1 from job where run_id = ?1"
		  "  and state in ('running', 'paused'))");
	sql_int(&q, j->run_id);
	return sql_run(&q);
}

enum store_status store_job_bury(struct store *s, int64_t *buried)
{
	struct store_bag bag = {0};
	struct store_job *rows;
	enum store_status st;
	size_t count;

	if (buried)
		*buried = 0;
	st = store_job_list(s, &bag, 0, true, &rows, &count);
	for (size_t i = 0; st == STORE_OK && i < count; i++) {
		struct own_tx tx;

		if (rows[i].life != STORE_LIFE_DEAD)
			continue;
		st = own_begin(s, &tx);
		if (st == STORE_OK)
			st = own_end(s, &tx, job_bury(s, &rows[i], buried));
	}
	store_bag_release(&bag);
	return st;
}
