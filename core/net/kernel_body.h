/* SPDX-License-Identifier: MIT */
/*
 * The body of a struct kernel; included once by each kernel_*.c, which defines
 * KERNEL (its table), KERNEL_NAME, VEC (floats of a vector) and REGISTERS.
 * No include guard on purpose.
 *
 * Transforms: Winograd 1980; Lavin and Gray, "Fast algorithms for
 * convolutional neural networks", CVPR 2016.  Points 0, 1, -1, 2, inf for
 * F(3,3), 0, +-1, +-2, inf for F(4,3), and +-1/2 besides for F(6,3).
 */
#include <assert.h>
#include <string.h>

typedef float vf __attribute__((vector_size(VEC * 4)));
typedef int vi __attribute__((vector_size(VEC * 4)));
typedef float vf_any
	__attribute__((vector_size(VEC * 4), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))
enum { MAX = KERNEL_MAX_TILE };

INLINE vf load(const float *p)
{
	return *(const vf_any *)p;
}

INLINE void store(float *p, vf v)
{
	*(vf_any *)p = v;
}

/* The first n floats, the others 0; n is VEC or less. */
INLINE vf load_part(const float *p, int n)
{
	vf v = {0};

	if (n == VEC)
		return load(p);
	memcpy(&v, p, n * sizeof(*p));
	return v;
}

INLINE void store_part(float *p, vf v, int n)
{
	if (n == VEC)
		store(p, v);
	else
		memcpy(p, &v, n * sizeof(*p));
}

/* Products */

enum { WIDE_ROWS = (REGISTERS - 4) / 2 & ~1 }; /* rows of two vectors */

/* rows x (vectors * VEC) of C, held in registers over all of k. */
INLINE void product_tile(const int rows, const int vectors, int k,
			 const float *a, size_t a_row, size_t a_k,
			 const float *b, size_t ldb, float *c, size_t ldc,
			 bool add)
{
	vf sum[WIDE_ROWS][2];

#pragma GCC unroll 16
	for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
		for (int j = 0; j < vectors; j++)
			sum[r][j] = add ? load(c + r * ldc + j * VEC) : (vf){0};
	for (int p = 0; p < k; p++, a += a_k, b += ldb) {
		vf u[2];

#pragma GCC unroll 2
		for (int j = 0; j < vectors; j++)
			u[j] = load(b + j * VEC);
#pragma GCC unroll 16
		for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
			for (int j = 0; j < vectors; j++)
				sum[r][j] += a[r * a_row] * u[j];
	}
#pragma GCC unroll 16
	for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
		for (int j = 0; j < vectors; j++)
			store(c + r * ldc + j * VEC, sum[r][j]);
}

INLINE void product_columns(const int vectors, int m, int k, const float *a,
			    size_t a_row, size_t a_k, const float *b,
			    size_t ldb, float *c, size_t ldc, bool add)
{
#define ROWS(n)                                                  \
	for (; m >= (n); m -= (n), a += (n)*a_row, c += (n)*ldc) \
	product_tile(n, vectors, k, a, a_row, a_k, b, ldb, c, ldc, add)

	ROWS(WIDE_ROWS);
	if (WIDE_ROWS > 8)
		ROWS(8);
	ROWS(4);
	ROWS(2);
	ROWS(1);
#undef ROWS
}

static void product(int m, int n, int k, const float *a, size_t a_row,
		    size_t a_k, const float *b, size_t ldb, float *c,
		    size_t ldc, bool add)
{
	int at = 0;

	for (; at + 2 * VEC <= n; at += 2 * VEC)
		product_columns(2, m, k, a, a_row, a_k, b + at, ldb, c + at,
				ldc, add);
	if (at < n)
		product_columns(1, m, k, a, a_row, a_k, b + at, ldb, c + at,
				ldc, add);
}

/* One-dimensional transforms: element i is at d[i * s] and o[i * t]. */

/* o(m + 2) <- B' d(m + 2) */
INLINE void transform_in(const int m, const vf *d, int s, vf *o, int t)
{
	if (m == 3) {
		vf odd = d[3 * s] - d[s];

		o[0] = 2 * (d[0] - d[2 * s]) + odd;
		o[t] = d[3 * s] - d[2 * s] - 2 * d[s];
		o[2 * t] = d[3 * s] - 3 * d[2 * s] + 2 * d[s];
		o[3 * t] = odd;
		o[4 * t] = d[4 * s] - d[2 * s] - 2 * odd;
	} else if (m == 4) {
		vf e1 = d[4 * s] - 4 * d[2 * s], f1 = d[3 * s] - 4 * d[s];
		vf e2 = d[4 * s] - d[2 * s], f2 = 2 * (d[3 * s] - d[s]);

		o[0] = 4 * d[0] - 5 * d[2 * s] + d[4 * s];
		o[t] = e1 + f1;
		o[2 * t] = e1 - f1;
		o[3 * t] = e2 + f2;
		o[4 * t] = e2 - f2;
		o[5 * t] = 4 * d[s] - 5 * d[3 * s] + d[5 * s];
	} else {
		vf e1 = d[2 * s] + d[6 * s] - 4.25f * d[4 * s];
		vf f1 = d[s] + d[5 * s] - 4.25f * d[3 * s];
		vf e2 = d[6 * s] + 0.25f * d[2 * s] - 1.25f * d[4 * s];
		vf f2 = 0.5f * d[s] - 2.5f * d[3 * s] + 2 * d[5 * s];
		vf e3 = d[6 * s] + 4 * d[2 * s] - 5 * d[4 * s];
		vf f3 = 2 * d[s] - 2.5f * d[3 * s] + 0.5f * d[5 * s];

		o[0] = d[0] - d[6 * s] + 5.25f * (d[4 * s] - d[2 * s]);
		o[t] = e1 + f1;
		o[2 * t] = e1 - f1;
		o[3 * t] = e2 + f2;
		o[4 * t] = e2 - f2;
		o[5 * t] = e3 + f3;
		o[6 * t] = e3 - f3;
		o[7 * t] = d[7 * s] - d[s] + 5.25f * (d[3 * s] - d[5 * s]);
	}
}

/* d(m + 2) <- B o(m + 2) */
INLINE void transform_in_back(const int m, const vf *o, int t, vf *d, int s)
{
	if (m == 3) {
		d[0] = 2 * o[0];
		d[s] = 2 * (o[2 * t] - o[t] + o[4 * t]) - o[0] - o[3 * t];
		d[2 * s] = -2 * o[0] - o[t] - 3 * o[2 * t] - o[4 * t];
		d[3 * s] = o[0] + o[t] + o[2 * t] + o[3 * t] - 2 * o[4 * t];
		d[4 * s] = o[4 * t];
	} else if (m == 4) {
		vf p1 = o[t] + o[2 * t], q1 = o[t] - o[2 * t];
		vf p2 = o[3 * t] + o[4 * t], q2 = o[3 * t] - o[4 * t];

		d[0] = 4 * o[0];
		d[s] = 4 * (o[5 * t] - q1) - 2 * q2;
		d[2 * s] = -5 * o[0] - 4 * p1 - p2;
		d[3 * s] = q1 + 2 * q2 - 5 * o[5 * t];
		d[4 * s] = o[0] + p1 + p2;
		d[5 * s] = o[5 * t];
	} else {
		vf p1 = o[t] + o[2 * t], q1 = o[t] - o[2 * t];
		vf p2 = o[3 * t] + o[4 * t], q2 = o[3 * t] - o[4 * t];
		vf p3 = o[5 * t] + o[6 * t], q3 = o[5 * t] - o[6 * t];

		d[0] = o[0];
		d[s] = q1 + 0.5f * q2 + 2 * q3 - o[7 * t];
		d[2 * s] = p1 + 0.25f * p2 + 4 * p3 - 5.25f * o[0];
		d[3 * s] = 5.25f * o[7 * t] - 4.25f * q1 - 2.5f * (q2 + q3);
		d[4 * s] = 5.25f * o[0] - 4.25f * p1 - 1.25f * p2 - 5 * p3;
		d[5 * s] = q1 + 2 * q2 + 0.5f * q3 - 5.25f * o[7 * t];
		d[6 * s] = p1 + p2 + p3 - o[0];
		d[7 * s] = o[7 * t];
	}
}

/* y(m) <- A' o(m + 2) */
INLINE void transform_out(const int m, const vf *o, int t, vf *y, int s)
{
	vf p1 = o[t] + o[2 * t], q1 = o[t] - o[2 * t];

	if (m == 3) {
		y[0] = o[0] + p1 + o[3 * t];
		y[s] = q1 + 2 * o[3 * t];
		y[2 * s] = p1 + 4 * o[3 * t] + o[4 * t];
	} else if (m == 4) {
		vf p2 = o[3 * t] + o[4 * t], q2 = o[3 * t] - o[4 * t];

		y[0] = o[0] + p1 + p2;
		y[s] = q1 + 2 * q2;
		y[2 * s] = p1 + 4 * p2;
		y[3 * s] = q1 + 8 * q2 + o[5 * t];
	} else {
		vf p2 = o[3 * t] + o[4 * t], q2 = o[3 * t] - o[4 * t];
		vf p3 = o[5 * t] + o[6 * t], q3 = o[5 * t] - o[6 * t];

		y[0] = o[0] + p1 + p2 + p3;
		y[s] = q1 + 2 * q2 + 0.5f * q3;
		y[2 * s] = p1 + 4 * p2 + 0.25f * p3;
		y[3 * s] = q1 + 8 * q2 + 0.125f * q3;
		y[4 * s] = p1 + 16 * p2 + 0.0625f * p3;
		y[5 * s] = q1 + 32 * q2 + 0.03125f * q3 + o[7 * t];
	}
}

/* o(m + 2) <- A y(m) */
INLINE void transform_out_back(const int m, const vf *y, int s, vf *o, int t)
{
	vf e, f;

	o[0] = y[0];
	if (m == 3) {
		e = y[0] + y[2 * s];
		o[t] = e + y[s];
		o[2 * t] = e - y[s];
		o[3 * t] = y[0] + 2 * y[s] + 4 * y[2 * s];
		o[4 * t] = y[2 * s];
	} else if (m == 4) {
		e = y[0] + y[2 * s];
		f = y[s] + y[3 * s];
		o[t] = e + f;
		o[2 * t] = e - f;
		e = y[0] + 4 * y[2 * s];
		f = 2 * y[s] + 8 * y[3 * s];
		o[3 * t] = e + f;
		o[4 * t] = e - f;
		o[5 * t] = y[3 * s];
	} else {
		e = y[0] + y[2 * s] + y[4 * s];
		f = y[s] + y[3 * s] + y[5 * s];
		o[t] = e + f;
		o[2 * t] = e - f;
		e = y[0] + 4 * y[2 * s] + 16 * y[4 * s];
		f = 2 * y[s] + 8 * y[3 * s] + 32 * y[5 * s];
		o[3 * t] = e + f;
		o[4 * t] = e - f;
		e = y[0] + 0.25f * y[2 * s] + 0.0625f * y[4 * s];
		f = 0.5f * y[s] + 0.125f * y[3 * s] + 0.03125f * y[5 * s];
		o[5 * t] = e + f;
		o[6 * t] = e - f;
		o[7 * t] = y[5 * s];
	}
}

/* For each m that exists: code with m as a constant. */
#define FOR_M(value, code)                 \
	do {                               \
		if ((value) == 3) {        \
			enum { M = 3 };    \
			code;              \
		} else if ((value) == 4) { \
			enum { M = 4 };    \
			code;              \
		} else {                   \
			enum { M = 6 };    \
			code;              \
		}                          \
	} while (0)

/* Down each of `count` columns of a tile in rows of MAX vectors. */
#define DOWN(function, m, count, from, to)            \
	FOR_M(m, for (int j_ = 0; j_ < (count); j_++) \
			 function(M, (from) + j_, MAX, (to) + j_, MAX))
#define ALONG(function, m, count, from, to)                     \
	FOR_M(m, for (int i_ = 0; i_ < (count); i_++) function( \
			 M, (from) + i_ * MAX, 1, (to) + i_ * MAX, 1))

/* Boards to tiles and back */

INLINE void input_tile(const struct kernel_tiles *t, int row, int col,
		       int channels, const float *x, int n, float *v,
		       size_t stride)
{
	int high = t->mr + 2, wide = t->mc + 2;
	vf d[MAX * MAX], e[MAX * MAX];

	for (int i = 0; i < high; i++) {
		bool on = row + i >= 0 && row + i < t->rows;
		const float *from =
			x + (ptrdiff_t)((row + i) * t->cols + col) * channels;

		for (int j = 0; j < wide; j++, from += channels)
			d[i * MAX + j] = on && col + j >= 0 && col + j < t->cols
						 ? load_part(from, n)
						 : (vf){0};
	}
	DOWN(transform_in, t->mr, wide, d, e);
	ALONG(transform_in, t->mc, high, e, d);
	for (int i = 0; i < high; i++)
		for (int j = 0; j < wide; j++, v += stride)
			store(v, d[i * MAX + j]);
}

static void input(const struct kernel_tiles *t, int boards, int channels,
		  const float *x, float *v, size_t stride)
{
	int padded = kernel_pad(channels);

	for (int b = 0; b < boards; b++, x += t->rows * t->cols * channels)
		for (int i = 0; i < t->tr; i++)
			for (int j = 0; j < t->tc; j++, v += padded) {
				int row = i * t->mr - 1, col = j * t->mc - 1;
				int c = 0;

				for (; c + VEC <= channels; c += VEC)
					input_tile(t, row, col, channels, x + c,
						   VEC, v + c, stride);
				if (c < channels)
					input_tile(t, row, col, channels, x + c,
						   channels - c, v + c, stride);
			}
}

INLINE void input_back_tile(const struct kernel_tiles *t, int row, int col,
			    int channels, const float *dv, size_t stride, int n,
			    float *dx)
{
	int high = t->mr + 2, wide = t->mc + 2;
	vf d[MAX * MAX], e[MAX * MAX];

	for (int i = 0; i < high; i++)
		for (int j = 0; j < wide; j++, dv += stride)
			d[i * MAX + j] = load(dv);
	DOWN(transform_in_back, t->mr, wide, d, e);
	ALONG(transform_in_back, t->mc, high, e, d);
	for (int i = 0; i < high; i++) {
		float *to =
			dx + (ptrdiff_t)((row + i) * t->cols + col) * channels;

		if (row + i < 0 || row + i >= t->rows)
			continue;
		for (int j = 0; j < wide; j++, to += channels)
			if (col + j >= 0 && col + j < t->cols)
				store_part(to,
					   load_part(to, n) + d[i * MAX + j],
					   n);
	}
}

static void input_back(const struct kernel_tiles *t, int boards, int channels,
		       const float *dv, size_t stride, float *dx)
{
	int padded = kernel_pad(channels);

	for (int b = 0; b < boards; b++, dx += t->rows * t->cols * channels)
		for (int i = 0; i < t->tr; i++)
			for (int j = 0; j < t->tc; j++, dv += padded) {
				int row = i * t->mr - 1, col = j * t->mc - 1;
				int c = 0;

				for (; c + VEC <= channels; c += VEC)
					input_back_tile(t, row, col, channels,
							dv + c, stride, VEC,
							dx + c);
				if (c < channels)
					input_back_tile(t, row, col, channels,
							dv + c, stride,
							channels - c, dx + c);
			}
}

INLINE void output_tile(const struct kernel_tiles *t, int row, int col,
			int channels, const float *v, size_t stride, int n,
			const float *bias, const float *skip, bool relu,
			float *y)
{
	int high = t->mr + 2, wide = t->mc + 2;
	int rows = t->rows - row < t->mr ? t->rows - row : t->mr;
	int cols = t->cols - col < t->mc ? t->cols - col : t->mc;
	vf d[MAX * MAX], e[MAX * MAX];
	vf offset = bias ? load_part(bias, n) : (vf){0};

	for (int i = 0; i < high; i++)
		for (int j = 0; j < wide; j++, v += stride)
			d[i * MAX + j] = load(v);
	DOWN(transform_out, t->mr, wide, d, e);
	ALONG(transform_out, t->mc, rows, e, d);
	for (int i = 0; i < rows; i++)
		for (int j = 0; j < cols; j++) {
			size_t at = (size_t)((row + i) * t->cols + col + j) *
				    channels;
			vf o = d[i * MAX + j] + offset;

			if (skip)
				o += load_part(skip + at, n);
			if (relu)
				o = (vf)((vi)o & (o > 0));
			store_part(y + at, o, n);
		}
}

static void output(const struct kernel_tiles *t, int boards, int channels,
		   const float *v, size_t stride, const float *bias,
		   const float *skip, bool relu, float *y)
{
	int padded = kernel_pad(channels);
	size_t board = (size_t)t->rows * t->cols * channels;

	for (int b = 0; b < boards; b++, y += board) {
		for (int i = 0; i < t->tr; i++)
			for (int j = 0; j < t->tc; j++, v += padded) {
				int row = i * t->mr, col = j * t->mc, c = 0;

#define TILE(n)                                                           \
	output_tile(t, row, col, channels, v + c, stride, n,              \
		    bias ? bias + c : NULL, skip ? skip + c : NULL, relu, \
		    y + c)
				for (; c + VEC <= channels; c += VEC)
					TILE(VEC);
				if (c < channels)
					TILE(channels - c);
#undef TILE
			}
		if (skip)
			skip += board;
	}
}

INLINE void output_back_tile(const struct kernel_tiles *t, int row, int col,
			     int channels, const float *dy, int n, float *dv,
			     size_t stride)
{
	int high = t->mr + 2, wide = t->mc + 2;
	vf d[MAX * MAX], e[MAX * MAX];

	for (int i = 0; i < t->mr; i++) {
		const float *from =
			dy + (ptrdiff_t)((row + i) * t->cols + col) * channels;

		for (int j = 0; j < t->mc; j++, from += channels)
			d[i * MAX + j] = row + i < t->rows && col + j < t->cols
						 ? load_part(from, n)
						 : (vf){0};
	}
	DOWN(transform_out_back, t->mr, t->mc, d, e);
	ALONG(transform_out_back, t->mc, high, e, d);
	for (int i = 0; i < high; i++)
		for (int j = 0; j < wide; j++, dv += stride)
			store(dv, d[i * MAX + j]);
}

static void output_back(const struct kernel_tiles *t, int boards, int channels,
			const float *dy, float *dv, size_t stride)
{
	int padded = kernel_pad(channels);

	for (int b = 0; b < boards; b++, dy += t->rows * t->cols * channels)
		for (int i = 0; i < t->tr; i++)
			for (int j = 0; j < t->tc; j++, dv += padded) {
				int row = i * t->mr, col = j * t->mc, c = 0;

				for (; c + VEC <= channels; c += VEC)
					output_back_tile(t, row, col, channels,
							 dy + c, VEC, dv + c,
							 stride);
				if (c < channels)
					output_back_tile(t, row, col, channels,
							 dy + c, channels - c,
							 dv + c, stride);
			}
}

/* Parameters */

/* G of each F(m, 3), (m + 2) x 3. */
static const float kernel_g[3][MAX][3] = {
	{{0.5f, 0, 0},
	 {-0.5f, -0.5f, -0.5f},
	 {-1 / 6.f, 1 / 6.f, -1 / 6.f},
	 {1 / 6.f, 1 / 3.f, 2 / 3.f},
	 {0, 0, 1}},
	{{0.25f, 0, 0},
	 {-1 / 6.f, -1 / 6.f, -1 / 6.f},
	 {-1 / 6.f, 1 / 6.f, -1 / 6.f},
	 {1 / 24.f, 1 / 12.f, 1 / 6.f},
	 {1 / 24.f, -1 / 12.f, 1 / 6.f},
	 {0, 0, 1}},
	{{1, 0, 0},
	 {-2 / 9.f, -2 / 9.f, -2 / 9.f},
	 {-2 / 9.f, 2 / 9.f, -2 / 9.f},
	 {1 / 90.f, 1 / 45.f, 2 / 45.f},
	 {1 / 90.f, -1 / 45.f, 2 / 45.f},
	 {32 / 45.f, 16 / 45.f, 8 / 45.f},
	 {32 / 45.f, -16 / 45.f, 8 / 45.f},
	 {0, 0, 1}},
};

static const float (*g_of(int m))[3]
{
	return kernel_g[m == 3 ? 0 : m == 4 ? 1 : 2];
}

static void weights(const struct kernel_tiles *t, int in, int out,
		    const float *w, float *u)
{
	const float(*gr)[3] = g_of(t->mr), (*gc)[3] = g_of(t->mc);
	int padded = kernel_pad(out), high = t->mr + 2, wide = t->mc + 2;
	size_t tap = (size_t)in * out, stride = (size_t)in * padded;

	for (int i = 0; i < in; i++, w += out, u += padded)
		for (int o = 0; o < padded; o += VEC) {
			int n = out - o < VEC ? out - o : VEC;
			vf g[9] = {0}, e[MAX * 3];

			for (int k = 0; k < 9 && n > 0; k++)
				g[k] = load_part(w + k * tap + o, n);
			for (int r = 0; r < high; r++)
				for (int k = 0; k < 3; k++)
					e[3 * r + k] = gr[r][0] * g[k] +
						       gr[r][1] * g[3 + k] +
						       gr[r][2] * g[6 + k];
			for (int r = 0; r < high; r++)
				for (int c = 0; c < wide; c++)
					store(u + (r * wide + c) * stride + o,
					      gc[c][0] * e[3 * r] +
						      gc[c][1] * e[3 * r + 1] +
						      gc[c][2] * e[3 * r + 2]);
		}
}

static void weights_back(const struct kernel_tiles *t, int in, int out,
			 const float *du, float *dw)
{
	const float(*gr)[3] = g_of(t->mr), (*gc)[3] = g_of(t->mc);
	int padded = kernel_pad(out), high = t->mr + 2, wide = t->mc + 2;
	size_t tap = (size_t)in * out, stride = (size_t)in * padded;

	for (int i = 0; i < in; i++, dw += out, du += padded)
		for (int o = 0; o < out; o += VEC) {
			int n = out - o < VEC ? out - o : VEC;
			vf g[9] = {0};

			for (int r = 0; r < high; r++) {
				vf e[3] = {0};

				for (int c = 0; c < wide; c++) {
					vf d = load(du +
						    (r * wide + c) * stride +
						    o);

					for (int k = 0; k < 3; k++)
						e[k] += gc[c][k] * d;
				}
				for (int k = 0; k < 9; k++)
					g[k] += gr[r][k / 3] * e[k % 3];
			}
			for (int k = 0; k < 9; k++) {
				float *to = dw + k * tap + o;

				store_part(to, load_part(to, n) + g[k], n);
			}
		}
}

const struct kernel KERNEL = {
	.name = KERNEL_NAME,
	.product = product,
	.input = input,
	.input_back = input_back,
	.output = output,
	.output_back = output_back,
	.weights = weights,
	.weights_back = weights_back,
};
