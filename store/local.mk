# SPDX-License-Identifier: MIT
noinst_LIBRARIES += store/libstore.a
store_libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(MD_CFLAGS) $(ZSTD_CFLAGS)
store_libstore_a_SOURCES = \
	%D%/annotation.c \
	%D%/backup.c \
	%D%/check.c \
	%D%/checkpoint.c \
	%D%/copy.c \
	%D%/fail.c %D%/file.c \
	%D%/game.c %D%/game.h \
	%D%/job.c %D%/job.h \
	%D%/life.c %D%/life.h \
	%D%/match.c %D%/match.h \
	%D%/mem.c \
	%D%/metric.c \
	%D%/note.c \
	%D%/pack.c \
	%D%/run.c %D%/run.h \
	%D%/schema.c %D%/schema_study.c \
	%D%/search.c \
	%D%/shape.c \
	%D%/sql.c %D%/uri.c \
	%D%/store.c %D%/store.h \
	%D%/store_int.h \
	%D%/study.c %D%/study.h \
	%D%/trial.c %D%/trial.h \
	%D%/wal.c
STORE_LIBS = store/libstore.a $(SQLITE_LIBS) $(ZSTD_LIBS) $(MD_LIBS)
