# SPDX-License-Identifier: MIT
noinst_LIBRARIES += tui/libtui.a
tui_libtui_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURSES_CFLAGS)
tui_libtui_a_SOURCES = \
	tui/app.c tui/app.h tui/app_ask.c tui/app_int.h \
	tui/app_keys.c tui/app_run.h tui/app_save.c \
	tui/canvas.c tui/canvas.h \
	tui/canvas_map.c tui/canvas_map.h \
	tui/data.c tui/data.h \
	tui/cmdline.c tui/cmdline.h \
	tui/cmdline_args.c tui/cmdline_args.h \
	tui/frame.c tui/frame.h \
	tui/keys.c tui/keys.h \
	tui/picture.c tui/picture.h tui/picture_int.h \
	tui/picture_shape.c tui/picture_svg.c \
	tui/rescue.c tui/rescue.h \
	tui/screen.h \
	tui/script.c tui/script.h \
	tui/term.c tui/term.h \
	tui/theme.c tui/theme.h \
	tui/tui.c tui/tui.h \
	tui/say.c tui/say.h \
	tui/spawn.c tui/spawn.h \
	tui/utf8.c tui/utf8.h
TUI_LIBS = tui/libtui.a core/libcore.a store/libstore.a $(CURSES_LIBS) \
	$(SQLITE_LIBS) $(BLAS_LIBS) $(ZSTD_LIBS) $(MD_LIBS) $(PTHREAD_LIBS) -lm

bin_PROGRAMS += plyscope
plyscope_SOURCES = tui/main.c
plyscope_LDADD = $(TUI_LIBS)

include tui/widget/local.mk
include tui/row/local.mk
include tui/screen/local.mk
include tui/cmd/local.mk
