# SPDX-License-Identifier: MIT
# Programs speak TAP; a missing cmocka is said once, by tests/check/need-cmocka.sh.
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	LC_ALL=C.UTF-8; export LC_ALL; TZ=UTC; export TZ;
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
TEST_EXTENSIONS = .sh
SH_LOG_DRIVER = $(LOG_DRIVER)
SH_LOG_COMPILER = $(SHELL)
dist_check_SCRIPTS =
TESTS += $(check_PROGRAMS)

include tests/base/local.mk
include tests/game/local.mk
include tests/format/local.mk
include tests/net/local.mk
include tests/search/local.mk
include tests/agent/local.mk
include tests/rate/local.mk
include tests/store/local.mk
include tests/learn/local.mk
include tests/study/local.mk
include tests/lab/local.mk
include tests/session/local.mk
include tests/tui/local.mk
include tests/check/local.mk
include tests/rely/local.mk
include tests/bench/local.mk
include tests/fuzz/local.mk
