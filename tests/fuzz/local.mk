# SPDX-License-Identifier: MIT
# Always with sanitizers, whatever the rest is built with: what reads from outside
# is built once more.
check_PROGRAMS += %D%/fuzz_text
check_LIBRARIES = %D%/libfuzzed.a
%C%_libfuzzed_a_SOURCES = $(checked_sources) $(store_libstore_a_SOURCES) \
	$(tui_libtui_a_SOURCES) %D%/fuzz.c %D%/fuzz.h
%C%_libfuzzed_a_CPPFLAGS = $(core_libcore_a_CPPFLAGS) $(SQLITE_CFLAGS) \
	$(CURSES_CFLAGS)
%C%_libfuzzed_a_CFLAGS = $(AM_CFLAGS) $(FUZZ_CFLAGS)
FUZZ_LIBS = %D%/libfuzzed.a $(CORE_LIBS)
%C%_fuzz_text_SOURCES = %D%/fuzz_text.c
%C%_fuzz_text_CFLAGS = $(AM_CFLAGS) $(FUZZ_CFLAGS)
%C%_fuzz_text_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_CFLAGS)
%C%_fuzz_text_LDADD = $(FUZZ_LIBS)
EXTRA_DIST += %D%/corpus
CLEANFILES += fuzz-failed.*
check_PROGRAMS += %D%/fuzz_files %D%/fuzz_protocols %D%/fuzz_records \
	%D%/fuzz_lab %D%/fuzz_studies
%C%_fuzz_files_SOURCES = %D%/fuzz_files.c
%C%_fuzz_files_CFLAGS = $(AM_CFLAGS) $(FUZZ_CFLAGS)
%C%_fuzz_files_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_CFLAGS)
%C%_fuzz_files_LDADD = $(FUZZ_LIBS)
%C%_fuzz_protocols_SOURCES = %D%/fuzz_protocols.c
%C%_fuzz_protocols_CFLAGS = $(AM_CFLAGS) $(FUZZ_CFLAGS)
%C%_fuzz_protocols_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_CFLAGS)
%C%_fuzz_protocols_LDADD = %D%/libfuzzed.a $(TUI_LIBS)
%C%_fuzz_records_SOURCES = %D%/fuzz_records.c
%C%_fuzz_records_CFLAGS = $(AM_CFLAGS) $(FUZZ_CFLAGS)
%C%_fuzz_records_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_CFLAGS)
%C%_fuzz_records_LDADD = $(FUZZ_LIBS)
%C%_fuzz_lab_SOURCES = %D%/fuzz_lab.c
%C%_fuzz_lab_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
%C%_fuzz_lab_CFLAGS = $(AM_CFLAGS) $(FUZZ_CFLAGS)
%C%_fuzz_lab_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_CFLAGS)
%C%_fuzz_lab_LDADD = %D%/libfuzzed.a $(TUI_LIBS)
%C%_fuzz_studies_SOURCES = %D%/fuzz_studies.c
%C%_fuzz_studies_CFLAGS = $(AM_CFLAGS) $(FUZZ_CFLAGS)
%C%_fuzz_studies_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_CFLAGS)
%C%_fuzz_studies_LDADD = $(FUZZ_LIBS)
