# SPDX-License-Identifier: MIT
checked_sources += \
	%D%/chess.c %D%/chess.h \
	%D%/chess_board.c %D%/chess_board.h \
	%D%/chess_end.c \
	%D%/chess_book.c %D%/chess_book.h \
	%D%/chess_fen.c \
	%D%/chess_frc.c \
	%D%/chess_keys.c %D%/chess_keys.h \
	%D%/chess_move.c \
	%D%/chess_perft.c \
	%D%/chess_san.c \
	%D%/chess_state.h \
	%D%/drop.c %D%/drop_state.h \
	%D%/drop_lines.c %D%/drop_lines.h \
	%D%/drop_rules.c %D%/drop_rules.h \
	%D%/families.h \
	%D%/game.c %D%/game.h \
	%D%/go.c %D%/go.h \
	%D%/go_board.c %D%/go_board.h \
	%D%/go_encode.c \
	%D%/go_text.c \
	%D%/line.c \
	%D%/mnk.c %D%/mnk_state.h \
	%D%/othello.c %D%/othello_state.h \
	%D%/pacman.c %D%/pacman.h \
	%D%/pacman_ghost.c \
	%D%/pacman_int.h \
	%D%/pacman_maze.c \
	%D%/stones.c %D%/stones.h

# The mazes that are built in, the usual one first.
MAZES = assets/mazes/small.txt assets/mazes/tiny.txt assets/mazes/rings.txt \
	assets/mazes/medium.txt assets/mazes/classic.txt
EXTRA_DIST += $(MAZES) assets/mazes/README assets/mazes/mazes.awk
BUILT_SOURCES += %D%/mazes.inc
CLEANFILES += %D%/mazes.inc
%D%/mazes.inc: $(MAZES) assets/mazes/mazes.awk %D%/local.mk
	$(AM_V_GEN)$(MKDIR_P) %D% && files= && \
	for f in $(MAZES); do files="$$files $(srcdir)/$$f"; done && \
	$(AWK) -f $(srcdir)/assets/mazes/mazes.awk $$files >$@.new && \
	mv $@.new $@
%D%/libcore_a-pacman_maze.$(OBJEXT): %D%/mazes.inc
