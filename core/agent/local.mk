# SPDX-License-Identifier: MIT
checked_sources += \
	%D%/agent.c %D%/agent.h \
	%D%/agent_int.h \
	%D%/agent_step.c %D%/agent_step.h \
	%D%/child.c %D%/child.h \
	%D%/command.c %D%/command.h \
	%D%/engine.c %D%/engine.h \
	%D%/engine_gtp.c \
	%D%/engine_uci.c \
	%D%/kind.h \
	%D%/lookahead.c \
	%D%/mind.c %D%/mind.h \
	%D%/net_eval.c %D%/net_eval.h \
	%D%/page.c %D%/page.h \
	%D%/pacman.c \
	%D%/policy.c \
	%D%/searcher.c %D%/searcher.h \
	%D%/scribe.c %D%/scribe.h \
	%D%/scribe_ask.c %D%/scribe_int.h \
	%D%/scribe_board.c \
	%D%/scribe_count.c \
	%D%/searcher_many.c \
	%D%/seq.c \
	%D%/serial.c \
	%D%/simple.c \
	%D%/solver.c \
	%D%/tactical.c \
	%D%/thought.c \
	%D%/together.c
