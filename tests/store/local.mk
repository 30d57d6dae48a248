# SPDX-License-Identifier: MIT
EXTRA_DIST += %D%/lab-1.sql %D%/lab-2.sql %D%/lab-3.sql %D%/lab-4.sql %D%/lab-5.sql \
	%D%/lab-6.sql %D%/lab-7.sql %D%/lab-8.sql
if HAVE_CMOCKA
check_PROGRAMS += \
	%D%/test_backup \
	%D%/test_commands \
	%D%/test_crash \
	%D%/test_files \
	%D%/test_games \
	%D%/test_hostile \
	%D%/test_lives \
	%D%/test_manual \
	%D%/test_rows \
	%D%/test_studies \
	%D%/test_wal
endif
%C%_lab = %D%/lab.c %D%/lab.h
%C%_libs = $(STORE_LIBS) $(CMOCKA_LIBS) -lm
%C%_test_commands_SOURCES = %D%/test_commands.c $(%C%_lab)
%C%_test_commands_LDADD = core/libcore.a $(%C%_libs)
%C%_test_crash_SOURCES = %D%/test_crash.c $(%C%_lab)
%C%_test_crash_LDADD = $(%C%_libs)
%C%_test_files_SOURCES = %D%/test_files.c $(%C%_lab)
%C%_test_files_LDADD = $(%C%_libs)
%C%_test_games_SOURCES = %D%/test_games.c $(%C%_lab)
%C%_test_games_LDADD = $(%C%_libs)
%C%_test_hostile_SOURCES = %D%/test_hostile.c $(%C%_lab)
%C%_test_hostile_LDADD = $(%C%_libs)
%C%_test_lives_SOURCES = %D%/test_lives.c $(%C%_lab)
%C%_test_lives_LDADD = $(%C%_libs)
%C%_test_manual_SOURCES = %D%/test_manual.c $(%C%_lab)
%C%_test_manual_LDADD = $(%C%_libs)
%C%_test_rows_SOURCES = %D%/test_rows.c $(%C%_lab)
%C%_test_rows_LDADD = $(%C%_libs)
%C%_test_studies_SOURCES = %D%/test_studies.c $(%C%_lab)
%C%_test_studies_LDADD = $(%C%_libs)
%C%_test_wal_SOURCES = %D%/test_wal.c $(%C%_lab)
%C%_test_wal_LDADD = $(%C%_libs)
%C%_test_backup_SOURCES = %D%/test_backup.c $(%C%_lab)
%C%_test_backup_LDADD = $(%C%_libs)
