# SPDX-License-Identifier: MIT
checked_sources += \
	%D%/again.c %D%/again.h \
	%D%/again_past.c %D%/again_int.h \
	%D%/chain_run.c %D%/chain_run.h \
	%D%/copies.c %D%/copies.h \
	%D%/evidence.c %D%/evidence.h \
	%D%/imitate.c %D%/imitate.h \
	%D%/imitate_load.c %D%/imitate_meet.c %D%/imitate_int.h \
	%D%/imitate_usual.c \
	%D%/taught.c %D%/taught.h \
	%D%/export.c %D%/export.h \
	%D%/import.c %D%/import.h \
	%D%/teach_run.c %D%/teach_run.h \
	%D%/game_filter.c %D%/game_filter.h \
	%D%/grade_run.c %D%/grade_run.h \
	%D%/history_run.c %D%/history_run.h \
	%D%/job.c %D%/job.h \
	%D%/keep.c %D%/keep.h \
	%D%/lab.c %D%/lab.h \
	%D%/lab_error.c \
	%D%/life_rows.c %D%/life_rows.h \
	%D%/lives.c %D%/lives.h \
	%D%/match_run.c %D%/match_run.h \
	%D%/parent.c %D%/parent.h \
	%D%/past.c %D%/past.h \
	%D%/program.c %D%/program.h \
	%D%/rate_fit.c %D%/rate_fit.h \
	%D%/rate_gain.c \
	%D%/rate_lab.c %D%/rate_lab.h \
	%D%/rate_run.c %D%/rate_run.h \
	%D%/root_moves.c %D%/root_moves.h \
	%D%/scorecard.c %D%/scorecard.h \
	%D%/source.c %D%/source.h \
	%D%/run_begin.c %D%/run_begin.h \
	%D%/serial_pages.c %D%/serial_pages.h \
	%D%/serial_run.c %D%/serial_run.h \
	%D%/study_judge.c %D%/study_lab.h \
	%D%/study_keep.c %D%/study_keep.h \
	%D%/study_file.c %D%/study_file.h \
	%D%/study_held.c %D%/study_held.h \
	%D%/study_import.c \
	%D%/study_pack.c \
	%D%/study_picture.c %D%/study_picture.h \
	%D%/study_picture_fit.c %D%/study_picture_int.h \
	%D%/study_picture_svg.c \
	%D%/study_plan.c \
	%D%/study_plot.c \
	%D%/study_report.c %D%/study_report.h \
	%D%/study_rows.c %D%/study_rows.h \
	%D%/study_run.c \
	%D%/study_said.c %D%/study_said.h \
	%D%/study_series.c %D%/study_series.h \
	%D%/trust.c %D%/trust.h \
	%D%/run_sink.c %D%/run_sink.h \
	%D%/train.c %D%/train.h
