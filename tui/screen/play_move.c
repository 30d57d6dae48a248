/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/play.h"

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/round.h"
#include "core/session/sitting.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "tui/screen/panes.h"
#include "tui/widget/entry.h"

/* What a move, a save and a hint come to, for the keys and the clicks. */

/* Save the game as it stands; false if there is no row of it. */
bool play_save(struct play *p)
{
	struct err e = ERR_INIT;

	if (!p->app->lab || p->app->readonly || !p->sitting.round.plies)
		return false;
	if (!sitting_save(&p->sitting, lab_store(p->app->lab), "human", &e))
		return true;
	app_fail(p->app, &e);
	return false;
}

void play_ask_hint(struct play *p)
{
	struct err e = ERR_INIT;

	if (sitting_hint(&p->sitting, &e))
		app_fail(p->app, &e);
	panes_follow(&p->panes, &p->sitting);
}

void play_changed(struct play *p)
{
	p->typed[0] = '\0';
	entry_forget(&p->entry);
	p->hint_wanted = p->hint_wanted && p->sitting.hinted;
	panes_follow(&p->panes, &p->sitting);
	if (round_over(&p->sitting.round))
		play_save(p);
	else if (p->always_hint)
		play_ask_hint(p);
}

enum screen_action play_person_move(struct play *p, game_move m,
				    const char *why)
{
	if (!sitting_person_to_move(&p->sitting))
		return SCREEN_STAY;
	if (m == GAME_NO_MOVE) {
		app_say(p->app, "%s", why);
	} else {
		sitting_play(&p->sitting, m);
		play_changed(p);
	}
	return SCREEN_REDRAW;
}

enum screen_action play_entered(struct play *p, enum entry_result result,
				game_move m, const char *why)
{
	if (result == ENTRY_MOVE)
		return play_person_move(p, m, why);
	if (result == ENTRY_NOTHING && *why)
		app_say(p->app, "%s", why);
	return SCREEN_REDRAW;
}
