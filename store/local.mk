# SPDX-License-Identifier: MIT
noinst_LIBRARIES += store/libstore.a
store_libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(MD_CFLAGS) $(ZSTD_CFLAGS)
store_libstore_a_SOURCES = \
	%D%/game.h \
	%D%/job.h \
	%D%/match.h \
	%D%/run.h \
	%D%/store.h \
	%D%/study.h
STORE_LIBS = store/libstore.a $(SQLITE_LIBS) $(ZSTD_LIBS) $(MD_LIBS)
