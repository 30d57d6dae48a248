# SPDX-License-Identifier: MIT
checked_sources += \
	%D%/accord.c %D%/accord.h \
	%D%/accord_games.c %D%/accord_games.h \
	%D%/again_job.c %D%/again_job.h \
	%D%/analysis.c %D%/analysis.h \
	%D%/compare.c %D%/compare.h \
	%D%/compare_part.c %D%/compare_part.h \
	%D%/figures.c %D%/figures.h \
	%D%/game_pages.c %D%/game_pages.h \
	%D%/game_query.c %D%/game_query.h \
	%D%/inspector.c %D%/inspector.h \
	%D%/line.c %D%/line.h \
	%D%/match_score.c %D%/match_score.h \
	%D%/metric.c %D%/metric.h \
	%D%/moments.c %D%/moments.h \
	%D%/moments_seek.c %D%/moments_seek.h \
	%D%/move_table.c %D%/move_table.h \
	%D%/opinion.c %D%/opinion.h %D%/opinion_book.c \
	%D%/opinions.c %D%/opinions.h \
	%D%/overlay.c %D%/overlay.h \
	%D%/play_args.c %D%/play_args.h \
	%D%/quote.c %D%/quote.h \
	%D%/ranking.c %D%/ranking.h \
	%D%/refit.c %D%/refit.h \
	%D%/review.c %D%/review.h \
	%D%/repeats.c %D%/repeats.h \
	%D%/round.c %D%/round.h \
	%D%/seat.c %D%/seat.h \
	%D%/series.c %D%/series.h \
	%D%/sitting.c %D%/sitting.h \
	%D%/smooth.c %D%/smooth.h \
	%D%/standings.c %D%/standings.h %D%/standings_int.h \
	%D%/standings_curves.c \
	%D%/study_view.c %D%/study_view.h \
	%D%/blame.c %D%/blame.h \
	%D%/sweep.c %D%/sweep.h \
	%D%/thinker.c %D%/thinker.h \
	%D%/trace_rules.c %D%/trace_rules.h \
	%D%/tree_view.c %D%/tree_view.h \
	%D%/whole_game.c %D%/whole_game.h \
	%D%/worker.c %D%/worker.h \
	%D%/x_range.c %D%/x_range.h
