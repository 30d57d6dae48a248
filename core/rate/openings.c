/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/rate/match.h"

/* How the games of a match begin. */

enum { DEFAULT_RANDOM_PLIES = 2, LINE_MOST = 1 << 16 };

static enum err_code add_line(struct match_openings *o, const char *line,
			      const struct game *g, struct err *e)
{
	void *state = game_state_new(g, 0);
	game_move *moves = mem_zalloc((size_t)g->max_plies, sizeof(*moves));
	enum err_code rc;
	int n;

	rc = game_play_text(g, state, line, moves, &n, e);
	if (!rc && g->rules->to_act(g, state) == GAME_OVER)
		rc = err_set(e, ERR_FORMAT, "the opening '%s' ends the game",
			     line);
	if (!rc) {
		o->lines = mem_realloc(o->lines, (size_t)(o->line_count + 1) *
							 sizeof(*o->lines));
		o->lines[o->line_count++] = mem_strdup(line);
	}
	free(moves);
	free(state);
	return rc;
}

static enum err_code read_lines(struct match_openings *o, const char *path,
				const struct game *g, struct err *e)
{
	FILE *f = fopen(path, "r");
	enum err_code rc = ERR_OK;
	char *line = NULL;
	int number = 0;
	size_t cap = 0;
	ssize_t len;

	if (!f)
		return err_set(e, ERR_IO,
			       "cannot read the openings %s: %s (say random:K "
			       "or name a file)",
			       path, strerror(errno));
	while (!rc && (len = getline(&line, &cap, f)) >= 0) {
		char *p = line + strspn(line, " \t");
		bool text = len <= LINE_MOST && strlen(line) == (size_t)len;

		number++;
		p[strcspn(p, "#\r\n")] = '\0';
		if (!text)
			rc = err_set(e, ERR_FORMAT, "not a line of text");
		else if (*p)
			rc = add_line(o, p, g, e);
		if (rc)
			err_prefix(e, "%s:%d", path, number);
	}
	if (!rc && ferror(f))
		rc = err_set(e, ERR_IO, "cannot read the openings %s: %s", path,
			     strerror(errno));
	free(line);
	fclose(f);
	if (!rc && !o->line_count)
		rc = err_set(e, ERR_FORMAT, "%s: no opening in this file",
			     path);
	return rc;
}

enum err_code match_openings_read(struct match_openings *o, const char *text,
				  const struct game *g, struct err *e)
{
	enum err_code rc = ERR_OK;
	char *end;
	long n;

	memset(o, 0, sizeof(*o));
	if (!text) {
		o->random_plies = DEFAULT_RANDOM_PLIES;
	} else if (!strncmp(text, "random:", 7)) {
		n = strtol(text + 7, &end, 10);
		if (end == text + 7 || *end || n < 0 || n > g->max_plies)
			return err_set(e, ERR_USAGE,
				       "openings '%s': must be random:0 to "
				       "random:%d",
				       text, g->max_plies);
		o->random_plies = (int)n;
	} else {
		rc = read_lines(o, text, g, e);
		if (rc)
			match_openings_release(o);
	}
	return rc;
}

void match_openings_release(struct match_openings *o)
{
	for (int i = 0; i < o->line_count; i++)
		free(o->lines[i]);
	free(o->lines);
	memset(o, 0, sizeof(*o));
}
