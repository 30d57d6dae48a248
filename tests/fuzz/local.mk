# SPDX-License-Identifier: MIT
# Always with sanitizers, whatever the rest is built with: what reads from outside
# is built once more.
check_PROGRAMS += %D%/fuzz_text
check_LIBRARIES = %D%/libfuzzed.a
%C%_libfuzzed_a_SOURCES = $(checked_sources) %D%/fuzz.c %D%/fuzz.h
%C%_libfuzzed_a_CPPFLAGS = $(core_libcore_a_CPPFLAGS)
%C%_libfuzzed_a_CFLAGS = $(AM_CFLAGS) $(FUZZ_CFLAGS)
FUZZ_LIBS = %D%/libfuzzed.a $(CORE_LIBS)
%C%_fuzz_text_SOURCES = %D%/fuzz_text.c
%C%_fuzz_text_CFLAGS = $(AM_CFLAGS) $(FUZZ_CFLAGS)
%C%_fuzz_text_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_CFLAGS)
%C%_fuzz_text_LDADD = $(FUZZ_LIBS)
EXTRA_DIST += %D%/corpus
CLEANFILES += fuzz-failed.*
