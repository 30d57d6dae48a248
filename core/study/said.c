/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/said.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"

enum { MOST_MOVES = 2048 };

struct said_position *said_add(struct said *s, const char *line, int legal)
{
	size_t n = (size_t)s->player_count * (size_t)legal;
	struct said_position *p;

	s->positions = mem_realloc(s->positions, (size_t)(s->count + 1) *
							 sizeof(*s->positions));
	p = &s->positions[s->count++];
	*p = (struct said_position){.line = mem_strdup(line), .legal = legal};
	p->figures = mem_floats(n + 1);
	for (size_t i = 0; i < n; i++)
		p->figures[i] = NAN;
	for (int i = 0; i < SAID_PLAYERS; i++)
		p->value[i] = NAN;
	return p;
}

/* -1, 0 and 1 need no more digits than that. */
static void number(struct buf *out, const char *before, float v)
{
	if (isnan(v))
		buf_printf(out, "%s-", before);
	else
		buf_printf(out, "%s%.3g", before, (double)v);
}

void said_write(const struct said *s, struct buf *out)
{
	buf_printf(out, "game %s\nplayers", s->game);
	for (int i = 0; i < s->player_count; i++)
		buf_printf(out, " %s", s->players[i]);
	buf_putc(out, '\n');
	for (int i = 0; i < s->count; i++) {
		const struct said_position *p = &s->positions[i];

		buf_printf(out, "position %s\n", p->line);
		for (int k = 0; k < s->player_count; k++) {
			number(out, "", p->value[k]);
			buf_putc(out, ':');
			for (int m = 0; m < p->legal; m++)
				number(out, " ", p->figures[k * p->legal + m]);
			buf_putc(out, '\n');
		}
	}
}

/* --- reading ------------------------------------------------------------- */

struct lines {
	const char *at;
	char *line; /* owned; the last that was read */
	int number;
};

static bool next_line(struct lines *l)
{
	size_t n = strcspn(l->at, "\n");

	free(l->line);
	l->line = NULL;
	if (!*l->at)
		return false;
	l->line = mem_printf("%.*s", (int)n, l->at);
	l->at += n + (l->at[n] == '\n');
	l->number++;
	return true;
}

/* What follows a word at the beginning of the line, or NULL. */
static const char *after(const struct lines *l, const char *word)
{
	size_t n = strlen(word);

	if (!l->line || strncmp(l->line, word, n))
		return NULL;
	return l->line[n] == ' ' ? l->line + n + 1 : l->line[n] ? NULL : "";
}

static bool read_players(struct said *s, const char *list)
{
	while (*list) {
		size_t n = strcspn(list, " ");

		if (!n || n >= SAID_NAME || s->player_count == SAID_PLAYERS)
			return false;
		memcpy(s->players[s->player_count++], list, n);
		list += n + (list[n] == ' ');
	}
	return s->player_count > 0;
}

static bool read_figure(const char **at, char end, float *out)
{
	const char *stop = *at + 1;
	char *last;

	*out = NAN;
	if (**at != '-' || (*stop && *stop != ' ' && *stop != ':')) {
		*out = strtof(*at, &last);
		if (last == *at || !isfinite(*out))
			return false;
		stop = last;
	}
	if (*stop && *stop != end)
		return false;
	*at = stop + (*stop == end);
	return true;
}

/* Figures of a player; the first tells how many moves there are. */
static bool read_said(struct said *s, struct said_position **p,
		      const char *position, int player, const char *at)
{
	float value, *figures = mem_floats(MOST_MOVES);
	int n = 0;
	bool good = read_figure(&at, ':', &value);

	at += *at == ' ';
	while (good && *at && n < MOST_MOVES)
		good = read_figure(&at, ' ', &figures[n++]);
	good = good && n && !*at && (!*p || n == (*p)->legal);
	if (good && !*p)
		*p = said_add(s, position, n);
	if (good) {
		(*p)->value[player] = value;
		memcpy((*p)->figures + player * n, figures,
		       (size_t)n * sizeof(*figures));
	}
	free(figures);
	return good;
}

static bool read_position(struct said *s, struct lines *l)
{
	const char *line = after(l, "position");
	struct said_position *p = NULL;
	char *copy;
	bool good = line != NULL;

	copy = mem_strdup(line ? line : "");
	for (int i = 0; good && i < s->player_count; i++)
		good = next_line(l) && read_said(s, &p, copy, i, l->line);
	free(copy);
	return good;
}

enum err_code said_read(const char *text, struct said *out, struct err *e)
{
	struct lines l = {text, NULL, 0};
	bool good;

	memset(out, 0, sizeof(*out));
	good = next_line(&l) && after(&l, "game");
	if (good)
		out->game = mem_strdup(after(&l, "game"));
	good = good && next_line(&l) && after(&l, "players") &&
	       read_players(out, after(&l, "players"));
	while (good && next_line(&l))
		good = read_position(out, &l);
	free(l.line);
	if (good)
		return ERR_OK;
	return err_set(e, ERR_FORMAT,
		       "what was kept of positions is not that: line %d",
		       l.number);
}

void said_release(struct said *s)
{
	for (int i = 0; i < s->count; i++) {
		free(s->positions[i].line);
		free(s->positions[i].figures);
	}
	free(s->positions);
	free(s->game);
	memset(s, 0, sizeof(*s));
}
