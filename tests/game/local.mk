# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_game %D%/test_pacman %D%/test_perft
endif
%C%_test_game_SOURCES = %D%/test_game.c
%C%_test_game_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_perft_SOURCES = %D%/test_perft.c
%C%_test_perft_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_pacman_SOURCES = %D%/test_pacman.c
%C%_test_pacman_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
