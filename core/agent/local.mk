# SPDX-License-Identifier: MIT
checked_sources += \
	%D%/agent.c %D%/agent.h \
	%D%/agent_int.h \
	%D%/direct.c \
	%D%/net_eval.c %D%/net_eval.h \
	%D%/pacman.c \
	%D%/searcher.c \
	%D%/simple.c \
	%D%/thought.c
