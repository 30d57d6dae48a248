/* SPDX-License-Identifier: MIT */
/* What many kinds of layers have in common. */
#include "config.h"

#include "core/net/layer.h"

#include <stdio.h>

size_t layer_board_count(const struct layer_shape *sh)
{
	return (size_t)sh->rows * sh->cols * sh->out;
}

void layer_board_text(const struct layer_shape *sh, char *out, size_t size)
{
	if (sh->in == sh->out)
		snprintf(out, size, "%dx%dx%d", sh->rows, sh->cols, sh->out);
	else
		snprintf(out, size, "%dx%dx%d -> %d", sh->rows, sh->cols,
			 sh->in, sh->out);
}

size_t layer_no_room(const struct layer_shape *sh, int batch)
{
	(void)sh;
	(void)batch;
	return 0;
}

size_t layer_nothing(const struct layer_shape *sh)
{
	(void)sh;
	return 0;
}

void layer_no_init(const struct layer_shape *sh, struct rng *r, float *w)
{
	(void)sh;
	(void)r;
	(void)w;
}

void layer_no_masks(const struct layer_shape *sh, float *decay, float *learn)
{
	(void)sh;
	(void)decay;
	(void)learn;
}

void layer_no_prepare(const struct layer_shape *sh, const float *w,
		      const float *mul, const float *add, float *ready)
{
	(void)sh;
	(void)w;
	(void)mul;
	(void)add;
	(void)ready;
}
