# SPDX-License-Identifier: MIT
checked_sources += \
	%D%/batch.c %D%/batch.h \
	%D%/blas.c %D%/blas.h \
	%D%/body.h \
	%D%/body_fast.c \
	%D%/body_gru.c \
	%D%/body_linear.c \
	%D%/body_tower.c \
	%D%/body_transformer.c \
	%D%/bytes.c \
	%D%/config.c \
	%D%/conv.c %D%/conv.h \
	%D%/decoder.c %D%/decoder.h \
	%D%/graph.c %D%/graph.h \
	%D%/head.c %D%/head.h \
	%D%/head_int.h \
	%D%/head_lead.c \
	%D%/head_next.c \
	%D%/head_numbers.c \
	%D%/head_ownership.c \
	%D%/head_policy.c \
	%D%/head_result.c \
	%D%/head_value.c \
	%D%/kernel.c %D%/kernel.h \
	%D%/layer.c %D%/layer.h \
	%D%/layer_affine.c \
	%D%/layer_attention.c \
	%D%/layer_embed.c \
	%D%/layer_fast_weights.c \
	%D%/layer_gru.c \
	%D%/layer_linear.c \
	%D%/layer_linear_attention.c \
	%D%/layer_moves.c \
	%D%/layer_ngram.c \
	%D%/layer_norm.c \
	%D%/layer_pool.c \
	%D%/layer_row_norm.c \
	%D%/loss.c %D%/loss.h \
	%D%/net.c %D%/net.h \
	%D%/optim.c %D%/optim.h \
	%D%/plan.c \
	%D%/pool_board.h \
	%D%/product.c %D%/product.h \
	%D%/stream.c %D%/stream.h \
	%D%/tokens.c %D%/tokens.h \
	%D%/train.c

# Loops of one vector width each: a minute and a half to build for tests/fuzz, and
# they read nothing from outside.
core_libcore_a_SOURCES += \
	%D%/kernel_avx2.c \
	%D%/kernel_avx512.c \
	%D%/kernel_base.c \
	%D%/kernel_body.inc \
	%D%/kernel_norm.inc \
	%D%/kernel_product.inc \
	%D%/kernel_sequence.inc \
	%D%/kernel_winograd.inc
