/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/screens.h"

const struct screen *const screen_table[] = {
	&screen_home,
	&screen_help,
	NULL,
};
