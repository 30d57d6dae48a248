/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/gtp_int.h"

#include <string.h>
#include <strings.h>

#include "core/base/clock.h"

/* Clocks: what the front end said last, and what has run down since. */

static void start_period(struct gtp_server *v, int player)
{
	v->left[player] = v->byo_time;
	v->stones[player] = v->byo_stones;
}

static void set_clock(struct gtp_server *v, double main_time, double byo_time,
		      int stones)
{
	/* By the protocol: a period without stones is no limit at all. */
	v->timed = main_time > 0 || (byo_time > 0 && stones > 0);
	v->byo_time = byo_time;
	v->byo_stones = stones;
	v->increment = 0;
	for (int i = 0; i < 2; i++) {
		v->left[i] = main_time;
		v->stones[i] = 0;
		if (main_time <= 0)
			start_period(v, i);
	}
}

const char *gtp_time_settings(struct gtp_server *v, const struct gtp_line *l,
			      struct buf *out)
{
	double main_time, byo_time;
	int stones;

	(void)out;
	if (!gtp_number(l->words[0], &main_time) ||
	    !gtp_number(l->words[1], &byo_time) ||
	    !gtp_int(l->words[2], 0, 1000000, &stones) || main_time < 0 ||
	    byo_time < 0)
		return "syntax error";
	set_clock(v, main_time, byo_time, stones);
	if (byo_time > 0 && stones == 0)
		v->timed = false;
	return NULL;
}

/* KGS's kinds, and KataGo's with an increment too. */
const char *gtp_time_kinds(struct gtp_server *v, const struct gtp_line *l,
			   struct buf *out)
{
	double main_time = 0, byo_time = 0;
	const char *kind = l->words[0];
	bool kata = !strncmp(l->name, "kata-", 5);
	int n = 0;

	(void)out;
	if (!strcmp(kind, "none")) {
		v->timed = false;
		return NULL;
	}
	if (l->count < 2 || !gtp_number(l->words[1], &main_time))
		return "syntax error";
	if (strcmp(kind, "absolute") &&
	    (l->count < 3 || !gtp_number(l->words[2], &byo_time)))
		return "syntax error";
	if (kata &&
	    (!strcmp(kind, "fischer") || !strcmp(kind, "fischer-capped"))) {
		set_clock(v, main_time, 0, 0);
		v->timed = true;
		v->increment = byo_time;
		return NULL;
	}
	if (strcmp(kind, "absolute") &&
	    (l->count < 4 || !gtp_int(l->words[3], 0, 1000000, &n)))
		return "syntax error";
	if (!strcmp(kind, "byoyomi"))
		n = 1; /* a move a period, as often as it likes */
	else if (strcmp(kind, "canadian") && strcmp(kind, "absolute"))
		return "syntax error";
	set_clock(v, main_time, byo_time, n);
	return NULL;
}

const char *gtp_time_left(struct gtp_server *v, const struct gtp_line *l,
			  struct buf *out)
{
	int player = gtp_color(l->words[0]), stones;
	double left;

	(void)out;
	if (player < 0 || !gtp_number(l->words[1], &left) ||
	    !gtp_int(l->words[2], 0, 1000000, &stones))
		return "syntax error";
	v->timed = true;
	v->left[player] = left > 0 ? left : 0;
	v->stones[player] = stones;
	return NULL;
}

double gtp_time_deadline(const struct gtp_server *v, int player)
{
	double left = v->left[player], share, now = clock_seconds(), until = 0;

	if (v->timed) {
		share = left / (v->stones[player] > 0 ? v->stones[player] : 30);
		share += v->increment * 3 / 4;
		/* The last stone of a period may use it up, but for the way. */
		if (share > left - 0.1)
			share = left - 0.1;
		until = now + (share > 0.01 ? share : 0.01);
	}
	if (v->max_time > 0 && (until <= 0 || now + v->max_time < until))
		until = now + v->max_time;
	return until;
}

/* Front ends that say what is left say so before each move. */
void gtp_time_spend(struct gtp_server *v, int player, double seconds)
{
	if (!v->timed)
		return;
	v->left[player] -= seconds;
	if (v->stones[player] > 0) {
		if (--v->stones[player] == 0)
			start_period(v, player);
	} else if (v->left[player] <= 0 && v->byo_stones > 0) {
		start_period(v, player);
	}
	v->left[player] += v->increment;
	if (v->left[player] < 0)
		v->left[player] = 0;
}
