#!/bin/sh
# SPDX-License-Identifier: MIT
# In the list of tests only where configure found no cmocka or no libvterm: a
# check that leaves most tests out must not pass in silence.
echo "not ok 1 - cmocka and libvterm are here: ./bootstrap check installs them"
echo 1..1
