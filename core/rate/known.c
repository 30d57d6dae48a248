/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/known.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"

enum { LINE_MOST = 1 << 16, FIRST_SIZE = 1 << 10 };

struct fact {
	uint64_t key; /* of a position and a move; 0: empty */
	struct known_bounds b;
};

struct known {
	const struct game *g; /* borrowed */
	char *path;           /* owned; NULL: none */
	FILE *f;              /* owned; NULL: none */
	int bad;              /* errno of the first write that failed */
	struct fact *facts;   /* owned; [size], at most half of them used */
	size_t size, used;
	void *start;          /* owned; where lines begin */
	pthread_mutex_t lock; /* all of it */
};

/* --- facts --------------------------------------------------------------- */

static uint64_t key_of(const struct game *g, const void *state, game_move move)
{
	return rng_mix(g->rules->hash(g, state), (uint64_t)move + 1) | 1;
}

static struct fact *find(const struct known *k, uint64_t key)
{
	size_t at = (size_t)(key >> 1) & (k->size - 1);

	while (k->facts[at].key && k->facts[at].key != key)
		at = (at + 1) & (k->size - 1);
	return &k->facts[at];
}

static void grow(struct known *k)
{
	struct fact *old = k->facts;
	size_t size = k->size;

	k->size = size ? 2 * size : FIRST_SIZE;
	k->facts = mem_zalloc(k->size, sizeof(*k->facts));
	for (size_t i = 0; i < size; i++)
		if (old[i].key)
			*find(k, old[i].key) = old[i];
	free(old);
}

/* Tighten what is known by `b`; false: they do not go together. */
static bool learn(struct known *k, uint64_t key, struct known_bounds b)
{
	struct fact *fact;

	if (2 * (k->used + 1) > k->size)
		grow(k);
	fact = find(k, key);
	if (!fact->key) {
		*fact = (struct fact){key, {KNOWN_LEAST, KNOWN_MOST}};
		k->used++;
	}
	if (b.low > fact->b.low)
		fact->b.low = b.low;
	if (b.high < fact->b.high)
		fact->b.high = b.high;
	return fact->b.low <= fact->b.high;
}

struct known_bounds known_get(struct known *k, const struct graded_position *p,
			      game_move move)
{
	struct known_bounds b = {KNOWN_LEAST, KNOWN_MOST};
	const struct fact *fact;

	pthread_mutex_lock(&k->lock);
	fact = k->size ? find(k, key_of(k->g, p->state, move)) : NULL;
	if (fact && fact->key)
		b = fact->b;
	pthread_mutex_unlock(&k->lock);
	return b;
}

/* --- the file ------------------------------------------------------------ */

static void put_bound(struct buf *out, int bound)
{
	if (bound == KNOWN_LEAST || bound == KNOWN_MOST)
		buf_puts(out, " -");
	else
		buf_printf(out, " %d", bound);
}

/* In one piece: a reader, and another writer, see whole lines. */
static void write_text(struct known *k, const struct buf *text)
{
	errno = 0;
	if ((fwrite(text->data, 1, text->len, k->f) != text->len ||
	     fflush(k->f)) &&
	    !k->bad)
		k->bad = errno ? errno : EIO;
}

void known_put(struct known *k, const struct graded_position *p, game_move move,
	       struct known_bounds b)
{
	char text[GAME_TEXT_SIZE];
	struct buf line;

	pthread_mutex_lock(&k->lock);
	learn(k, key_of(k->g, p->state, move), b);
	if (k->f) {
		buf_init(&line);
		game_line_text(k->g, k->start, p->moves, p->plies, &line);
		k->g->rules->move_text(k->g, p->state, move, text);
		buf_printf(&line, " %s", text);
		put_bound(&line, b.low);
		put_bound(&line, b.high);
		buf_putc(&line, '\n');
		write_text(k, &line);
		buf_release(&line);
	}
	pthread_mutex_unlock(&k->lock);
}

/* The last word before text[*end], which moves to where it begins; NULL: there
 * is none.  What follows the word is cut off. */
static char *cut_word(char *text, size_t *end)
{
	size_t to = *end, from;

	while (to && strchr(" \t", text[to - 1]))
		to--;
	text[to] = '\0';
	from = to;
	while (from && !strchr(" \t", text[from - 1]))
		from--;
	*end = from;
	return from == to ? NULL : text + from;
}

static bool read_bound(const char *word, int none, int *out)
{
	char *end;
	long n;

	*out = none;
	if (!word)
		return false;
	if (!strcmp(word, "-"))
		return true;
	n = strtol(word, &end, 10);
	*out = (int)n;
	return end != word && !*end && n > KNOWN_LEAST && n < KNOWN_MOST;
}

/* "MOVES MOVE LOW HIGH"; the text is changed. */
static enum err_code read_fact(struct known *k, char *text, void *state,
			       game_move *moves, struct err *e)
{
	size_t end = strlen(text);
	const char *high = cut_word(text, &end), *low = cut_word(text, &end);
	const char *move = cut_word(text, &end);
	struct known_bounds b;
	enum err_code rc;
	game_move m;
	int plies;

	if (!read_bound(low, KNOWN_LEAST, &b.low) ||
	    !read_bound(high, KNOWN_MOST, &b.high) || !move)
		return err_set(e, ERR_FORMAT, "not MOVES MOVE LOW HIGH");
	memcpy(state, k->start, k->g->state_size);
	/* A blank precedes the move, or nothing where it is the first. */
	if (end)
		text[end - 1] = '\0';
	rc = game_play_text(k->g, state, end ? text + strspn(text, " \t") : "",
			    moves, &plies, e);
	if (rc)
		return rc;
	if (k->g->rules->to_act(k->g, state) < 0)
		return err_set(e, ERR_FORMAT, "nobody moves there");
	m = k->g->rules->move_parse(k->g, state, move);
	if (m == GAME_NO_MOVE)
		return err_set(e, ERR_FORMAT, "no move '%.20s' there", move);
	if (!learn(k, key_of(k->g, state, m), b))
		return err_set(e, ERR_FORMAT,
			       "bounds of %.20s that no score is within, with "
			       "those of the lines above",
			       move);
	return ERR_OK;
}

static enum err_code check_game(const struct known *k, const char *text,
				struct err *e)
{
	struct game g;

	if (strncmp(text, "game ", 5) || game_init(&g, text + 5, NULL))
		return err_set(e, ERR_FORMAT,
			       "it does not begin with the game, such as "
			       "'game %s'",
			       game_short_name(k->g));
	if (strcmp(game_short_name(&g), game_short_name(k->g)))
		return err_set(e, ERR_USAGE, "it is about %s and not %s",
			       game_short_name(&g), game_short_name(k->g));
	return ERR_OK;
}

/* A last line without an end is what a killed writer left; but in a file that
 * does not begin with its game it is somebody's text, unless that was the line
 * being written. */
static enum err_code check_torn(const struct known *k, const char *line,
				size_t len, struct err *e)
{
	char *first = mem_printf("game %s", game_short_name(k->g));
	enum err_code rc = ERR_OK;

	if (len > strlen(first) || memcmp(first, line, len))
		rc = check_game(k, "", e);
	free(first);
	return rc;
}

/* All lines; *whole: bytes of those that end; *torn: there is more; *named: the
 * game was there. */
static enum err_code read_lines(struct known *k, FILE *f, long long *whole,
				bool *torn, bool *named, struct err *e)
{
	game_move *moves = mem_zalloc((size_t)k->g->max_plies, sizeof(*moves));
	void *state = mem_zalloc(1, k->g->state_size);
	enum err_code rc = ERR_OK;
	char *line = NULL;
	int number = 0;
	size_t cap = 0;
	ssize_t len;

	while (!rc && (len = getline(&line, &cap, f)) >= 0) {
		*torn = line[len - 1] != '\n';
		number++;
		if (*torn && *named)
			break;
		if (*torn) {
			rc = check_torn(k, line, (size_t)len, e);
			if (rc)
				err_prefix(e, "%s:%d", k->path, number);
			break;
		}
		*whole += len;
		if (len > LINE_MOST || strlen(line) != (size_t)len) {
			rc = err_set(e, ERR_FORMAT, "not a line of text");
		} else {
			line[strcspn(line, "#\r\n")] = '\0';
			if (!line[strspn(line, " \t")])
				continue;
			rc = *named ? read_fact(k, line, state, moves, e)
				    : check_game(k, line, e);
			*named = true;
		}
		if (rc)
			err_prefix(e, "%s:%d", k->path, number);
	}
	if (!rc && ferror(f))
		rc = err_set(e, ERR_IO, "cannot read %s: %s", k->path,
			     strerror(errno));
	free(line);
	free(state);
	free(moves);
	/* What a line holds is not the command's fault. */
	if (rc == ERR_USAGE && *named && number > 1) {
		rc = ERR_FORMAT;
		if (e)
			e->code = rc;
	}
	return rc;
}

static enum err_code read_all(struct known *k, struct err *e)
{
	FILE *f = fopen(k->path, "r");
	long long whole = 0;
	enum err_code rc = ERR_OK;
	bool torn = false, named = false;
	struct buf text;

	if (!f && errno != ENOENT)
		return err_set(e, ERR_IO, "cannot read %s: %s", k->path,
			       strerror(errno));
	if (f) {
		rc = read_lines(k, f, &whole, &torn, &named, e);
		fclose(f);
	}
	if (rc)
		return rc;
	k->f = fopen(k->path, "a");
	if (!k->f || (torn && ftruncate(fileno(k->f), (off_t)whole)))
		return err_set(e, ERR_IO, "cannot write %s: %s", k->path,
			       strerror(errno));
	if (!named) {
		buf_init(&text);
		buf_printf(&text, "game %s\n", game_short_name(k->g));
		write_text(k, &text);
		buf_release(&text);
	}
	return ERR_OK;
}

/* --- the whole ----------------------------------------------------------- */

static void release(struct known *k)
{
	if (k->f)
		fclose(k->f);
	pthread_mutex_destroy(&k->lock);
	free(k->facts);
	free(k->start);
	free(k->path);
	free(k);
}

enum err_code known_open(struct known **out, const struct game *g,
			 const char *path, struct err *e)
{
	struct known *k = mem_zalloc(1, sizeof(*k));
	enum err_code rc = ERR_OK;

	*out = NULL;
	k->g = g;
	k->start = game_state_new(g, 0);
	pthread_mutex_init(&k->lock, NULL);
	if (path) {
		k->path = mem_strdup(path);
		rc = read_all(k, e);
	}
	if (rc)
		release(k);
	else
		*out = k;
	return rc;
}

enum err_code known_close(struct known *k, struct err *e)
{
	enum err_code rc = ERR_OK;

	if (!k)
		return ERR_OK;
	if (k->bad)
		rc = err_set(e, ERR_IO, "cannot write %s: %s", k->path,
			     strerror(k->bad));
	release(k);
	return rc;
}
