/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_FAMILIES_H
#define CORE_GAME_FAMILIES_H

#include "core/game/game.h"

/* The families behind game_table; everybody else goes through the table. */
extern const struct game_rules game_chess;
extern const struct game_rules game_drop;
extern const struct game_rules game_go;
extern const struct game_rules game_mnk;
extern const struct game_rules game_pacman;
extern const struct game_rules game_othello;

#endif
