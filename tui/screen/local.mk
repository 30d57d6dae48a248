# SPDX-License-Identifier: MIT
# One screen a line, as in table.c.
tui_libtui_a_SOURCES += \
	%D%/help.c \
	%D%/screens.h \
	%D%/table.c
