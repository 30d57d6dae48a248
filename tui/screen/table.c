/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/screens.h"

#include "tui/screen.h"

const struct screen *const screen_table[] = {
	/* of the lab */
	&screen_home,
	&screen_runs,
	&screen_run,
	&screen_checkpoints,
	&screen_checkpoint,
	&screen_jobs,
	/* of games */
	&screen_games,
	&screen_game,
	&screen_search,
	&screen_moments,
	&screen_movers,
	&screen_compare,
	&screen_position,
	&screen_sweep,
	/* of jobs */
	&screen_train,
	&screen_imitate,
	&screen_match,
	&screen_matches,
	&screen_score,
	&screen_leaderboard,
	&screen_help,
	&screen_newgame,
	&screen_newwatch,
	&screen_play,
	&screen_watch,
	&screen_live,
	&screen_trust,
	&screen_studies,
	&screen_scorecard,
	&screen_study,
	&screen_said,
	&screen_pages,
	NULL,
};
