/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SESSION_MADE_PAGES_H
#define TESTS_SESSION_MADE_PAGES_H

#include "store/store.h"

/* Runs of kind serial: s4 with three pages of drawn values, which were learned
 * half, and s4-begun with none. */
void made_pages(struct store *s);

#endif
