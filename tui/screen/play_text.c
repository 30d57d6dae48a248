/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "core/game/game.h"
#include "core/session/round.h"
#include "core/session/sitting.h"
#include "tui/app.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/screen/play.h"
#include "tui/widget/board.h"
#include "tui/widget/entry.h"

static bool move_typed(void *self, const char *text)
{
	struct play *p = self;
	char why[ENTRY_WHY];
	game_move m;

	if (!text || !*text || !sitting_person_to_move(&p->sitting))
		return true;
	m = entry_parse(&p->sitting.round.game, round_now(&p->sitting.round),
			text, why);
	play_person_move(p, m, why);
	return m != GAME_NO_MOVE;
}

void play_ask_move(struct play *p, const char *begun)
{
	app_ask(p->app, "Move:", begun, move_typed, p);
}

/* Whether `ch`, which no key is bound to, is the letter of a column as moves
 * are not written here: q16 in Go.  vi's letters stay with the cursor. */
static bool names_column(const struct game *g, unsigned ch)
{
	int alias = keys_alias((int)ch);
	char name[16];

	if (!isalpha((int)ch) || (alias && keys_find(play_keys, alias).binding))
		return false;
	for (int col = 0; col < g->cols; col++) {
		board_cell_name(g, col, name);
		if (tolower((unsigned char)name[0]) == tolower((int)ch))
			return true;
	}
	return false;
}

bool play_claims(const void *self, unsigned ch)
{
	const struct play *p = self;
	const struct game *g = &p->sitting.round.game;
	char name[16];

	if (p->empty || ch >= 128 || !isalpha((int)ch) ||
	    round_over(&p->sitting.round))
		return false;
	if (g->rules->move_letters && strchr(g->rules->move_letters, (int)ch))
		return true;
	for (int col = 0; col < g->cols; col++) {
		board_cell_name(g, col, name);
		if (name[0] == (char)ch)
			return true;
	}
	return false;
}

static bool begins_move(const struct play *p, unsigned ch)
{
	char typed[2] = {(char)tolower((int)ch), '\0'};
	game_move only;

	return round_spelled(&p->sitting.round, typed, &only) > 0;
}

static enum screen_action typed_more(struct play *p, unsigned ch)
{
	size_t len = strlen(p->typed);
	game_move only;
	int begin;

	if (len + 1 >= sizeof(p->typed))
		return SCREEN_STAY;
	p->typed[len] = (char)tolower((int)ch);
	p->typed[len + 1] = '\0';
	begin = round_spelled(&p->sitting.round, p->typed, &only);
	if (begin == 0) {
		app_say(p->app, "%s is not a legal move here", p->typed);
		p->typed[0] = '\0';
	} else if (begin == 1 && only != GAME_NO_MOVE) {
		return play_person_move(p, only, "");
	}
	return SCREEN_REDRAW;
}

/* The first letter or digit of a move; false if it is none. */
static bool begin_typing(struct play *p, unsigned ch,
			 enum screen_action *action)
{
	const struct game_rules *rules = p->sitting.round.game.rules;
	char letter[2] = {(char)ch, '\0'};

	if (ch >= 128 || !isalnum((int)ch))
		return false;
	if (rules->compact_text) {
		/* A letter that begins no move may mean something else. */
		if (isalpha((int)ch) && !begins_move(p, ch))
			return false;
	} else if (!play_claims(p, ch) &&
		   !names_column(&p->sitting.round.game, ch)) {
		return false;
	}
	/* e4, e2e4, exd5: where pieces move, only Enter says that it is all */
	if (rules->move_from)
		play_ask_move(p, letter);
	else
		*action = typed_more(p, ch);
	return true;
}

bool play_text(void *self, unsigned ch, enum screen_action *action)
{
	struct play *p = self;
	game_move only = GAME_NO_MOVE;

	*action = SCREEN_REDRAW;
	if (p->empty)
		return false;
	if (!sitting_person_to_move(&p->sitting)) {
		if (!play_claims(p, ch))
			return false;
		/* Who types on does not give commands meanwhile. */
		app_say(p->app, "it is not your turn yet");
		return true;
	}
	if (entry_asks(&p->entry)) {
		enum entry_result result =
			entry_key(&p->entry, &p->sitting.round.game,
				  round_now(&p->sitting.round), (int)ch, &only);

		*action = play_entered(p, result, only, "");
		return result != ENTRY_NOTHING;
	}
	if (!p->typed[0])
		return begin_typing(p, ch, action);
	if (ch < 128 && isalnum((int)ch)) {
		*action = typed_more(p, ch);
		return true;
	}
	switch (ch) {
	case K_ENTER:
		round_spelled(&p->sitting.round, p->typed, &only);
		p->typed[0] = '\0';
		*action = play_person_move(p, only, "that is not a move");
		break;
	case K_BACKSPACE:
		p->typed[strlen(p->typed) - 1] = '\0';
		break;
	default:
		/* Any other key gives the coordinate up and is itself. */
		p->typed[0] = '\0';
		return ch == K_ESC;
	}
	return true;
}
