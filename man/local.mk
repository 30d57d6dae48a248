# SPDX-License-Identifier: MIT
dist_man_MANS += %D%/plyscope.1 %D%/plyscope-lab.5 %D%/plyscope-studies.7
