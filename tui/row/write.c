/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/row/write.h"

#include <stdint.h>

#include "tui/row/words.h"

static const char *text_at(const void *member)
{
	return *(const char *const *)member;
}

void row_write_game(const void *member, struct row_at *at, struct buf *out)
{
	(void)at;
	game_text(text_at(member), out);
}

void row_write_agent(const void *member, struct row_at *at, struct buf *out)
{
	if (text_at(member))
		agent_fit(text_at(member), at->width, out);
}

void row_write_network(const void *member, struct row_at *at, struct buf *out)
{
	(void)at;
	network_text(text_at(member), out);
}

void row_write_day(const void *member, struct row_at *at, struct buf *out)
{
	(void)at;
	day_text(*(const int64_t *)member, out);
}

void row_write_time(const void *member, struct row_at *at, struct buf *out)
{
	(void)at;
	time_text(*(const int64_t *)member, out);
}

void row_write_interval(const void *member, struct row_at *at, struct buf *out)
{
	const double *v = member;

	(void)at;
	interval_text(v[0], v[1], v[2], out);
}

void row_write_range(const void *member, struct row_at *at, struct buf *out)
{
	const double *v = member;

	(void)at;
	range_text(v[0], v[1], v[2], out);
}
