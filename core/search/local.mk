# SPDX-License-Identifier: MIT
checked_sources += \
	%D%/eval_cache.c %D%/eval_cache.h \
	%D%/evaluator.c %D%/evaluator.h \
	%D%/fleet.c %D%/fleet.h \
	%D%/gumbel.c \
	%D%/mcts.c %D%/mcts.h \
	%D%/mcts_int.h \
	%D%/result.c \
	%D%/select.c \
	%D%/solve.c \
	%D%/solver.c %D%/solver.h \
	%D%/solver_drop.c \
	%D%/solver_int.h \
	%D%/solver_line.c %D%/solver_line.h \
	%D%/solver_mnk.c \
	%D%/solver_othello.c \
	%D%/trace.c %D%/trace.h \
	%D%/trace_code.c \
	%D%/trace_dot.c %D%/trace_dot.h \
	%D%/trace_text.c %D%/trace_text.h \
	%D%/tree.c
