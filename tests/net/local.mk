# SPDX-License-Identifier: MIT
dist_check_SCRIPTS += %D%/test_bench.sh
TESTS += %D%/test_bench.sh
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_attention %D%/test_config %D%/test_conv %D%/test_exact \
	%D%/test_layers %D%/test_loss %D%/test_net \
	%D%/test_mixers %D%/test_optim %D%/test_sequence %D%/test_stream \
	%D%/test_tables %D%/test_tokens
endif
%C%_test_attention_SOURCES = %D%/test_attention.c
%C%_test_attention_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_config_SOURCES = %D%/test_config.c
%C%_test_config_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_conv_SOURCES = %D%/test_conv.c
%C%_test_conv_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_exact_SOURCES = %D%/test_exact.c
%C%_test_exact_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_layers_SOURCES = %D%/test_layers.c
%C%_test_layers_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_loss_SOURCES = %D%/test_loss.c
%C%_test_loss_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_mixers_SOURCES = %D%/test_mixers.c
%C%_test_mixers_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_net_SOURCES = %D%/test_net.c
%C%_test_net_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_optim_SOURCES = %D%/test_optim.c
%C%_test_optim_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_sequence_SOURCES = %D%/test_sequence.c
%C%_test_sequence_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_stream_SOURCES = %D%/test_stream.c
%C%_test_stream_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_tables_SOURCES = %D%/test_tables.c
%C%_test_tables_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_tokens_SOURCES = %D%/test_tokens.c
%C%_test_tokens_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
