/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_ROWS_H
#define TUI_CMD_ROWS_H

#include <stdint.h>

#include "core/base/json.h"
#include "store/game.h"
#include "store/job.h"
#include "store/run.h"
#include "tui/cmd/cmd.h"

/* Rows of the lab file as commands show them. */

/* The lab for reading, or an exit status after saying why not. */
ATTR_NODISCARD int rows_open(const struct cmd_line *line, struct store **out);
/* Says what went wrong; the exit status. */
int rows_fail(const struct cmd_line *line, const struct store *s);
/* The run with a name, whole; id 0 for NULL. */
ATTR_NODISCARD int rows_run(const struct cmd_line *line, struct store *s,
			    struct store_bag *bag, const char *name,
			    struct store_run *out);
/* A row's number as typed, from 1; a complaint calls it `what`. */
ATTR_NODISCARD int rows_id(const struct cmd_line *line, const char *what,
			   const char *text, int64_t *out);

/* Texts; borrowed where they do not go into `out`. */
const char *rows_winner(const struct store_game *g);   /* "first", "-", ... */
const char *rows_life(const struct store_job *j);      /* "running", "dead" */
const char *rows_or_dash(const char *text);            /* "-" for NULL */
const char *rows_date(int64_t ms, char out[32]);       /* local time */
const char *rows_number(double v, char out[32]);       /* whole; "-" */
const char *rows_game(const char *spec, char out[96]); /* its short name */

/* One object each. */
void rows_json_run(struct json *j, const struct store_run *r);
void rows_json_checkpoint(struct json *j, const struct store_checkpoint *c);
void rows_json_game(struct json *j, const struct store_game *g);
void rows_json_job(struct json *j, const struct store_job *job);
/* The same without the brackets, for more keys to follow. */
void rows_json_run_keys(struct json *j, const struct store_run *r);
void rows_json_game_keys(struct json *j, const struct store_game *g);

#endif
