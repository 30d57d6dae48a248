# SPDX-License-Identifier: MIT
tui_libtui_a_SOURCES += \
	tui/widget/axis.c tui/widget/axis.h \
	tui/widget/plot.c tui/widget/plot.h tui/widget/plot_curve.c \
	tui/widget/plot_int.h tui/widget/plot_picture.c \
	tui/widget/plot_range.c tui/widget/plot_spark.c
tui_libtui_a_SOURCES += \
	tui/widget/board.c tui/widget/board.h tui/widget/board_int.h \
	tui/widget/board_boxes.c tui/widget/board_cell.c \
	tui/widget/board_layout.c tui/widget/board_points.c \
	tui/widget/board_squares.c \
	tui/widget/board_view.c tui/widget/board_view.h \
	tui/widget/look.c tui/widget/look.h tui/widget/look_shape.c \
	tui/widget/maze.c tui/widget/maze.h \
	tui/widget/round_text.c tui/widget/round_text.h \
	tui/widget/sheet.c tui/widget/sheet.h \
	tui/widget/thinking.c tui/widget/thinking.h
tui_libtui_a_SOURCES += \
	%D%/entry.c %D%/entry.h \
	%D%/form.c %D%/form.h \
	%D%/line_edit.c %D%/line_edit.h \
	%D%/popup.c %D%/popup.h \
	%D%/table.c %D%/table.h
tui_libtui_a_SOURCES += \
	%D%/agent_picker.c %D%/agent_picker.h \
	%D%/columns.c %D%/columns.h \
	%D%/compare_draw.c %D%/compare_draw.h \
	%D%/inspector_draw.c %D%/inspector_draw.h \
	%D%/inspector_keys.c \
	%D%/move_draw.c %D%/move_draw.h \
	%D%/tree_draw.c %D%/tree_draw.h \
	%D%/value_graph.c %D%/value_graph.h \
	%D%/whisker.c %D%/whisker.h
