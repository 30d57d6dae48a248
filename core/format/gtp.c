/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/gtp.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- commands and responses ---------------------------------------------- */

/* The line as the protocol says to read it; false if it was cut. */
static bool clean(const char *line, char out[GTP_TEXT_SIZE])
{
	size_t n = 0;

	for (; *line && *line != '\n' && *line != '#'; line++) {
		unsigned char c = (unsigned char)*line;

		if (c == '\t')
			c = ' ';
		if (c < 32 || c == 127)
			continue;
		if (n == GTP_TEXT_SIZE - 1) {
			out[n] = '\0';
			return false;
		}
		out[n++] = (char)c;
	}
	while (n && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return true;
}

/* Cut the next word off *at. */
static char *next_word(char **at)
{
	char *word = *at + strspn(*at, " ");
	size_t n = strcspn(word, " ");

	if (!n)
		return NULL;
	*at = word + n;
	if (**at)
		*(*at)++ = '\0';
	return word;
}

void gtp_parse(const char *line, struct gtp_line *out)
{
	const char *rest;
	char *at, *word;

	out->has_id = false;
	out->id = 0;
	out->name = NULL;
	out->count = 0;
	out->cut = !clean(line, out->all);
	memcpy(out->text, out->all, sizeof(out->text));
	rest = out->all + strspn(out->all, " ");
	at = out->text;
	word = next_word(&at);
	if (word && isdigit((unsigned char)*word) &&
	    gtp_int(word, 0, INT32_MAX, &out->id)) {
		out->has_id = true;
		rest += strcspn(rest, " ");
		rest += strspn(rest, " ");
		word = next_word(&at);
	}
	out->name = word;
	rest += strcspn(rest, " ");
	out->rest = rest + strspn(rest, " ");
	while ((word = next_word(&at))) {
		if (out->count == GTP_MAX_WORDS) {
			out->cut = true;
			return;
		}
		out->words[out->count++] = word;
	}
}

void gtp_respond(const struct gtp_line *to, bool ok, const char *text,
		 struct buf *out)
{
	char last = '\n';

	buf_putc(out, ok ? '=' : '?');
	if (to->has_id)
		buf_printf(out, "%d", to->id);
	if (*text)
		buf_putc(out, ' ');
	for (; *text; text++) {
		/* Neither an empty line nor a last one that is. */
		if (*text == '\n' &&
		    (last == '\n' || !text[strspn(text, "\n")]))
			continue;
		buf_putc(out, *text);
		last = *text;
	}
	buf_puts(out, "\n\n");
}

bool gtp_parse_status(const char *line, struct gtp_status *out)
{
	if (*line != '=' && *line != '?')
		return false;
	out->ok = *line++ == '=';
	out->has_id = isdigit((unsigned char)*line);
	out->id = 0;
	while (isdigit((unsigned char)*line)) {
		if (out->id > (INT32_MAX - 9) / 10)
			return false;
		out->id = out->id * 10 + (*line++ - '0');
	}
	out->text = line + strspn(line, " \t");
	return true;
}

int gtp_color(const char *word)
{
	assert(word);
	if (!strcasecmp(word, "b") || !strcasecmp(word, "black"))
		return 0;
	if (!strcasecmp(word, "w") || !strcasecmp(word, "white"))
		return 1;
	return -1;
}

bool gtp_int(const char *word, int min, int max, int *out)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(word, &end, 10);
	if (end == word || *end || errno || v < min || v > max)
		return false;
	*out = (int)v;
	return true;
}

bool gtp_number(const char *word, double *out)
{
	char *end;

	*out = strtod(word, &end);
	return end != word && !*end && isfinite(*out);
}

/* --- analysis ------------------------------------------------------------ */

static bool parse_limit(const char *const *words, int count,
			struct gtp_limit *l)
{
	if (count < 4)
		return false;
	l->allow = !strcmp(words[0], "allow");
	l->player = gtp_color(words[1]);
	l->vertices = words[2];
	return l->player >= 0 && gtp_int(words[3], 1, INT32_MAX, &l->until);
}

/* One key with its value: how many words it took, 0 if they are wrong. */
static int parse_pair(const char *const *words, int count,
		      struct gtp_analyze *a)
{
	const char *key = words[0], *value = count > 1 ? words[1] : NULL;
	bool fits = value != NULL;

	if (!strcmp(key, "avoid") || !strcmp(key, "allow")) {
		if (a->limit_count == GTP_MAX_LIMITS ||
		    !parse_limit(words, count, &a->limits[a->limit_count]))
			return 0;
		a->limit_count++;
		return 4;
	}
	if (fits && !strcmp(key, "interval"))
		fits = gtp_int(value, 0, 1000000, &a->interval);
	else if (fits && !strcmp(key, "minmoves"))
		fits = gtp_int(value, 0, 1000000, &a->min_moves);
	else if (fits && !strcmp(key, "maxmoves"))
		fits = gtp_int(value, 0, 1000000, &a->max_moves);
	else if (fits && !strcmp(key, "ownership"))
		a->ownership = !strcasecmp(value, "true");
	else if (fits && !strcmp(key, "movesOwnership"))
		a->moves_ownership = !strcasecmp(value, "true");
	else if (fits && !strcmp(key, "pvVisits"))
		a->pv_visits = !strcasecmp(value, "true");
	else if (fits && !strcmp(key, "rootInfo"))
		a->root_info = !strcasecmp(value, "true");
	else
		fits = false;
	return fits ? 2 : 0;
}

const char *gtp_parse_analyze(const char *const *words, int count,
			      struct gtp_analyze *out)
{
	int at = 0;

	memset(out, 0, sizeof(*out));
	out->player = -1;
	if (at < count && gtp_color(words[at]) >= 0)
		out->player = gtp_color(words[at++]);
	if (at < count && isdigit((unsigned char)*words[at])) {
		if (!gtp_int(words[at], 0, 1000000, &out->interval))
			return words[at];
		at++;
	}
	/* Some front ends say the player after the interval. */
	if (at < count && out->player < 0 && gtp_color(words[at]) >= 0)
		out->player = gtp_color(words[at++]);
	while (at < count) {
		int took = parse_pair(words + at, count - at, out);

		if (!took)
			return words[at];
		at += took;
	}
	return NULL;
}

bool gtp_next_vertex(const char **list, char out[8])
{
	const char *at = *list + strspn(*list, ",");
	size_t n = strcspn(at, ",");

	if (!n)
		return false;
	*list = at + n;
	/* A word that long names no vertex, and neither does its beginning. */
	if (n > 7)
		n = 0;
	memcpy(out, at, n);
	out[n] = '\0';
	return true;
}

static int ten_thousandths(double share)
{
	return (int)lround(fmin(fmax(share, 0), 1) * 10000);
}

void gtp_format_info(const struct gtp_info *info, bool kata, struct buf *out)
{
	buf_printf(out, "info move %s visits %u", info->move, info->visits);
	if (!kata) {
		buf_printf(out, " winrate %d prior %d lcb %d",
			   ten_thousandths(info->winrate),
			   ten_thousandths(info->prior),
			   ten_thousandths(info->lcb));
	} else {
		buf_printf(out, " utility %.6f winrate %.6f",
			   2 * info->winrate - 1, info->winrate);
		if (info->has_lead) {
			buf_printf(out, " scoreMean %.4f", info->lead);
			if (!isnan(info->spread))
				buf_printf(out, " scoreStdev %.4f",
					   info->spread);
			buf_printf(out, " scoreLead %.4f", info->lead);
		}
		buf_printf(out, " prior %.6f lcb %.6f utilityLcb %.6f",
			   info->prior, info->lcb, 2 * info->lcb - 1);
	}
	buf_printf(out, " order %d pv %s", info->order, info->pv);
	if (info->pv_visits)
		buf_printf(out, " pvVisits %s", info->pv_visits);
}
