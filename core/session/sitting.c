/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/sitting.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"

/* The strongest that needs no network. */
static const char usual_hints[] = "mcts:rollout,sims=2000";

void sitting_init(struct sitting *s, const struct game *g,
		  const struct seat_host *host)
{
	memset(s, 0, sizeof(*s));
	s->host = *host;
	s->number = 1;
	s->asked = -1;
	round_init(&s->round, g, round_new_seed(1));
}

void sitting_release(struct sitting *s)
{
	sitting_drop_answer(s);
	thought_release(&s->hint);
	for (int i = 0; i < SITTING_SEATS; i++)
		seat_release(&s->seats[i]);
	round_release(&s->round);
}

void sitting_drop_answer(struct sitting *s)
{
	if (s->held)
		thought_release(&s->held_thought);
	s->held = false;
}

enum err_code sitting_seat(struct sitting *s, int player, const char *spec,
			   struct err *e)
{
	enum err_code rc =
		seat_take(&s->seats[player], &s->host, &s->round.game, spec, e);

	if (!rc && s->held && s->held_player == player)
		sitting_drop_answer(s);
	return rc;
}

int sitting_opponent(const struct sitting *s)
{
	if (!seat_is_human(&s->seats[1]))
		return 1;
	return seat_is_human(&s->seats[0]) ? -1 : 0;
}

bool sitting_person_to_move(const struct sitting *s)
{
	int player = round_to_act(&s->round);

	return player >= 0 && seat_is_human(&s->seats[player]);
}

void sitting_go_on(struct sitting *s)
{
	int player = round_to_act(&s->round);

	if (player < 0 || s->held || seat_is_human(&s->seats[player]))
		return;
	s->asked = player;
	seat_ask(&s->seats[player], &s->round, (uint64_t)s->number);
}

void sitting_forget_hint(struct sitting *s)
{
	seat_cancel(&s->seats[SITTING_HINT]);
	s->hinted = false;
	thought_release(&s->hint);
	s->hint = (struct thought){0};
}

void sitting_stop(struct sitting *s)
{
	seat_cancel(&s->seats[0]);
	seat_cancel(&s->seats[1]);
	sitting_forget_hint(s);
	sitting_drop_answer(s);
}

void sitting_hurry(struct sitting *s)
{
	for (int i = 0; i < SITTING_SEATS; i++)
		seat_hurry(&s->seats[i]);
}

bool sitting_is_thinking(const struct sitting *s)
{
	for (int i = 0; i < SITTING_SEATS; i++)
		if (seat_is_thinking(&s->seats[i]))
			return true;
	return false;
}

static void let_chance_move(struct sitting *s)
{
	struct round *r = &s->round;
	game_move *scratch =
		mem_zalloc((size_t)r->game.move_count, sizeof(*scratch));

	while (round_to_act(r) == GAME_CHANCE) {
		struct rng rng;

		rng_init(&rng, r->seed, RNG_CHANCE, (uint64_t)s->number,
			 (uint64_t)r->plies);
		round_play(
			r,
			game_chance_move(&r->game, round_now(r), &rng, scratch),
			NULL, NULL);
	}
	free(scratch);
}

static void make_move(struct sitting *s, game_move m, struct thought *th,
		      const char *name)
{
	sitting_forget_hint(s);
	round_play(&s->round, m, th, name);
	let_chance_move(s);
	sitting_go_on(s);
}

void sitting_play(struct sitting *s, game_move m)
{
	struct thought hint = s->hint;

	assert(sitting_person_to_move(s));
	/* What was thought about the position that a person faced belongs to
	 * the game, by the name of who thought it. */
	s->hint = (struct thought){0};
	make_move(s, m, hint.moves ? &hint : NULL,
		  seat_name(&s->seats[SITTING_HINT]));
}

bool sitting_take_back(struct sitting *s)
{
	bool any;

	sitting_stop(s);
	any = round_undo(&s->round);
	while (any && !sitting_person_to_move(s) && round_undo(&s->round))
		;
	sitting_go_on(s);
	return any;
}

bool sitting_resign(struct sitting *s)
{
	int player = round_to_act(&s->round);

	if (player < 0)
		return false;
	if (!seat_is_human(&s->seats[player]))
		player = 1 - player;
	sitting_stop(s);
	round_resign(&s->round, player);
	return true;
}

bool sitting_swap(struct sitting *s)
{
	if (s->round.game.player_count < 2)
		return false;
	sitting_stop(s);
	seat_swap(&s->seats[0], &s->seats[1]);
	if (s->asked >= 0)
		s->asked = 1 - s->asked;
	sitting_go_on(s);
	return true;
}

void sitting_begin(struct sitting *s, int number)
{
	sitting_stop(s);
	for (int i = 0; i < 2; i++)
		seat_tell(&s->seats[i], &s->round, i);
	s->number = number;
	s->asked = -1;
	round_restart(&s->round, round_new_seed(number));
	sitting_go_on(s);
}

enum err_code sitting_replace(struct sitting *s, const char *spec,
			      struct err *e)
{
	int side = sitting_opponent(s);
	enum err_code rc = sitting_seat(s, side < 0 ? 1 : side, spec, e);

	if (rc)
		return rc;
	sitting_forget_hint(s);
	seat_release(&s->seats[SITTING_HINT]);
	sitting_go_on(s);
	return ERR_OK;
}

enum err_code sitting_hint(struct sitting *s, struct err *e)
{
	struct seat *hint = &s->seats[SITTING_HINT];
	int side = sitting_opponent(s);
	enum err_code rc;

	if (!sitting_person_to_move(s))
		return ERR_OK;
	if (seat_is_human(hint)) {
		rc = seat_take(hint, &s->host, &s->round.game,
			       side >= 0 ? s->seats[side].spec : usual_hints,
			       e);
		if (rc)
			return rc;
	}
	s->hinted = true;
	seat_ask(hint, &s->round, (uint64_t)s->number);
	return ERR_OK;
}

enum err_code sitting_hint_from(struct sitting *s, const char *spec,
				bool *person, struct err *e)
{
	struct seat *hint = &s->seats[SITTING_HINT];
	struct seat named = {.guest = hint->guest};
	enum err_code rc;

	*person = false;
	rc = seat_take(&named, &s->host, &s->round.game, spec, e);
	if (rc)
		return rc;
	*person = seat_is_human(&named);
	if (*person)
		return ERR_OK;
	sitting_forget_hint(s);
	seat_swap(hint, &named);
	seat_release(&named);
	return ERR_OK;
}

bool sitting_collect(struct sitting *s,
		     void (*show)(void *ctx, int seat, const struct thought *th,
				  int ply, bool running),
		     void *ctx)
{
	bool any = false;

	for (int i = 0; i < SITTING_SEATS; i++) {
		struct thought th = {0};
		int ply;
		enum seat_news news = seat_collect(&s->seats[i], &th, &ply);

		if (news == SEAT_NOTHING)
			continue;
		any = true;
		if (show)
			show(ctx, i, &th, ply, news == SEAT_SNAPSHOT);
		if (news == SEAT_ANSWER && i != SITTING_HINT) {
			s->held = true;
			s->held_player = i;
			s->held_thought = th;
		} else if (news == SEAT_ANSWER && !*th.forfeit) {
			thought_release(&s->hint);
			s->hint = th;
		} else {
			thought_release(&th);
		}
	}
	return any;
}

void sitting_answer(struct sitting *s)
{
	struct thought *th = &s->held_thought;
	int player = s->held_player;

	assert(s->held);
	s->held = false;
	if (!*th->forfeit) {
		make_move(s, th->move, th, seat_name(&s->seats[player]));
		return;
	}
	sitting_stop(s);
	round_forfeit(&s->round, player, th->forfeit);
	thought_release(th);
}

enum err_code sitting_save(struct sitting *s, struct store *store,
			   const char *purpose, struct err *e)
{
	return round_save(&s->round, store, seat_name(&s->seats[0]),
			  seat_name(&s->seats[1]), purpose, e);
}
