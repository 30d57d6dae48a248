# SPDX-License-Identifier: MIT
# Boards, thinkers and the screens of games in progress.
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_board %D%/test_looks %D%/test_moves %D%/test_play \
	%D%/test_live
endif
%C%_test_board_SOURCES = %D%/test_board.c $(GOLDEN)
%C%_test_board_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_looks_SOURCES = %D%/test_looks.c $(GOLDEN)
%C%_test_looks_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_play_SOURCES = %D%/test_play.c %D%/play_fixture.c \
	%D%/play_fixture.h $(GOLDEN)
%C%_test_play_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_live_SOURCES = %D%/test_live.c %D%/play_fixture.c \
	%D%/play_fixture.h $(GOLDEN)
%C%_test_live_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_moves_SOURCES = %D%/test_moves.c %D%/play_fixture.c \
	%D%/play_fixture.h $(GOLDEN)
%C%_test_moves_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
