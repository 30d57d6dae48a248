/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_CHESS_KEYS_H
#define CORE_GAME_CHESS_KEYS_H

#include <stdint.h>

/* Random numbers of Polyglot's book format, for chess_book.c. */
enum { CHESS_KEYS = 781 };

extern const uint64_t chess_keys[CHESS_KEYS];

#endif
