# SPDX-License-Identifier: MIT
checked_sources += \
	%D%/format.c %D%/format.h \
	%D%/gtp.c %D%/gtp.h \
	%D%/note_tree.c %D%/note_tree.h \
	%D%/paste.c %D%/paste.h \
	%D%/pgn.h %D%/pgn_int.h \
	%D%/pgn_read.c \
	%D%/pgn_signs.c \
	%D%/pgn_word.c \
	%D%/pgn_write.c \
	%D%/plain.c \
	%D%/record.c %D%/record.h \
	%D%/recorder.c %D%/recorder.h \
	%D%/sgf.h %D%/sgf_int.h \
	%D%/sgf_charset.c \
	%D%/sgf_node.c \
	%D%/sgf_read.c \
	%D%/sgf_write.c \
	%D%/text_charset.c %D%/text_charset.h \
	%D%/text_in.c %D%/text_in.h \
	%D%/uci.c %D%/uci.h
