/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_int.h"

#include <assert.h>
#include <stdio.h>

/*
 * The schema, as numbered steps from an empty file.  A step that was released
 * never changes; a change is a new step.  plyscope-lab(5) describes the result,
 * and a test compares the two.
 *
 * Conventions: rowid keys are `id`; times are milliseconds since 1970 UTC;
 * seeds are 64 bits, shown signed; a value not known is NULL.
 */
static const char step_1[] =
	/* Who learned. */
	"create table weights("
	" sha256 text primary key check(length(sha256) = 64),"
	" floats integer not null,"
	" data blob not null"
	") strict;"

	"create table run("
	" id integer primary key,"
	" name text not null unique check(name <> ''),"
	" kind text not null,"
	" game text not null,"
	" config text not null,"
	" seed integer not null,"
	" parent_checkpoint integer references checkpoint(id) on delete set "
	"null,"
	" source text,"
	" build text not null,"
	" host text not null,"
	" status text not null check(status in"
	"  ('new', 'running', 'paused', 'stopped', 'done', 'failed')),"
	" created_ms integer not null"
	") strict;"
	"create index run_parent on run(parent_checkpoint)"
	" where parent_checkpoint is not null;"

	"create table checkpoint("
	" id integer primary key,"
	" run_id integer not null references run(id) on delete cascade,"
	" step integer not null,"
	" network text not null,"
	" weights_sha256 text not null references weights(sha256),"
	" games integer not null,"
	" samples integer not null,"
	" elo real, elo_low real, elo_high real,"
	" created_ms integer not null,"
	" unique(run_id, step)"
	") strict;"
	"create index checkpoint_weights on checkpoint(weights_sha256);"

	"create table resume("
	" run_id integer primary key references run(id) on delete cascade,"
	" step integer not null,"
	" bytes integer not null,"
	" data blob not null,"
	" updated_ms integer not null"
	") strict;"

	"create table metric("
	" run_id integer not null references run(id) on delete cascade,"
	" name text not null,"
	" step integer not null,"
	" games integer not null,"
	" time_ms integer not null,"
	" value real not null,"
	" primary key(run_id, name, step)"
	") strict, without rowid;"

	/* Who played. */
	"create table agent("
	" id integer primary key,"
	" spec text not null unique"
	") strict;"

	"create table match("
	" id integer primary key,"
	" game text not null,"
	" first_agent integer not null references agent(id),"
	" second_agent integer not null references agent(id),"
	" games integer not null,"
	" wins integer not null,"
	" draws integer not null,"
	" losses integer not null,"
	" elo real, elo_low real, elo_high real,"
	" seed integer not null,"
	" openings text,"
	" run_id integer references run(id) on delete set null,"
	" step integer,"
	" created_ms integer not null"
	") strict;"
	"create index match_run on match(run_id, step);"

	"create table game("
	" id integer primary key,"
	" run_id integer references run(id) on delete cascade,"
	" match_id integer references match(id) on delete cascade,"
	" number integer,"
	" game text not null,"
	" first_agent integer references agent(id),"
	" second_agent integer references agent(id),"
	" opening integer not null,"
	" moves text not null,"
	" plies integer not null,"
	" result real check(result between -1 and 1),"
	" score real,"
	" ended text,"
	" purpose text not null,"
	" seed integer not null,"
	" step integer,"
	" created_ms integer not null"
	") strict;"
	"create unique index game_number on game(run_id, number)"
	" where number is not null;"
	"create index game_run on game(run_id, purpose, result);"
	"create index game_match on game(match_id) where match_id is not null;"
	"create index game_first on game(first_agent);"
	"create index game_second on game(second_agent);"
	"create index game_purpose on game(purpose, result);"

	/* Apart from the games, so that browsing them does not read it. */
	"create table target("
	" game_id integer primary key references game(id) on delete cascade,"
	" data blob not null"
	") strict;"

	"create table search("
	" id integer primary key,"
	" game_id integer not null references game(id) on delete cascade,"
	" ply integer not null,"
	" agent_id integer references agent(id),"
	" settings text,"
	" seed integer not null,"
	" simulations integer not null,"
	" best text,"
	" win real, draw real, loss real,"
	" raw_value real,"
	" moves text,"
	" created_ms integer not null,"
	" trace_bytes integer not null,"
	" trace blob"
	") strict;"
	"create index search_game on search(game_id, ply);"

	"create table rating("
	" game text not null,"
	" agent_id integer not null references agent(id),"
	" elo real not null,"
	" elo_low real, elo_high real,"
	" games integer not null,"
	" updated_ms integer not null,"
	" primary key(game, agent_id)"
	") strict, without rowid;"

	/* What is being done. */
	"create table job("
	" id integer primary key,"
	" kind text not null,"
	" run_id integer references run(id) on delete set null,"
	" command text not null,"
	" pid integer not null,"
	" host text not null,"
	" boot text not null,"
	" started integer not null,"
	" wanted text not null check(wanted in ('run', 'pause', 'stop')),"
	" state text not null check(state in"
	"  ('running', 'paused', 'done', 'failed', 'stopped')),"
	" done real not null,"
	" total real not null,"
	" message text,"
	" created_ms integer not null,"
	" heartbeat_ms integer not null"
	") strict;"
	"create index job_run on job(run_id);"
	"create index job_active on job(state)"
	" where state in ('running', 'paused');"

	/* What is being asked. */
	"create table study("
	" id integer primary key,"
	" name text not null unique check(name <> ''),"
	" question text not null,"
	" metric text not null,"
	" thresholds text not null,"
	" frozen text,"
	" plan text not null,"
	" plan_sha256 text not null,"
	" planned_ms integer not null,"
	" verdict text,"
	" reason text,"
	" decided_ms integer"
	") strict;"

	"create table arm("
	" id integer primary key,"
	" study_id integer not null references study(id) on delete cascade,"
	" name text not null,"
	" role text not null,"
	" config text not null,"
	" run_id integer references run(id) on delete set null,"
	" data_sha256 text,"
	" weights_before text,"
	" weights_after text,"
	" state_bytes integer not null,"
	" flops_per_move real,"
	" status text not null check(status in"
	"  ('planned', 'running', 'done', 'failed')),"
	" unique(study_id, name)"
	") strict;"
	"create index arm_run on arm(run_id) where run_id is not null;"

	"create table measure("
	" arm_id integer not null references arm(id) on delete cascade,"
	" name text not null,"
	" seed integer not null,"
	" x real not null,"
	" value real not null,"
	" low real, high real,"
	" n integer not null,"
	" created_ms integer not null,"
	" primary key(arm_id, name, seed, x)"
	") strict, without rowid;"

	/* What people say about it. */
	"create table note("
	" id integer primary key,"
	" subject text not null check(subject in"
	"  ('run', 'checkpoint', 'game', 'match', 'search', 'study')),"
	" subject_id integer not null,"
	" text text not null,"
	" created_ms integer not null"
	") strict;"
	"create index note_subject on note(subject, subject_id);"

	"create table tag("
	" subject text not null check(subject in"
	"  ('run', 'checkpoint', 'game', 'match', 'search', 'study')),"
	" subject_id integer not null,"
	" name text not null check(name <> ''),"
	" primary key(subject, subject_id, name)"
	") strict, without rowid;"

	/* A plan that could be changed afterwards would be none. */
	"create trigger study_plan_stays before update of"
	" name, question, metric, thresholds, frozen, plan, plan_sha256, "
	"planned_ms"
	" on study begin"
	" select raise(abort, 'the plan of a study never changes');"
	"end;"

	/* For people, who read the file with sqlite3(1). */
	"create view runs as"
	" select r.id, r.name, r.kind, r.game, r.status,"
	"  (select count(*) from checkpoint c where c.run_id = r.id) "
	"checkpoints,"
	"  (select max(step) from checkpoint c where c.run_id = r.id) "
	"last_step,"
	"  (select count(*) from game g where g.run_id = r.id) games,"
	"  (select round(elo) from checkpoint c where c.run_id = r.id"
	"   and elo is not null order by step desc limit 1) elo,"
	"  r.source,"
	"  datetime(r.created_ms / 1000, 'unixepoch') created"
	" from run r order by r.created_ms desc, r.id desc;"

	"create view checkpoints as"
	" select c.id, r.name run, c.step, c.games, c.samples,"
	"  round(c.elo) elo, round(c.elo_low) elo_low, round(c.elo_high) "
	"elo_high,"
	"  c.network, c.weights_sha256,"
	"  datetime(c.created_ms / 1000, 'unixepoch') created"
	" from checkpoint c join run r on r.id = c.run_id"
	" order by r.name, c.step;"

	"create view games as"
	" select g.id, r.name run, g.match_id, g.game, g.purpose,"
	"  a.spec first, b.spec second, g.plies,"
	"  case when g.result > 0 then 'first' when g.result < 0 then 'second'"
	"   when g.result = 0 then 'draw' end winner,"
	"  g.result, g.score, g.ended, g.moves,"
	"  (select count(*) from search x where x.game_id = g.id) searches,"
	"  datetime(g.created_ms / 1000, 'unixepoch') created"
	" from game g left join run r on r.id = g.run_id"
	" left join agent a on a.id = g.first_agent"
	" left join agent b on b.id = g.second_agent;"

	"create view matches as"
	" select m.id, m.game, a.spec first, b.spec second, m.games, m.wins,"
	"  m.draws, m.losses,"
	"  round(100.0 * (m.wins + m.draws / 2.0) / nullif(m.games, 0), 1) "
	"percent,"
	"  round(m.elo) elo, round(m.elo_low) elo_low, round(m.elo_high) "
	"elo_high,"
	"  r.name run, m.step,"
	"  datetime(m.created_ms / 1000, 'unixepoch') created"
	" from match m join agent a on a.id = m.first_agent"
	" join agent b on b.id = m.second_agent"
	" left join run r on r.id = m.run_id order by m.id desc;"

	"create view curves as"
	" select r.name run, m.name metric, m.step, m.games,"
	"  m.time_ms / 60000.0 minutes, m.value"
	" from metric m join run r on r.id = m.run_id;"

	"create view leaderboard as"
	" select game, agent, elo, elo_low, elo_high, games from ("
	"  select t.game game, a.spec agent, round(t.elo) elo,"
	"   round(t.elo_low) elo_low, round(t.elo_high) elo_high, t.games games"
	"  from rating t join agent a on a.id = t.agent_id"
	"  union all"
	"  select r.game, r.name || '/' || c.step, round(c.elo),"
	"   round(c.elo_low), round(c.elo_high), c.games"
	"  from checkpoint c join run r on r.id = c.run_id"
	"  where c.elo is not null)"
	" order by game, elo desc;"

	"create view jobs as"
	" select j.id, j.kind, r.name run, j.state, j.wanted, j.done, j.total,"
	"  j.message, j.host, j.pid,"
	"  datetime(j.created_ms / 1000, 'unixepoch') created,"
	"  datetime(j.heartbeat_ms / 1000, 'unixepoch') heartbeat, j.command"
	" from job j left join run r on r.id = j.run_id order by j.id desc;"

	"create view studies as"
	" select s.id, s.name, s.question, s.metric,"
	"  (select count(*) from arm a where a.study_id = s.id) arms,"
	"  (select count(*) from arm a where a.study_id = s.id"
	"   and a.status = 'done') arms_done,"
	"  s.verdict, s.reason,"
	"  datetime(s.planned_ms / 1000, 'unixepoch') planned"
	" from study s order by s.id;";

/* What the games of the world bring along, and figures of games that keep
 * some. */
static const char step_2[] =
	"alter table game add column facts text;"
	"alter table game add column event text;"
	"alter table game add column date text;"
	"alter table game add column tags text;"
	"alter table game add column origin text;"

	"create table annotation("
	" id integer primary key,"
	" game_id integer not null references game(id) on delete cascade,"
	" parent integer references annotation(id) on delete cascade,"
	" ply integer not null,"
	" kind text not null check(kind in ('comment', 'nag', 'variation')),"
	" text text not null"
	") strict;"
	"create index annotation_game on annotation(game_id);"
	"create index annotation_parent on annotation(parent)"
	" where parent is not null;"

	"drop view games;"
	"create view games as"
	" select g.id, r.name run, g.match_id, g.game, g.purpose,"
	"  a.spec first, b.spec second, g.plies,"
	"  case when g.result > 0 then 'first' when g.result < 0 then 'second'"
	"   when g.result = 0 then 'draw' end winner,"
	"  g.result, g.score, g.ended, g.facts, g.event, g.date, g.origin,"
	"  g.moves,"
	"  (select count(*) from search x where x.game_id = g.id) searches,"
	"  (select count(*) from annotation n where n.game_id = g.id)"
	"   annotations,"
	"  datetime(g.created_ms / 1000, 'unixepoch') created"
	" from game g left join run r on r.id = g.run_id"
	" left join agent a on a.id = g.first_agent"
	" left join agent b on b.id = g.second_agent;";

/* Matches of one-player games.  Their second agent has an empty spec: the
 * column may not be null, and a table that others refer to cannot be made
 * anew. */
static const char step_3[] =
	"alter table match add column points real;"
	"alter table match add column points_low real;"
	"alter table match add column points_high real;"

	"drop view matches;"
	"create view matches as"
	" select m.id, m.game, a.spec first, nullif(b.spec, '') second, "
	"m.games,"
	"  m.wins, m.draws, m.losses,"
	"  case when b.spec <> '' then round(100.0 * (m.wins + m.draws / 2.0)"
	"   / nullif(m.games, 0), 1) end percent,"
	"  round(m.elo) elo, round(m.elo_low) elo_low, round(m.elo_high) "
	"elo_high,"
	"  round(m.points, 1) points, round(m.points_low, 1) points_low,"
	"  round(m.points_high, 1) points_high, r.name run, m.step,"
	"  datetime(m.created_ms / 1000, 'unixepoch') created"
	" from match m join agent a on a.id = m.first_agent"
	" join agent b on b.id = m.second_agent"
	" left join run r on r.id = m.run_id order by m.id desc;";

/* Ratings of one fit over all matches of a game, and matches that stop once a
 * test has decided. */
static const char step_4[] =
	"alter table rating add column score real;"
	"alter table rating add column linked integer not null default 1"
	" check(linked in (0, 1));"
	"alter table match add column sprt text;"

	/* Checkpoints alone only where no fit was made yet: their Elo is in it
	 * otherwise. */
	"drop view leaderboard;"
	"create view leaderboard as"
	" select game, agent, elo, elo_low, elo_high, games, percent, linked"
	" from ("
	"  select t.game game, a.spec agent, round(t.elo) elo,"
	"   round(t.elo_low) elo_low, round(t.elo_high) elo_high,"
	"   t.games games, round(100 * t.score, 1) percent, t.linked linked"
	"  from rating t join agent a on a.id = t.agent_id"
	"  union all"
	"  select r.game, r.name || '/' || c.step, round(c.elo),"
	"   round(c.elo_low), round(c.elo_high), null, null, 1"
	"  from checkpoint c join run r on r.id = c.run_id"
	"  where c.elo is not null"
	"   and not exists(select 1 from rating t where t.game = r.game))"
	" order by game, elo desc;"

	"drop view matches;"
	"create view matches as"
	" select m.id, m.game, a.spec first, nullif(b.spec, '') second,"
	"  m.games, m.wins, m.draws, m.losses,"
	"  case when b.spec <> '' then round(100.0 * (m.wins + m.draws / 2.0)"
	"   / nullif(m.games, 0), 1) end percent, round(m.elo) elo,"
	"  round(m.elo_low) elo_low, round(m.elo_high) elo_high,"
	"  round(m.points, 1) points, round(m.points_low, 1) points_low,"
	"  round(m.points_high, 1) points_high, m.sprt, r.name run, m.step,"
	"  datetime(m.created_ms / 1000, 'unixepoch') created"
	" from match m join agent a on a.id = m.first_agent"
	" join agent b on b.id = m.second_agent"
	" left join run r on r.id = m.run_id order by m.id desc;";

/* Which lab this is, and how often it was written: a -wal that belongs to
 * another state of it is known by that, see wal.c.  And jobs that were silent
 * for five minutes are not called running. */
static const char step_5[] =
	"create table identity("
	" one integer primary key check(one = 1),"
	" lab text not null,"
	" generation integer not null,"
	" schema integer not null"
	") strict;"
	"insert into identity values(1, lower(hex(randomblob(16))), 0, 0);"

	"drop view jobs;"
	"create view jobs as"
	" select j.id, j.kind, r.name run,"
	"  case when j.state in ('running', 'paused') and j.heartbeat_ms <"
	"   (strftime('%s', 'now') - 300) * 1000 then 'silent'"
	"   else j.state end state, j.wanted, j.done, j.total,"
	"  j.message, j.host, j.pid,"
	"  datetime(j.created_ms / 1000, 'unixepoch') created,"
	"  datetime(j.heartbeat_ms / 1000, 'unixepoch') heartbeat, j.command"
	" from job j left join run r on r.id = j.run_id order by j.id desc;";

/* Games counted as they come and go, so that no screen counts two million; and
 * indexes in whose order the games of a run and of a purpose are listed. */
static const char step_6[] =
	"create table tally("
	" run_id integer not null,"
	" purpose text not null,"
	" won integer not null check(won between -1 and 2),"
	" ended integer not null check(ended in (0, 1)),"
	" games integer not null,"
	" primary key(run_id, purpose, won, ended)"
	") strict, without rowid;"
	"insert into tally"
	" select coalesce(run_id, 0), purpose,"
	"  coalesce((result > 0) - (result < 0), 2), ended is not null,"
	"  count(*) from game group by 1, 2, 3, 4;"

	"create trigger game_comes after insert on game begin"
	" insert into tally values(coalesce(new.run_id, 0), new.purpose,"
	"  coalesce((new.result > 0) - (new.result < 0), 2),"
	"  new.ended is not null, 1) on conflict do update"
	"  set games = games + 1;"
	"end;"
	"create trigger game_goes after delete on game begin"
	" update tally set games = games - 1"
	"  where run_id = coalesce(old.run_id, 0) and purpose = old.purpose"
	"  and won = coalesce((old.result > 0) - (old.result < 0), 2)"
	"  and ended = (old.ended is not null);"
	"end;"
	"create trigger game_changes after update of"
	" run_id, purpose, result, ended on game begin"
	" update tally set games = games - 1"
	"  where run_id = coalesce(old.run_id, 0) and purpose = old.purpose"
	"  and won = coalesce((old.result > 0) - (old.result < 0), 2)"
	"  and ended = (old.ended is not null);"
	" insert into tally values(coalesce(new.run_id, 0), new.purpose,"
	"  coalesce((new.result > 0) - (new.result < 0), 2),"
	"  new.ended is not null, 1) on conflict do update"
	"  set games = games + 1;"
	"end;"

	"drop index game_run;"
	"create index game_run on game(run_id) where run_id is not null;"
	"create index game_step on game(run_id, step) where step is not null;"
	"drop index game_purpose;"
	"create index game_purpose on game(purpose);"

	"drop view runs;"
	"create view runs as"
	" select r.id, r.name, r.kind, r.game, r.status,"
	"  (select count(*) from checkpoint c where c.run_id = r.id) "
	"checkpoints,"
	"  (select max(step) from checkpoint c where c.run_id = r.id) "
	"last_step,"
	"  (select coalesce(sum(games), 0) from tally t"
	"   where t.run_id = r.id) games,"
	"  (select round(elo) from checkpoint c where c.run_id = r.id"
	"   and elo is not null order by step desc limit 1) elo,"
	"  r.source,"
	"  datetime(r.created_ms / 1000, 'unixepoch') created"
	" from run r order by r.created_ms desc, r.id desc;";

/* What of a match is evidence: its distinct pairs of games, by what they were
 * worth. */
static const char step_8[] =
	"alter table match add column pairs integer;"
	"alter table match add column pairs_0 integer;"
	"alter table match add column pairs_1 integer;"
	"alter table match add column pairs_2 integer;"
	"alter table match add column pairs_3 integer;"
	"alter table match add column pairs_4 integer;"
	"create index match_game on match(game);"

	"drop view matches;"
	"create view matches as"
	" select m.id, m.game, a.spec first, nullif(b.spec, '') second,"
	"  m.games, m.wins, m.draws, m.losses,"
	"  m.pairs, m.pairs_0 + m.pairs_1 + m.pairs_2 + m.pairs_3 + m.pairs_4"
	"   distinct_pairs,"
	"  case when b.spec <> '' then round(100.0 * (m.wins + m.draws / 2.0)"
	"   / nullif(m.games, 0), 1) end percent, round(m.elo) elo,"
	"  round(m.elo_low) elo_low, round(m.elo_high) elo_high,"
	"  round(m.points, 1) points, round(m.points_low, 1) points_low,"
	"  round(m.points_high, 1) points_high, m.sprt, r.name run, m.step,"
	"  datetime(m.created_ms / 1000, 'unixepoch') created"
	" from match m join agent a on a.id = m.first_agent"
	" join agent b on b.id = m.second_agent"
	" left join run r on r.id = m.run_id order by m.id desc;";

/* Lives of learners, a row for each part; a run of kind history is a set. */
static const char step_9[] =
	"create table life("
	" id integer primary key,"
	" run_id integer not null references run(id) on delete cascade,"
	" seed integer not null,"
	" part text not null check(part in ('before', 'after')),"
	" settings text not null,"
	" sha256 text not null check(length(sha256) = 64),"
	" bytes integer not null,"
	" data blob not null,"
	" begun_ms integer not null,"
	" created_ms integer not null,"
	" unique(run_id, seed, part)"
	") strict;"

	"create trigger life_stays before update on life begin"
	" select raise(abort, 'a life never changes');"
	"end;";

const struct migration schema_migrations[] = {
	{1, step_1}, {2, step_2},       {3, step_3}, {4, step_4}, {5, step_5},
	{6, step_6}, {7, schema_study}, {8, step_8}, {9, step_9},
};
const size_t schema_migration_count = ARRAY_LEN(schema_migrations);

_Static_assert(ARRAY_LEN(schema_migrations) == STORE_VERSION,
	       "one step for each version");

enum store_status store_version(struct store *s, int *version)
{
	struct sql q;

	*version = 0;
	sql_read(&q, s, "read its version", "pragma user_version");
	if (sql_next(&q))
		*version = (int)sql_col_int(&q);
	return sql_end(&q);
}

enum { WITH_IDENTITY = 5 }; /* the first version that has one */

enum store_status store_migrate(struct store *s, const struct migration *list,
				size_t count)
{
	int last = list[count - 1].version, version = 0;
	enum store_status st = store_version(s, &version);
	char text[64];

	if (st != STORE_OK || version == last)
		return st;
	if (version > last)
		return store_say(
			s, STORE_NEWER,
			"%s was made by a newer plyscope (lab version "
			"%d, this one knows %d): use the newer program",
			s->path, version, last);
	if (s->readonly)
		return store_say(
			s, STORE_READONLY,
			"%s is a lab of an older version (%d, now %d) "
			"that must be brought up to date: open it once "
			"with write permission, or open a copy",
			s->path, version, last);
	st = store_exec(s, "bring it up to date", "begin immediate");
	if (st != STORE_OK)
		return st;
	/* Another process may have done it while this one waited. */
	st = store_version(s, &version);
	for (size_t i = 0; st == STORE_OK && i < count; i++) {
		if (list[i].version <= version)
			continue;
		assert(i == 0 || list[i].version == list[i - 1].version + 1);
		st = store_exec(s, "bring it up to date", list[i].sql);
	}
	if (st == STORE_OK && version < last) {
		snprintf(text, sizeof(text), "pragma user_version = %d", last);
		st = store_exec(s, "bring it up to date", text);
	}
	/* As any commit: by this the log is known to go on from the file. */
	if (st == STORE_OK && version < last && last >= WITH_IDENTITY)
		st = store_exec(s, "bring it up to date",
				"update identity set generation = generation"
				" + 1, schema = (select schema_version from"
				" pragma_schema_version)");
	if (st == STORE_OK)
		st = store_exec(s, "bring it up to date", "commit");
	if (st != STORE_OK && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "rollback", NULL, NULL, NULL);
	return st;
}
