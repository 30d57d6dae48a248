/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_SCREENS_H
#define TUI_SCREEN_SCREENS_H

#include "tui/screen.h"

/* One line per screen here and in table.c; each is a file of this folder. */
extern const struct screen screen_help;
extern const struct screen screen_moments;
extern const struct screen screen_movers;
extern const struct screen screen_newgame;
extern const struct screen screen_newwatch;
extern const struct screen screen_play;
extern const struct screen screen_watch;
extern const struct screen screen_live;
extern const struct screen screen_home;
extern const struct screen screen_checkpoint;
extern const struct screen screen_checkpoints;
extern const struct screen screen_imitate;
extern const struct screen screen_jobs;
extern const struct screen screen_leaderboard;
extern const struct screen screen_match;
extern const struct screen screen_matches;
extern const struct screen screen_run;
extern const struct screen screen_runs;
extern const struct screen screen_games;
extern const struct screen screen_game;
extern const struct screen screen_search;
extern const struct screen screen_compare;
extern const struct screen screen_pages;
extern const struct screen screen_position;
extern const struct screen screen_said;
extern const struct screen screen_score;
extern const struct screen screen_scorecard;
extern const struct screen screen_studies;
extern const struct screen screen_study;
extern const struct screen screen_sweep;
extern const struct screen screen_train;
extern const struct screen screen_trust;

#endif
