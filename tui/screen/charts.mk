# SPDX-License-Identifier: MIT
# Training history, jobs and the dialogs that start them.
tui_libtui_a_SOURCES += \
	tui/screen/charts.c tui/screen/charts.h \
	tui/screen/curve.c tui/screen/curve.h \
	tui/screen/job_view.c tui/screen/job_view.h \
	tui/screen/checkpoint.c tui/screen/checkpoints.c \
	tui/screen/dialog.c tui/screen/dialog.h \
	tui/screen/imitate.c tui/screen/train.c \
	tui/screen/jobs.c \
	tui/screen/leaderboard.c tui/screen/leaderboard.h \
	tui/screen/leaderboard_draw.c \
	tui/screen/list.c tui/screen/list.h \
	tui/screen/match.c tui/screen/match_view.h tui/screen/match_view.c \
	tui/screen/matches.c tui/screen/score.c \
	tui/screen/launch.c tui/screen/launch.h \
	tui/screen/run.c tui/screen/run.h tui/screen/run_draw.c tui/screen/runs.c
