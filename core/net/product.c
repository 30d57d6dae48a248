/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/product.h"

#include "core/net/kernel.h"

enum {
	PANEL = 2 * KERNEL_PAD, /* columns of a product done together */
	PRODUCT_ROWS = 48,
};

size_t product_count(int in, int out)
{
	return (size_t)in * kernel_pad(out);
}

size_t product_scratch(int out)
{
	return (size_t)PRODUCT_ROWS * kernel_pad(out);
}

/* Panels of PANEL columns, each (in, PANEL), the last one padded: a product
 * then reads its panel from end to end. */
void product_pack(int in, int out, const float *w, const float *mul,
		  float *panels)
{
	int padded = kernel_pad(out);

	for (int c = 0; c < padded; c += PANEL)
		for (int i = 0; i < in; i++)
			for (int o = c; o < c + PANEL && o < padded; o++) {
				float v = o < out ? w[(size_t)i * out + o] : 0;

				*panels++ = mul && o < out ? v * mul[o] : v;
			}
}

/* W' of w(in, out) in the same way: rows of `out`, columns of `in`. */
void product_pack_back(int in, int out, const float *w, float *panels)
{
	int padded = kernel_pad(in);

	for (int c = 0; c < padded; c += PANEL)
		for (int o = 0; o < out; o++)
			for (int i = c; i < c + PANEL && i < padded; i++)
				*panels++ = i < in ? w[(size_t)i * out + o] : 0;
}

void product_run(int in, int out, const float *panels, const float *bias,
		 const float *skip, bool relu, int rows, const float *x,
		 float *y, float *scratch)
{
	const struct kernel *k = kernel_get();
	int padded = kernel_pad(out);

	for (int from = 0; from < rows; from += PRODUCT_ROWS) {
		int n = rows - from < PRODUCT_ROWS ? rows - from : PRODUCT_ROWS;

		for (int c = 0; c < padded; c += PANEL) {
			int wide = padded - c < PANEL ? padded - c : PANEL;

			k->product(n, wide, in, x, in, 1,
				   panels + (size_t)c * in, wide, scratch + c,
				   padded, false);
		}
		k->finish(n, out, scratch, padded, bias, skip, relu, y);
		if (skip)
			skip += (size_t)n * out;
		x += (size_t)n * in;
		y += (size_t)n * out;
	}
}
