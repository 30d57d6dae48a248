# SPDX-License-Identifier: MIT
#
# Mazes as C: MAZE("tiny", 7, 7, "#######...") for each file, in order.
function put() {
	if (rows)
		printf "MAZE(\"%s\", %d, %d,\n%s)\n", name, rows, cols, text
}
FNR == 1 {
	put()
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.txt$/, "", name)
	rows = 0
	text = ""
}
/^;/ || /^$/ { next }
{
	cols = length($0)
	text = text (rows++ ? "\n" : "") "     \"" $0 "\""
}
END { put() }
