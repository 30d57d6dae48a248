# SPDX-License-Identifier: MIT
checked_sources += \
	%D%/balance.c %D%/balance.h \
	%D%/curve.c %D%/curve.h \
	%D%/duel.c %D%/duel.h \
	%D%/estimate.c %D%/estimate.h \
	%D%/fit.c %D%/fit.h \
	%D%/forecast.c %D%/forecast.h \
	%D%/grade.c %D%/grade.h \
	%D%/graded.c %D%/graded.h \
	%D%/graded_solve.c \
	%D%/inverse.c %D%/inverse.h \
	%D%/inverse_dense.c \
	%D%/judge.c %D%/judge.h \
	%D%/known.c %D%/known.h \
	%D%/laplacian.c %D%/laplacian.h \
	%D%/match.c %D%/match.h %D%/match_int.h \
	%D%/match_games.c \
	%D%/openings.c \
	%D%/outlook.c %D%/outlook.h \
	%D%/positions.c %D%/positions.h \
	%D%/regret.c %D%/regret.h \
	%D%/rank.c %D%/rank.h \
	%D%/ridge.c %D%/ridge.h \
	%D%/seen.c %D%/seen.h \
	%D%/sprt.c %D%/sprt.h \
	%D%/tally.c %D%/tally.h
