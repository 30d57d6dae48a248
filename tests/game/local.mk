# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_chess %D%/test_chess960 %D%/test_chess_book \
	%D%/test_chess_fen %D%/test_chess_san \
	%D%/test_chess_stockfish %D%/test_drop \
	%D%/test_drop_rules %D%/test_game %D%/test_go %D%/test_go_gnugo \
	%D%/test_go_plain %D%/test_othello %D%/test_pacman %D%/test_perft
endif
%C%_test_drop_SOURCES = %D%/test_drop.c
%C%_test_drop_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_drop_rules_SOURCES = %D%/test_drop_rules.c
%C%_test_drop_rules_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_game_SOURCES = %D%/test_game.c
%C%_test_game_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_perft_SOURCES = %D%/test_perft.c
%C%_test_perft_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_pacman_SOURCES = %D%/test_pacman.c
%C%_test_pacman_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_go_SOURCES = %D%/test_go.c
%C%_test_go_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_go_plain_SOURCES = %D%/test_go_plain.c
%C%_test_go_plain_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_othello_SOURCES = %D%/test_othello.c
%C%_test_othello_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_go_gnugo_SOURCES = %D%/test_go_gnugo.c
%C%_test_go_gnugo_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_chess_book_SOURCES = %D%/test_chess_book.c
%C%_test_chess_book_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_chess960_SOURCES = %D%/test_chess960.c
%C%_test_chess960_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_chess_SOURCES = %D%/test_chess.c
%C%_test_chess_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_chess_fen_SOURCES = %D%/test_chess_fen.c
%C%_test_chess_fen_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_chess_san_SOURCES = %D%/test_chess_san.c
%C%_test_chess_san_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_chess_stockfish_SOURCES = %D%/test_chess_stockfish.c
%C%_test_chess_stockfish_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
