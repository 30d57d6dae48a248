# SPDX-License-Identifier: MIT
# The rules of the source tree and of the manual, as tests.
AM_TESTS_ENVIRONMENT += \
	PLY_COMPILE='$(CC) $(CFLAGS) -std=gnu11 $(WARN_CFLAGS) -Werror $(CURSES_CFLAGS) $(SQLITE_CFLAGS) $(BLAS_CFLAGS) $(MD_CFLAGS) $(ZSTD_CFLAGS)'; \
	export PLY_COMPILE;
dist_check_SCRIPTS += \
	%D%/test_examples.sh \
	%D%/test_headers.sh \
	%D%/test_manual.sh \
	%D%/test_rules.sh
TESTS += \
	%D%/test_examples.sh \
	%D%/test_headers.sh \
	%D%/test_manual.sh \
	%D%/test_rules.sh
if !HAVE_CMOCKA
TESTS += %D%/need-cmocka.sh
else
if !HAVE_VTERM
TESTS += %D%/need-cmocka.sh
endif
endif
EXTRA_DIST += \
	%D%/layers \
	%D%/need-cmocka.sh \
	%D%/rules.sh %D%/uses.awk \
	%D%/tap.sh

# Not a test: prints the manual's tables for test_manual.sh.
EXTRA_PROGRAMS += %D%/manual_tables
CLEANFILES += $(EXTRA_PROGRAMS)
%C%_manual_tables_SOURCES = %D%/manual_tables.c
%C%_manual_tables_LDADD = $(TUI_LIBS)
%D%/test_manual.log: %D%/manual_tables$(EXEEXT)

if HAVE_CMOCKA
check_PROGRAMS += %D%/test_assets
endif
%C%_test_assets_SOURCES = %D%/test_assets.c
%C%_test_assets_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
