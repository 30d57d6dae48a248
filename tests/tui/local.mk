# SPDX-License-Identifier: MIT
GOLDEN = %D%/golden.c %D%/golden.h
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_canvas %D%/test_keys %D%/test_help %D%/test_widget \
	%D%/test_option %D%/test_row %D%/test_picture
endif
%C%_test_picture_SOURCES = %D%/test_picture.c
%C%_test_picture_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_canvas_SOURCES = %D%/test_canvas.c $(GOLDEN)
%C%_test_canvas_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_keys_SOURCES = %D%/test_keys.c
%C%_test_keys_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_help_SOURCES = %D%/test_help.c $(GOLDEN)
%C%_test_help_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_option_SOURCES = %D%/test_option.c
%C%_test_option_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_row_SOURCES = %D%/test_row.c
%C%_test_row_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_widget_SOURCES = %D%/test_widget.c $(GOLDEN)
%C%_test_widget_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)


if HAVE_CMOCKA
check_PROGRAMS += %D%/test_app %D%/test_home
endif
%C%_test_home_SOURCES = %D%/test_home.c $(GOLDEN)
%C%_test_home_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_app_SOURCES = %D%/test_app.c $(GOLDEN)
%C%_test_app_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)

# The pictures, one a line, are shipped so that `make distcheck` can compare.
EXTRA_DIST += %D%/golden

include tests/tui/charts.mk
include tests/tui/inspect.mk
include tests/tui/play.mk
include tests/tui/terminal.mk
