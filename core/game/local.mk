# SPDX-License-Identifier: MIT
core_libcore_a_SOURCES += \
	%D%/drop.c \
	%D%/families.h \
	%D%/game.c %D%/game.h \
	%D%/line.c \
	%D%/mnk.c
