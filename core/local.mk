# SPDX-License-Identifier: MIT
noinst_LIBRARIES += core/libcore.a
core_libcore_a_CPPFLAGS = $(AM_CPPFLAGS) $(BLAS_CFLAGS) $(MD_CFLAGS) $(ZSTD_CFLAGS)
# What reads text and records from outside: built once more for tests/fuzz.
checked_sources =
core_libcore_a_SOURCES = $(checked_sources)
CORE_LIBS = core/libcore.a $(BLAS_LIBS) $(ZSTD_LIBS) $(MD_LIBS) $(PTHREAD_LIBS) -lm

include core/base/local.mk
include core/game/local.mk
include core/net/local.mk
include core/search/local.mk
include core/format/local.mk
include core/agent/local.mk
include core/learn/local.mk
include core/rate/local.mk
include core/study/local.mk
include core/lab/local.mk
include core/session/local.mk
