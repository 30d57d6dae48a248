# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += \
	%D%/test_agent \
	%D%/test_balance \
	%D%/test_commands \
	%D%/test_engine \
	%D%/test_gtp_clock \
	%D%/test_many \
	%D%/test_match \
	%D%/test_pacman_agents \
	%D%/test_scribe \
	%D%/test_seq \
	%D%/test_protocols
endif
%C%_test_agent_SOURCES = %D%/test_agent.c %D%/one_network.c %D%/one_network.h
%C%_test_agent_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_balance_SOURCES = %D%/test_balance.c %D%/one_network.c %D%/one_network.h
%C%_test_balance_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_commands_SOURCES = %D%/test_commands.c
%C%_test_commands_LDADD = core/libcore.a $(STORE_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_gtp_clock_SOURCES = %D%/test_gtp_clock.c
%C%_test_gtp_clock_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_many_SOURCES = %D%/test_many.c %D%/one_network.c %D%/one_network.h
%C%_test_many_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_match_SOURCES = %D%/test_match.c %D%/one_network.c %D%/one_network.h
%C%_test_match_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_protocols_SOURCES = %D%/test_protocols.c
%C%_test_protocols_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_scribe_SOURCES = %D%/test_scribe.c
%C%_test_scribe_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_seq_SOURCES = %D%/test_seq.c
%C%_test_seq_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_pacman_agents_SOURCES = %D%/test_pacman_agents.c
%C%_test_pacman_agents_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_engine_SOURCES = %D%/test_engine.c
%C%_test_engine_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
dist_check_SCRIPTS += %D%/test_servers.sh %D%/test_kata.sh %D%/test_gogui.sh
TESTS += %D%/test_servers.sh %D%/test_kata.sh %D%/test_gogui.sh
EXTRA_DIST += %D%/fake_engine.sh \
	%D%/golden/gtp.in %D%/golden/gtp.txt \
	%D%/golden/uci.in %D%/golden/uci.txt
