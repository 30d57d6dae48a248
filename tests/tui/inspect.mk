# SPDX-License-Identifier: MIT
# Stored games and recorded searches: view models, then screens.
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_inspector %D%/test_stored %D%/test_sweep \
	%D%/test_value_graph
endif
%C%_test_inspector_SOURCES = %D%/test_inspector.c $(MADE_TRACE) $(GOLDEN)
%C%_test_inspector_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_value_graph_SOURCES = %D%/test_value_graph.c $(GOLDEN)
%C%_test_value_graph_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_stored_SOURCES = %D%/test_stored.c $(MADE_TRACE) $(GOLDEN)
%C%_test_stored_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
%C%_test_sweep_SOURCES = %D%/test_sweep.c %D%/play_fixture.c \
	%D%/play_fixture.h $(GOLDEN)
%C%_test_sweep_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
