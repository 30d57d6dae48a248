/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/paste.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/format/format.h"
#include "core/format/record.h"
#include "core/format/text_in.h"

/* A position of the game's family, in one line; or its game's whole name. */
static bool read_position(const char *text, const struct game *usual,
			  struct game *out, struct err *e)
{
	struct game g;

	/* A list of moves is none: it has no ranks. */
	if (usual && usual->rules->position_parse && strchr(text, '/') &&
	    !game_from(out, usual, text, e))
		return true;
	if (strchr(text, ':') && !game_init(out, text, NULL))
		return true;
	if (strchr(text, '/') && !(usual && usual->rules->position_parse) &&
	    !game_init(&g, "chess", NULL) && !game_from(out, &g, text, e))
		return true;
	return false;
}

static const struct format *format_for(const struct game *usual,
				       struct text_in *in)
{
	const struct format *f = format_guess(NULL, in);

	/* Moves with numbers, comments and the like. */
	if (f == &format_plain && usual &&
	    format_usual(usual)->begins == format_pgn.begins)
		return &format_pgn;
	/* "1. d3 c5": numbers alone do not suggest chess. */
	if (f == &format_pgn && usual && format_usual(usual) != &format_pgn) {
		char head[2];

		text_head(in, head, sizeof(head));
		return isdigit((unsigned char)head[0]) ? &format_plain : f;
	}
	return f;
}

/* The moves of the record, played once more. */
static enum err_code take_moves(const struct record *r, struct game *out,
				game_move **moves, int *count, struct err *e)
{
	void *s = game_state_new(&r->game, 0);
	enum err_code rc;

	*moves = mem_zalloc((size_t)r->game.max_plies + 1, sizeof(**moves));
	rc = game_play_text(&r->game, s, r->moves.data, *moves, count, e);
	free(s);
	if (rc || !*count) {
		free(*moves);
		*moves = NULL;
		*count = 0;
	}
	if (!rc)
		*out = r->game;
	return rc;
}

static enum err_code read_game(const char *text, size_t len,
			       const struct game *usual, struct game *out,
			       game_move **moves, int *count, struct err *e)
{
	bool lines = memchr(text, '\n', len) != NULL;
	const struct format *f;
	struct text_in in;
	struct record r;
	enum format_read got;
	enum err_code rc;

	text_in_memory(&in, text, len);
	record_init(&r);
	f = format_for(usual, &in);
	got = f->read(&in, usual, &r, e);
	if (got == FORMAT_GAME)
		rc = take_moves(&r, out, moves, count, e);
	else if (got == FORMAT_END)
		rc = err_set(e, ERR_FORMAT,
			     "no position and no game in this text");
	else
		rc = ERR_FORMAT;
	if (rc && got != FORMAT_END && lines)
		err_prefix(e, "line %ld, column %ld", r.at_line, r.at_column);
	record_release(&r);
	text_in_release(&in);
	return rc;
}

enum err_code paste_read(const char *text, size_t len, const struct game *usual,
			 struct game *out, game_move **moves, int *count,
			 struct err *e)
{
	struct err why = ERR_INIT;
	enum err_code rc;
	char *line;

	*moves = NULL;
	*count = 0;
	while (len && isspace((unsigned char)*text)) {
		text++;
		len--;
	}
	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	if (!len && usual) {
		*out = *usual;
		return ERR_OK;
	}
	if (memchr(text, '\n', len) || memchr(text, '\0', len) ||
	    len >= GAME_NAME_SIZE)
		return read_game(text, len, usual, out, moves, count, e);
	line = mem_alloc(len + 1);
	memcpy(line, text, len);
	line[len] = '\0';
	if (read_position(line, usual, out, &why)) {
		free(line);
		return ERR_OK;
	}
	free(line);
	rc = read_game(text, len, usual, out, moves, count, e);
	/* What has ranks was meant to be a position, if it is not a record. */
	if (rc && why.code && *text != '(' && *text != '[')
		rc = err_set(e, why.code, "%s", why.msg);
	return rc;
}
