# SPDX-License-Identifier: MIT
tui_libtui_a_SOURCES += \
	%D%/agree.c \
	%D%/analyze.c \
	%D%/backup.c \
	%D%/bench.c \
	%D%/bench_loop.c %D%/bench_loop.h \
	%D%/bench_net.c %D%/bench_net.h \
	%D%/bench_rules.c %D%/bench_rules.h \
	%D%/bench_time.c %D%/bench_time.h \
	%D%/check.c \
	%D%/cmd.c %D%/cmd.h \
	%D%/compare.c \
	%D%/complete.c \
	%D%/doctor.c \
	%D%/export.c \
	%D%/grade.c %D%/grade.h \
	%D%/grade_show.c \
	%D%/grid.c %D%/grid.h \
	%D%/gtp.c %D%/gtp_int.h \
	%D%/gtp_analyze.c \
	%D%/gtp_board.c \
	%D%/gtp_kata.c \
	%D%/gtp_net.c \
	%D%/gtp_time.c \
	%D%/help.c \
	%D%/history.c \
	%D%/moments.c \
	%D%/match.c \
	%D%/option.c %D%/option.h \
	%D%/perft.c \
	%D%/progress.c %D%/progress.h \
	%D%/position.c %D%/position.h \
	%D%/imitate.c \
	%D%/import.c \
	%D%/list.c \
	%D%/rate.c \
	%D%/replay.c \
	%D%/restore.c \
	%D%/rows.c %D%/rows.h \
	%D%/save_screen.c \
	%D%/serial.c \
	%D%/serve.c %D%/serve.h \
	%D%/show.c \
	%D%/solve.c \
	%D%/study.c \
	%D%/study_list.c \
	%D%/study_show.c %D%/study_show.h \
	%D%/blame.c \
	%D%/trend.c %D%/trend.h \
	%D%/sweep.c \
	%D%/table.c %D%/table.h \
	%D%/train.c \
	%D%/kata.c %D%/kata_int.h \
	%D%/kata_board.c \
	%D%/kata_query.c \
	%D%/kata_say.c \
	%D%/uci.c %D%/uci_int.h \
	%D%/uci_board.c \
	%D%/uci_option.c \
	%D%/uci_say.c \
	%D%/work.c %D%/work.h
