# SPDX-License-Identifier: MIT
noinst_LIBRARIES += core/libcore.a
core_libcore_a_CPPFLAGS = $(AM_CPPFLAGS) $(BLAS_CFLAGS) $(MD_CFLAGS) $(ZSTD_CFLAGS)
core_libcore_a_SOURCES =
CORE_LIBS = core/libcore.a $(BLAS_LIBS) $(ZSTD_LIBS) $(MD_LIBS) $(PTHREAD_LIBS) -lm

include core/base/local.mk
include core/game/local.mk
include core/net/local.mk
include core/search/local.mk
include core/format/local.mk
include core/agent/local.mk
include core/learn/local.mk
include core/rate/local.mk
include core/lab/local.mk
