/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/targets.h"

#include <math.h>

enum { TARGETS_VERSION = 1, NO_VALUE = 65535 };

static uint16_t quantise(float p)
{
	return (uint16_t)lrintf(fminf(fmaxf(p, 0), 1) * 65535.0f);
}

void targets_begin(struct targets_writer *w)
{
	buf_init(&w->out);
	buf_u8(&w->out, TARGETS_VERSION);
}

void targets_skip(struct targets_writer *w)
{
	buf_u16(&w->out, 0);
}

void targets_ply(struct targets_writer *w, int count, const float *policy,
		 const float *wdl)
{
	buf_u16(&w->out, (uint16_t)count);
	for (int i = 0; i < count; i++)
		buf_u16(&w->out, quantise(policy[i]));
	buf_u16(&w->out, wdl ? quantise(wdl[0]) : NO_VALUE);
	buf_u16(&w->out, wdl ? quantise(wdl[1]) : NO_VALUE);
}

enum err_code targets_open(struct reader *r, const void *data, size_t len,
			   struct err *e)
{
	uint8_t version;

	reader_init(r, data, len);
	version = reader_u8(r);
	if (r->failed || version != TARGETS_VERSION)
		return err_set(e, ERR_FORMAT,
			       "training targets of version %d: this program "
			       "reads version %d",
			       version, TARGETS_VERSION);
	return ERR_OK;
}

void targets_next(struct reader *r, struct target *out)
{
	out->count = reader_u16(r);
	out->policy = reader_bytes(r, (size_t)out->count * 2);
	if (!out->count || r->failed) {
		out->count = 0;
		return;
	}
	out->win = reader_u16(r);
	out->draw = reader_u16(r);
	out->has_value = out->win != NO_VALUE || out->draw != NO_VALUE;
}
