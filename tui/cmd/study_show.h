/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_STUDY_SHOW_H
#define TUI_CMD_STUDY_SHOW_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/lab/study_rows.h"
#include "tui/cmd/cmd.h"

/* A study of the lab, whole, for people or as one JSON object. */
void study_show(const struct study_rows *r, bool json, struct buf *out);

/* Its gates, estimates and verdict alone. */
void study_show_verdict(const struct study_rows *r, bool json, struct buf *out);

/* "planned", "3 of 12 trials", "at work, 3 of 12 trials", or the badge. */
void study_show_state(const struct study_rows *r, struct buf *out);

/* The debate's systems and every arm's answers; an exit status. */
int study_scorecard(const struct cmd_line *line, bool json);

/* All studies, with the rows that this lab has of them; an exit status. */
int study_list(const struct cmd_line *line, bool json);

#endif
