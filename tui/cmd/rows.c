/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/rows.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/game/game.h"

int rows_open(const struct cmd_line *line, struct store **out)
{
	char message[STORE_MESSAGE_SIZE];

	if (store_open(line->lab_path, STORE_ONLY_READ, out, message) ==
	    STORE_OK)
		return 0;
	return cmd_complain(line, CMD_FAILED, "%s", message);
}

int rows_fail(const struct cmd_line *line, const struct store *s)
{
	return cmd_complain(line, CMD_FAILED, "%s", store_message(s));
}

int rows_run(const struct cmd_line *line, struct store *s,
	     struct store_bag *bag, const char *name, struct store_run *out)
{
	*out = (struct store_run){0};
	if (name && store_run_find(s, bag, name, out))
		return rows_fail(line, s);
	return 0;
}

int rows_id(const struct cmd_line *line, const char *what, const char *text,
	    int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(text, &end, 10);
	if (end == text || *end || errno || *out < 1)
		return cmd_complain(line, CMD_USAGE,
				    "'%s' is not the number of a %s: list %ss "
				    "shows them",
				    text, what, what);
	return 0;
}

const char *rows_winner(const struct store_game *g)
{
	if (g->result > 0)
		return "first";
	if (g->result < 0)
		return "second";
	return g->result == 0 ? "draw" : "-";
}

const char *rows_life(const struct store_job *j)
{
	return j->life == STORE_LIFE_DEAD ? "dead"
					  : store_job_state_name(j->state);
}

const char *rows_or_dash(const char *text)
{
	return text ? text : "-";
}

const char *rows_date(int64_t ms, char out[32])
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;

	if (!localtime_r(&seconds, &tm) ||
	    !strftime(out, 32, "%Y-%m-%d %H:%M", &tm))
		return "-";
	return out;
}

const char *rows_number(double v, char out[32])
{
	if (!isfinite(v))
		return "-";
	snprintf(out, 32, "%.0f", v);
	return out;
}

const char *rows_game(const char *spec, char out[96])
{
	struct game g;

	snprintf(out, 96, "%s",
		 game_init(&g, spec, NULL) ? spec : game_short_name(&g));
	return out;
}

static void key_int(struct json *j, const char *key, int64_t v)
{
	json_key(j, key);
	json_int(j, v);
}

/* Rows say "none" with a 0. */
static void key_id(struct json *j, const char *key, int64_t v)
{
	json_key(j, key);
	if (v)
		json_int(j, v);
	else
		json_null(j);
}

static void key_step(struct json *j, const char *key, int64_t v)
{
	json_key(j, key);
	if (v >= 0)
		json_int(j, v);
	else
		json_null(j);
}

static void key_text(struct json *j, const char *key, const char *v)
{
	json_key(j, key);
	json_string(j, v);
}

static void key_real(struct json *j, const char *key, double v)
{
	json_key(j, key);
	json_double(j, v);
}

void rows_json_run_keys(struct json *j, const struct store_run *r)
{
	key_int(j, "id", r->id);
	key_text(j, "name", r->name);
	key_text(j, "kind", r->kind);
	key_text(j, "game", r->game);
	key_text(j, "status", r->status);
	key_int(j, "seed", (int64_t)r->seed);
	key_int(j, "checkpoints", r->checkpoints);
	key_int(j, "games", r->games);
	key_int(j, "games_stored", r->games_stored);
	key_step(j, "last_step", r->last_step);
	key_real(j, "elo", r->elo);
	key_real(j, "elo_low", r->elo_low);
	key_real(j, "elo_high", r->elo_high);
	key_text(j, "source", r->source);
	key_id(j, "parent_checkpoint", r->parent_checkpoint);
	key_text(j, "build", r->build);
	key_text(j, "host", r->host);
	key_int(j, "created_ms", r->created_ms);
}

void rows_json_run(struct json *j, const struct store_run *r)
{
	json_open(j, '{');
	rows_json_run_keys(j, r);
	json_close(j, '}');
}

void rows_json_checkpoint(struct json *j, const struct store_checkpoint *c)
{
	json_open(j, '{');
	key_int(j, "id", c->id);
	key_text(j, "run", c->run);
	key_int(j, "step", c->step);
	key_int(j, "games", c->games);
	key_int(j, "samples", c->samples);
	key_real(j, "elo", c->elo);
	key_real(j, "elo_low", c->elo_low);
	key_real(j, "elo_high", c->elo_high);
	key_text(j, "network", c->network);
	key_int(j, "floats", c->floats);
	key_text(j, "sha256", c->sha256);
	key_int(j, "created_ms", c->created_ms);
	json_close(j, '}');
}

void rows_json_game_keys(struct json *j, const struct store_game *g)
{
	key_int(j, "id", g->id);
	key_text(j, "run", g->run);
	key_id(j, "match", g->match_id);
	key_id(j, "number", g->number);
	key_text(j, "game", g->game);
	key_text(j, "purpose", g->purpose);
	key_text(j, "first", g->first);
	key_text(j, "second", g->second);
	key_int(j, "opening", g->opening);
	key_text(j, "moves", g->moves);
	key_int(j, "plies", g->plies);
	key_real(j, "result", g->result);
	key_real(j, "score", g->score);
	key_text(j, "ended", g->ended);
	key_int(j, "seed", (int64_t)g->seed);
	key_step(j, "step", g->step);
	key_int(j, "created_ms", g->created_ms);
	json_key(j, "facts");
	json_raw(j, g->facts);
	key_text(j, "event", g->event);
	key_text(j, "date", g->date);
	json_key(j, "tags");
	json_raw(j, g->tags);
	key_text(j, "origin", g->origin);
}

void rows_json_game(struct json *j, const struct store_game *g)
{
	json_open(j, '{');
	rows_json_game_keys(j, g);
	key_int(j, "searches", g->searches);
	json_close(j, '}');
}

void rows_json_job(struct json *j, const struct store_job *job)
{
	json_open(j, '{');
	key_int(j, "id", job->id);
	key_text(j, "kind", job->kind);
	key_text(j, "run", job->run);
	key_text(j, "state", store_job_state_name(job->state));
	key_text(j, "wanted", store_wanted_name(job->wanted));
	json_key(j, "dead");
	json_bool(j, job->life == STORE_LIFE_DEAD);
	key_real(j, "done", job->done);
	key_real(j, "total", job->total);
	key_text(j, "message", job->message);
	key_text(j, "host", job->host);
	key_int(j, "pid", job->pid);
	key_int(j, "created_ms", job->created_ms);
	key_int(j, "heartbeat_ms", job->heartbeat_ms);
	key_text(j, "command", job->command);
	json_close(j, '}');
}
