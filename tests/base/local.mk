# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_base %D%/test_dist %D%/test_json %D%/test_rng
endif
%C%_test_base_SOURCES = %D%/test_base.c
%C%_test_base_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_dist_SOURCES = %D%/test_dist.c
%C%_test_dist_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_json_SOURCES = %D%/test_json.c
%C%_test_json_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
%C%_test_rng_SOURCES = %D%/test_rng.c
%C%_test_rng_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
