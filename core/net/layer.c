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
