# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_adapt %D%/test_copying %D%/test_course %D%/test_extra \
	%D%/test_history %D%/test_lanes %D%/test_learn %D%/test_legal %D%/test_life \
	%D%/test_lives_data \
	%D%/test_rounds %D%/test_self_play %D%/test_serial %D%/test_teach
endif
%C%_test_adapt_SOURCES = %D%/test_adapt.c
%C%_test_adapt_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_copying_SOURCES = %D%/test_copying.c
%C%_test_copying_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_course_SOURCES = %D%/test_course.c
%C%_test_course_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_extra_SOURCES = %D%/test_extra.c %D%/make_learner.h %D%/one_row.h
%C%_test_extra_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_history_SOURCES = %D%/test_history.c
%C%_test_history_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_lanes_SOURCES = %D%/test_lanes.c
%C%_test_lanes_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_learn_SOURCES = %D%/test_learn.c %D%/make_learner.h %D%/one_row.h
%C%_test_learn_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_legal_SOURCES = %D%/test_legal.c %D%/make_learner.h
%C%_test_legal_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_life_SOURCES = %D%/test_life.c
%C%_test_life_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_lives_data_SOURCES = %D%/test_lives_data.c
%C%_test_lives_data_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_rounds_SOURCES = %D%/test_rounds.c
%C%_test_rounds_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_self_play_SOURCES = %D%/test_self_play.c
%C%_test_self_play_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_serial_SOURCES = %D%/test_serial.c
%C%_test_serial_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_teach_SOURCES = %D%/test_teach.c
%C%_test_teach_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
