/* SPDX-License-Identifier: MIT */
#ifndef TUI_RESCUE_H
#define TUI_RESCUE_H

#include <stddef.h>

/*
 * A program that dies must not leave the terminal in raw mode on the alternate
 * screen.  Once armed, SIGSEGV SIGABRT SIGBUS SIGFPE SIGILL SIGTERM SIGHUP
 * SIGINT SIGQUIT write `bytes` to the terminal, set it back to what it was when
 * rescue_arm() was called, and go on to end the process as they would have.
 * The handler only calls read(), write(), tcsetattr(), sigaction() and raise(),
 * on a stack of its own.
 *
 * What is written to stderr meanwhile, when that is a terminal, would spoil the
 * screen and be lost with it: it is kept, and said when the screen is gone.
 */

/* `fd` is the terminal; `bytes` are copied, RESCUE_BYTES at most. */
enum { RESCUE_BYTES = 512 };
void rescue_arm(int fd);
void rescue_bytes(const char *bytes, size_t len);
/* Signals as before; the terminal is left alone. */
void rescue_disarm(void);

#endif
