# SPDX-License-Identifier: MIT
tui_libtui_a_SOURCES += \
	%D%/words.c %D%/words.h
