/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/conv.h"

#include <string.h>

#include "core/net/blas.h"

enum { TAPS = 9 };

size_t conv_scratch_count(const struct conv_shape *sh, int batch)
{
	return (size_t)batch * sh->rows * sh->cols * TAPS * sh->in;
}

/* columns(B * cells, 9, in): every cell's neighbourhood in a row. */
static void gather(const struct conv_shape *sh, int batch, const float *x,
		   float *columns)
{
	size_t in = sh->in, bytes = in * sizeof(*x);

	for (int b = 0; b < batch; b++, x += sh->rows * sh->cols * in)
		for (int r = 0; r < sh->rows; r++)
			for (int c = 0; c < sh->cols; c++)
				for (int t = 0; t < TAPS; t++) {
					int rr = r + t / 3 - 1;
					int cc = c + t % 3 - 1;
					bool on = rr >= 0 && rr < sh->rows &&
						  cc >= 0 && cc < sh->cols;

					if (on)
						memcpy(columns,
						       x + (rr * sh->cols +
							    cc) * in,
						       bytes);
					else
						memset(columns, 0, bytes);
					columns += in;
				}
}

/* The transpose of gather(): dx must be zeroed or hold what is added to. */
static void scatter(const struct conv_shape *sh, int batch,
		    const float *columns, float *dx)
{
	size_t in = sh->in;

	for (int b = 0; b < batch; b++, dx += sh->rows * sh->cols * in)
		for (int r = 0; r < sh->rows; r++)
			for (int c = 0; c < sh->cols; c++)
				for (int t = 0; t < TAPS; t++, columns += in) {
					int rr = r + t / 3 - 1;
					int cc = c + t % 3 - 1;
					float *d =
						dx + (rr * sh->cols + cc) * in;

					if (rr < 0 || rr >= sh->rows ||
					    cc < 0 || cc >= sh->cols)
						continue;
					for (size_t i = 0; i < in; i++)
						d[i] += columns[i];
				}
}

void conv_forward(const struct conv_shape *sh, int batch, const float *w,
		  const float *x, float *y, float *scratch)
{
	int cells = batch * sh->rows * sh->cols, k = TAPS * sh->in;

	gather(sh, batch, x, scratch);
	blas_sgemm(false, false, cells, sh->out, k, scratch, k, w, sh->out, 0,
		   y, sh->out);
}

void conv_backward(const struct conv_shape *sh, int batch, const float *w,
		   const float *x, const float *dy, float *dx, bool dx_add,
		   float *dw, float *scratch)
{
	int cells = batch * sh->rows * sh->cols, k = TAPS * sh->in;

	gather(sh, batch, x, scratch);
	blas_sgemm(true, false, k, sh->out, cells, scratch, k, dy, sh->out, 1,
		   dw, sh->out);
	if (!dx)
		return;
	blas_sgemm(false, true, cells, k, sh->out, dy, sh->out, w, sh->out, 0,
		   scratch, k);
	if (!dx_add)
		memset(dx, 0, (size_t)cells * sh->in * sizeof(*dx));
	scatter(sh, batch, scratch, dx);
}
