# SPDX-License-Identifier: MIT
checked_sources += \
	%D%/arena.c %D%/arena.h \
	%D%/attr.h \
	%D%/buf.c %D%/buf.h \
	%D%/clock.c %D%/clock.h \
	%D%/conf.c %D%/conf.h \
	%D%/csv.c %D%/csv.h \
	%D%/dist.c %D%/dist.h \
	%D%/err.c %D%/err.h \
	%D%/json.c %D%/json.h \
	%D%/json_scan.c %D%/json_scan.h \
	%D%/mem.c %D%/mem.h \
	%D%/pool.c %D%/pool.h \
	%D%/rng.c %D%/rng.h \
	%D%/stat.c %D%/stat.h \
	%D%/svg.c %D%/svg.h \
	%D%/text.c %D%/text.h
core_libcore_a_SOURCES += %D%/digest.c %D%/digest.h
