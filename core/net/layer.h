/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_LAYER_H
#define CORE_NET_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/rng.h"

/*
 * Kinds of layers: constant tables that own nothing.  A network is an array of
 * (kind, shape, offset into one parameter block).
 *
 * Activations are float32, batch first, channels last: a board is (rows, cols,
 * channels), so that a channel mix is one matrix product and everything else
 * runs along contiguous channels.  Below: B batch, S = rows * cols cells, I
 * inputs and O outputs (channels of a cell, or numbers when S = 1), R = B * S.
 */
struct layer_shape {
	int rows, cols;
	int in, out;
	bool relu;  /* y <- max(y, 0) at the end */
	float gain; /* deviation of fresh weights, times sqrt(1 / fan in) */
	/* layer_moves only */
	int planes, pooled;
	const uint16_t *at; /* [out]; borrowed */
	int heads; /* of layers that mix the samples of a sequence; they divide
		    * `out` */
	int context;        /* the most samples of a sequence */
	bool rotary;        /* layer_attention: it turns by places */
	const int *id_size; /* layer_embed: [in], borrowed */
	/* layer_ngram only: samples that must be equal, ids of a sample, and
	 * how many of them, the first, are compared */
	int gram, ids, matched;
};

/* Floats to whose multiples layers with large memories fill theirs up. */
enum { LAYER_LANE_PAD = 16 };

/*
 * What one call of a layer works on.  Nothing is owned.  The samples of a batch
 * are in sequences; most layers treat every sample alike, and those that do not
 * go by layer_begin().
 */
struct layer_run {
	int batch;         /* samples */
	int sequences;     /* of them */
	const int *begin;  /* [sequences + 1]; NULL: a sequence each */
	const float *w;    /* parameters; for infer: what prepare made */
	const float *x;    /* (B, S, I) */
	const float *skip; /* (B, S, O), added before relu; NULL if none */
	float *y;          /* (B, S, O), written by forward and infer */
	float *keep;       /* keep_count floats from forward to backward */
	float *scratch;    /* free between calls */
	bool steady; /* training goes by running statistics, as inference */

	/* infer only: what the layer keeps from call to call, memory_count
	 * floats a lane, lanes lane_step apart; sequence s goes on in
	 * lane[s], or s where that is NULL.  NULL: sequences begin anew. */
	float *memory;
	size_t lane_step;
	const int *lane;

	/* backward only */
	const float *dy;        /* (B, S, O) */
	float *dx;              /* (B, S, I); NULL: not wanted */
	float *dskip;           /* (B, S, O); NULL if none */
	bool dx_add, dskip_add; /* add to what is there, else overwrite */
	float *dw;              /* always added to */
};

/* Sequence s is samples layer_begin(r, s) .. layer_begin(r, s + 1) - 1. */
static inline int layer_begin(const struct layer_run *r, int s)
{
	return r->begin ? r->begin[s] : s;
}

/* The memory that sequence s goes on in; zeros at its beginning.  NULL: none.
 */
static inline float *layer_memory(const struct layer_run *r, int s)
{
	return r->memory ? r->memory + r->lane_step * (r->lane ? r->lane[s] : s)
			 : NULL;
}

/* All functions are there but those that say (optional). */
struct layer_type {
	const char *name;
	bool skips; /* it can add a skip */
	size_t (*param_count)(const struct layer_shape *sh);
	/* Floats of y, of one sample. */
	size_t (*out_count)(const struct layer_shape *sh);
	/* Its shape as text, "6x7x32". */
	void (*describe)(const struct layer_shape *sh, char *out, size_t size);
	/* (optional) Multiplications and additions for one sample by the plain
	 * definition; those of layers without are too few to count. */
	double (*flops)(const struct layer_shape *sh);
	void (*init)(const struct layer_shape *sh, struct rng *r, float *w);
	/* decay[i]: 1 for products; learn[i]: 0 for running statistics. */
	void (*masks)(const struct layer_shape *sh, float *decay, float *learn);

	/* Training: forward in training mode, then backward. */
	/* (optional) Floats of batch statistics, which forward leaves at the
	 * start of `keep`; the running ones are the last of the parameters. */
	size_t (*stat_count)(const struct layer_shape *sh);
	size_t (*keep_count)(const struct layer_shape *sh, int batch);
	size_t (*scratch_count)(const struct layer_shape *sh, int batch);
	void (*forward)(const struct layer_shape *sh,
			const struct layer_run *r);
	void (*backward)(const struct layer_shape *sh,
			 const struct layer_run *r);

	/*
	 * Inference: prepare once, then infer.  The bits of a sample depend
	 * only on those before it in its sequence, and not on whether these
	 * came in the same call.
	 */
	/* (optional) It is y <- relu?(mul x + add + skip) with a mul(O) and an
	 * add(O) of its parameters: a layer that it reads may do it. */
	void (*fold)(const struct layer_shape *sh, const float *w, float *mul,
		     float *add);
	/* It can do that for a layer that reads it; also with a skip. */
	bool takes_fold, takes_skip;
	size_t (*ready_count)(const struct layer_shape *sh);
	/* ready(ready_count), zeroed, from w and, not NULL, a fold's mul and
	 * add. */
	void (*prepare)(const struct layer_shape *sh, const float *w,
			const float *mul, const float *add, float *ready);
	size_t (*infer_scratch)(const struct layer_shape *sh, int batch);
	/* `sh` has the fold's relu, and the run its skip. */
	void (*infer)(const struct layer_shape *sh, const struct layer_run *r);
	/* (optional) Floats of a lane that it keeps between calls. */
	size_t (*memory_count)(const struct layer_shape *sh);
};

/* For layers whose y is a board, and those that need no room. */
size_t layer_board_count(const struct layer_shape *sh);
void layer_board_text(const struct layer_shape *sh, char *out, size_t size);
size_t layer_no_room(const struct layer_shape *sh, int batch);

/* For layers without parameters. */
size_t layer_nothing(const struct layer_shape *sh);
void layer_no_init(const struct layer_shape *sh, struct rng *r, float *w);
void layer_no_masks(const struct layer_shape *sh, float *decay, float *learn);
void layer_no_prepare(const struct layer_shape *sh, const float *w,
		      const float *mul, const float *add, float *ready);

/*
 * y[b,s,o] = sum over the 3x3 neighbourhood t and i of x[b,s+t,i] w[t,i,o],
 * zero outside the board.  w(3, 3, I, O); no bias: a norm follows.
 */
extern const struct layer_type layer_conv3;

/* y[r,o] = sum_i x[r,i] w[i,o].  w(I, O); no bias. */
extern const struct layer_type layer_conv1;

/*
 * Batch norm (Ioffe and Szegedy 2015), residual sum and rectifier in one:
 *
 *	y = relu(gamma (x - mean) / sqrt(var + NORM_EPSILON) + beta + skip)
 *
 * mean and var over the R rows of the batch, one a channel (I = O).
 * w: gamma(O), beta(O), running mean(O), running var(O).  Forward leaves
 * mean(O), var(O) of the batch at the start of `keep`: the statistics.
 * A fresh gamma is `gain`.
 */
#define NORM_EPSILON 1e-5f
extern const struct layer_type layer_norm;

/*
 * Global pooling (Wu 2019, section 3.3, without the board-size term):
 *
 *	y[b,s,o] = x[b,s,o] + c[o] + sum_i g[b,i] w[i,o]
 *	g[b] = (mean over s of x[b,s,:], max over s of x[b,s,:])
 *
 * w(2 I, O), c(O), I = O.
 */
extern const struct layer_type layer_pool;

/* y[b,o] = relu?(c[o] + sum_i x[b,i] w[i,o]).  w(I, O), c(O); S = 1. */
extern const struct layer_type layer_dense;

/* The same at each cell: a 1x1 convolution with bias. */
extern const struct layer_type layer_point;

/*
 * Logits of moves that have a place on the board, as in AlphaZero's chess
 * (Silver et al. 2018, table S2), and of moves that the board as a whole says,
 * as in KataGo's pass (Wu 2019, appendix A):
 *
 *	z[b,s,p] = c[p] + sum_i x[b,s,i] w[i,p]
 *	q[b,k] = d[k] + sum_i g[b,i] v[i,k]       g as in layer_pool
 *	y[b,m] = element at[m] of z[b], q[b] written one after the other
 *
 * P = planes, K = pooled; w(I, P), c(P), v(2 I, K), d(K).  y is (B, O), O
 *moves.
 */
extern const struct layer_type layer_moves;

/* y[b,o] = relu?(c[o] + sum_i x[b,i] w[i,o] + skip[b,o]).  w(I, O), c(O); S =
 * 1.  As a dense layer, by our own kernels also in training, where it has no
 * relu. */
extern const struct layer_type layer_affine;

/*
 * The norm of each row alone (Ba et al. 2016, arXiv:1607.06450):
 *
 *	y = relu?(gamma (x - mean) / sqrt(var + NORM_EPSILON) + beta + skip)
 *
 * mean and var over the channels of a cell (I = O).  w: gamma(O), beta(O), a
 * fresh gamma is `gain`.
 */
extern const struct layer_type layer_row_norm;

/* y = x sigmoid(2 sqrt(2 / pi) (x + 0.044715 x^3)), the usual approximation of
 * GELU (Hendrycks and Gimpel 2016, arXiv:1606.08415); I = O, no parameters. */
extern const struct layer_type layer_gelu;

/* y = a sigmoid(a) b of x = (a, b), O each: I = 2 O; S = 1, no parameters. */
extern const struct layer_type layer_swiglu;

/*
 * What whole numbers say: x(B, I) holds id f in 0 .. id_size[f] - 1 as a float,
 * and has no gradient.
 *
 *	y[b] = c + skip[b] + sum over f of E_f[x[b,f]]
 *
 * w: E_0(id_size[0], O), E_1, ... then c(O); S = 1.  Fresh rows have the
 * deviation gain / sqrt(I).
 */
extern const struct layer_type layer_embed;

/* y[t] = x[t] + P[t], t samples into its sequence.  w: P(context, O), fresh
 * with deviation `gain`; I = O, S = 1.  It remembers t. */
extern const struct layer_type layer_position;

/*
 * Layers that mix the samples of a sequence, in their order; S = 1.  What they
 * read is made by a product before them, of which their x has the parts side by
 * side.  t counts the samples of a sequence; each begins anew.
 */

/*
 * Gated recurrent unit (Cho et al. 2014, arXiv:1406.1078), with the reset gate
 * after the product as in cuDNN and PyTorch.  x is (a, b, c) of O each, I = 3
 *O, and h[-1] = 0:
 *
 *	r = sigmoid(a + U h[t-1] + d)    z = sigmoid(b + V h[t-1] + e)
 *	n = tanh(c + r (W h[t-1] + f))
 *	y[t] = h[t] = (1 - z) n + z h[t-1]
 *
 * w(O, 3 O) = (U, V, W) side by side, then (d, e, f).  It remembers h.
 */
extern const struct layer_type layer_gru;

/*
 * Causal linear attention (Katharopoulos et al. 2020, arXiv:2006.16236).  x is
 * (q, k, v) of O each, I = 3 O; in each head, of O / heads channels, with the
 * positive phi(u) = elu(u) + 1:
 *
 *	y[t] = sum over s <= t of w[s] v[s] / (sum of w[s] + LINEAR_EPSILON)
 *	w[s] = phi(q[t]) . phi(k[s])
 *
 * as a state: the sums of phi(k) v' and of phi(k), which it remembers.  No
 * parameters.
 */
#define LINEAR_EPSILON 1e-6f
extern const struct layer_type layer_linear_attention;

/*
 * Fast weights: a matrix M a head that a learned rule changes at every sample.
 * The rule is one step of gradient descent on |M' k - v|^2 / 2 with a learned
 * rate b that each sample says: the delta rule (Schlag et al. 2021,
 * arXiv:2102.11174; Yang et al. 2024, arXiv:2406.06484) from a learned
 * beginning, as in test-time training (Sun et al. 2024, arXiv:2407.04620).
 * x is (q, k, v) of O each and g(heads), I = 3 O + heads; in each head:
 *
 *	b = sigmoid(g)    p = k / |k|    u = q / |q|
 *	M[t] = M[t-1] + b p (v - M[t-1]' p)'
 *	y[t] = M[t]' u
 *
 * where |k|^2 is the sum of squares + FAST_EPSILON.  w(heads, d, d): M[-1], d =
 * O / heads.  It remembers M.
 */
#define FAST_EPSILON 1e-6f
extern const struct layer_type layer_fast_weights;

/*
 * An induction head without attention (Akyurek et al. 2024, arXiv:2401.12973;
 * for learning in context, Zisman et al. 2024, arXiv:2411.01958): what followed
 * where the last samples were the same before.  The skip is ids(B, ids), of
 * which the first `matched` are compared, id(t) below; with n = gram:
 *
 *	y[t] = mean of x[s] over n <= s <= t with id(s-1-k) = id(t-k) for all
 *	       k < n;  0 where there is none
 *
 * I = O; no parameters.  It remembers ids and x, of `context` samples at most.
 */
extern const struct layer_type layer_ngram;

/*
 * Causal self-attention (Vaswani et al. 2017, arXiv:1706.03762).  x is (q, k,
 * v) of O each, I = 3 O; in each head, of d = O / heads channels:
 *
 *	y[t] = sum over s <= t of w[s] v[s] / sum of w[s]
 *	w[s] = e^(q[t] . k[s] / sqrt(d))
 *
 * With `rotary` the pair (i, i + d / 2) of q[t] and k[t] is first turned by the
 * angle t ROTARY_BASE^(-2 i / d).  A sequence has `context` samples at most; it
 * remembers their k and v.  No parameters.
 */
#define ROTARY_BASE 10000.0
enum { LAYER_MAX_HEAD = 256 }; /* channels */
extern const struct layer_type layer_attention;

#endif
