/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_GTP_INT_H
#define TUI_CMD_GTP_INT_H

#include "core/format/gtp.h"
#include "tui/cmd/serve.h"

/* The GTP server, shared by the files gtp*.c of this folder alone. */

/* Moves played one after the other from a position.  A set-up, or a move out of
 * turn, begins another such part. */
struct gtp_part {
	struct game from; /* with its start */
	game_move *moves; /* owned; [plies], room for max_plies */
	int plies;
	bool quiet; /* begun for a move out of turn: goes with it */
};

struct gtp_server {
	struct serve serve;
	struct game game; /* size and komi in force, from the usual start */
	struct gtp_part *parts; /* owned; never none */
	int part_count;
	void *state, *scratch; /* owned */
	uint64_t number;       /* of the game */
	bool done;

	/* Time: what the front end said last. */
	bool timed;
	double left[2]; /* seconds */
	int stones[2];  /* to be played in that; 0: main time */
	double byo_time, increment;
	int byo_stones;
	double max_time; /* of a move; 0: no limit */
	int visits;      /* 0: as the agent's spec says */
	bool no_dead;    /* no stone is dead, whatever the network says */

	char *as_name; /* owned */
	char as_version[32];
};

/* gtp_board.c.  Functions that can fail return why, NULL if they did not. */
void gtp_board_release(struct gtp_server *v);
/* Another size or komi: parameter `name`; the board is kept where it can be. */
const char *gtp_board_param(struct gtp_server *v, const char *name,
			    const char *value);
void gtp_board_clear(struct gtp_server *v);
/* `g`: the game with its start. */
const char *gtp_board_load(struct gtp_server *v, const struct game *g,
			   const game_move *moves, int count);
int gtp_to_act(const struct gtp_server *v);
/* Make it this player's turn, by a set-up if it is not. */
const char *gtp_board_turn(struct gtp_server *v, int player);
/* Back to as many parts: a turn was only borrowed. */
void gtp_board_untouch(struct gtp_server *v, int parts);
const char *gtp_board_play(struct gtp_server *v, int player, const char *text);
const char *gtp_board_undo(struct gtp_server *v);
/* Black stones before the game, White to move. */
const char *gtp_board_handicap(struct gtp_server *v, const int *cells,
			       int count);
/* These stones, Black to move, and no past. */
const char *gtp_board_set(struct gtp_server *v, const uint8_t *stone);
bool gtp_board_is_empty(const struct gtp_server *v);
void gtp_board_show(const struct gtp_server *v, struct buf *out);
/* The moves so far where they begin at the usual start, else NULL. */
const game_move *gtp_board_line(const struct gtp_server *v, int *plies);

#define GTP_COMMAND(name)                                                \
	const char *name(struct gtp_server *v, const struct gtp_line *l, \
			 struct buf *out)

/* gtp_time.c */
GTP_COMMAND(gtp_time_settings);
GTP_COMMAND(gtp_time_kinds);
GTP_COMMAND(gtp_time_left);
/* When the move must be there, by clock_seconds(); 0: no limit. */
double gtp_time_deadline(const struct gtp_server *v, int player);
/* The player's clock has run for so long, and a move was made. */
void gtp_time_spend(struct gtp_server *v, int player, double seconds);

/* gtp_kata.c */
GTP_COMMAND(gtp_get_rules);
GTP_COMMAND(gtp_set_rules);
GTP_COMMAND(gtp_set_rule);
GTP_COMMAND(gtp_set_param);
GTP_COMMAND(gtp_get_param);
GTP_COMMAND(gtp_list_params);
GTP_COMMAND(gtp_setoption);
GTP_COMMAND(gtp_set_position);
GTP_COMMAND(gtp_printsgf);
GTP_COMMAND(gtp_stop);
GTP_COMMAND(gtp_clear_cache);
GTP_COMMAND(gtp_cputime);
GTP_COMMAND(gtp_gogui);

/* gtp_net.c */
GTP_COMMAND(gtp_raw_nn);
GTP_COMMAND(gtp_models);
GTP_COMMAND(gtp_final_score);
GTP_COMMAND(gtp_final_status);

/* gtp_analyze.c */
enum gtp_style { GTP_PLAIN, GTP_LZ, GTP_KATA };

/* Have the agent choose a move, and play it if so asked, with lines of analysis
 * before it unless plain.  The response is complete in `out`.  *next as below:
 * the search ends with the next line; NULL: it does not. */
void gtp_generate(struct gtp_server *v, const struct gtp_line *l,
		  enum gtp_style style, bool play, const char **next,
		  struct buf *out);
/* Analyze until the next line, which *next is then (NULL at the end of the
 * input); the response has been written. */
void gtp_analysis(struct gtp_server *v, const struct gtp_line *l,
		  enum gtp_style style, const char **next);

#endif
