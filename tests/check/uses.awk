# SPDX-License-Identifier: MIT
#
# What the files use of each other, read from their text: the headers of the tree
# first, then its .c files.
#
# RULE=includes: one line for each function, macro, constant of an enum and whole
# struct that a .c uses although it includes the declaring header neither itself
# nor by its own header or a *_int.h of its folder.
#
# RULE=circles: one line for each pair of .c files of a folder that call each
# other's functions.  A function that a table names is not called.
#
# A name is known by where it is declared, outside all braces.  If several
# headers declare it, any of them will do.

# `homes` of a name of a header, `mine` of one of the .c at hand.
function declare(name) {
	if (!header) mine[name] = 1
	else if (!index(" " homes[name] " ", " " file " "))
		homes[name] = homes[name] == "" ? file : homes[name] " or " file
}

# The line without comments and what stands in quotes.
function bare(line,	out, i, t) {
	out = ""
	while (line != "") {
		if (comment) {
			i = index(line, "*/")
			if (!i) return out
			line = substr(line, i + 2); comment = 0
		} else if (match(line, /"([^"\\]|\\.)*"|\047([^\047\\]|\\.)*\047|\/\*|\/\//)) {
			t = substr(line, RSTART, 2)
			out = out substr(line, 1, RSTART - 1)
			if (t == "//") return out
			if (t == "/*") comment = 1
			else out = out "\"\""
			line = substr(line, RSTART + (comment ? 2 : RLENGTH))
		} else return out line
	}
	return out
}

# Walks the text outside braces for what a file declares.
function outside(line,	c, rest, word, i) {
	rest = line
	while (rest != "") {
		if (match(rest, /^[A-Za-z_][A-Za-z0-9_]*/)) {
			word = substr(rest, 1, RLENGTH)
			rest = substr(rest, RLENGTH + 1)
			if (depth == 1 && enum && awaiting && word ~ /^[A-Z]/) {
				declare(word)
				awaiting = 0
			}
			if (depth == 0 && paren == 0) {
				before = last; last = word
				statement = statement " " word
			}
			continue
		}
		c = substr(rest, 1, 1); rest = substr(rest, 2)
		if (depth == 0 && paren == 0 && c ~ /[,;[=]/ &&
		    (!header || statement ~ / extern /) && last ~ /^[a-z]/ && !bracket)
			declare(last)
		if (c == "[") bracket++
		if (c == "]") bracket--
		if (c == "{") {
			if (depth == 0) {
				enum = last == "enum" || before == "enum"
				awaiting = 1
				if (before == "struct" && bound != "=") declare("struct " last)
			}
			depth++; bound = c
		} else if (c == "}") {
			depth--
			if (depth == 0) { enum = 0; statement = last = before = "" }
			bound = c
		} else if (depth > 0) {
			if (c == "," && depth == 1) awaiting = 1
		} else if (c == "(") {
			if (paren == 0 && statement !~ /typedef/ && bound != "=" &&
			    last ~ /^[a-z]/ && last !~ /^(static_assert|sizeof|defined|void|bool|int|double|float|char)$/) {
				declare(last)
				if (!header && statement !~ / static /) definer[last] = file
			}
			paren++
		} else if (c == ")") paren--
		else if (c == ";") { bound = c; statement = ""; last = before = ""; paren = 0 }
		else if (c == "=") bound = c
	}
}

function back(call) { sub(/ of .*/, "", call); sub(/: calls /, ": ", call); return call }

function folder(path) { sub(/\/[^\/]*$/, "", path); return path }

function take(name) {
	if (!(name in homes) || name in seen) return
	if (RULE == "circles" && !index(text, name "(")) return
	seen[name] = 1
	use[++used] = name; at[used] = FNR
}

function finish(	i, n, w, ok) {
	if (file == "" || header) return
	if (RULE == "circles") {
		for (i = 1; i <= used; i++) {
			if (use[i] in mine) continue
			all++
			by[all] = file; what[all] = use[i]; where[all] = at[i]
		}
		return
	}
	for (i = 1; i <= used; i++) {
		if (use[i] in mine) continue
		n = split(homes[use[i]], w, / or /)
		ok = 0
		for (; n > 0 && !ok; n--) ok = w[n] == own || (file SUBSEP w[n]) in reach
		if (!ok) print file ":" at[i] ": " use[i] " is used without including " homes[use[i]]
	}
}

FNR == 1 {
	finish()
	file = FILENAME; header = file ~ /\.h$/
	own = file; sub(/\.c$/, ".h", own)
	dir = file; sub(/\/[^\/]*$/, "", dir)
	comment = depth = paren = bracket = enum = used = going = 0
	bound = statement = last = before = ""
	split("", mine); split("", seen)
}

/^[ \t]*#[ \t]*include[ \t]*"/ && !comment {
	name = $0; sub(/^[^"]*"/, "", name); sub(/".*/, "", name)
	if (header) includes[file] = includes[file] " " name
	else {
		reach[file, name] = 1
		own_dir = name; sub(/\/[^\/]*$/, "", own_dir)
		if (name == own || (own_dir == dir && name ~ /_int\.h$/)) {
			n = split(includes[name], more, " ")
			for (i = 1; i <= n; i++) reach[file, more[i]] = 1
		}
	}
	next
}

{
	line = bare($0)
	directive = line ~ /^[ \t]*#/
	if (line ~ /^[ \t]*#[ \t]*define[ \t]/) {
		name = line; sub(/^[ \t]*#[ \t]*define[ \t]+/, "", name)
		rest = name; sub(/[^A-Za-z0-9_].*/, "", name)
		if (rest != name && name !~ /^_/) declare(name)
	}
	if (!header && !directive || line ~ /define/ && !header) {
		text = line
		while (match(text, /struct [a-z0-9_]+ [a-z0-9_]+ ?[;=,\[]|\(struct [a-z0-9_]+\)/)) {
			name = substr(text, RSTART, RLENGTH)
			text = substr(text, RSTART + RLENGTH)
			sub(/^\(/, "", name)
			split(name, word, /[ )]/)
			take(word[1] " " word[2])
		}
		text = line
		gsub(/(->|\.|struct[ \t]|enum[ \t])[ \t]*[A-Za-z_][A-Za-z0-9_]*/, " ", text)
		n = split(text, word, /[^A-Za-z0-9_]+/)
		for (i = 1; i <= n; i++) take(word[i])
	}
	# Lines that go on a directive are part of it.
	if (!directive && !going) outside(line)
	going = (directive || going) && line ~ /\\$/
}

END {
	finish()
	if (RULE != "circles") exit
	for (i = 1; i <= all; i++) {
		a = by[i]
		if (!(what[i] in definer)) continue
		b = definer[what[i]]
		if (a == b || folder(a) != folder(b) || (a SUBSEP b) in edge) continue
		edge[a, b] = a ":" where[i] ": calls " what[i] "() of " b
	}
	for (e in edge) {
		split(e, ends, SUBSEP)
		if ((ends[2] SUBSEP ends[1]) in edge && ends[1] < ends[2])
			print edge[e] ", which calls it back at " back(edge[ends[2], ends[1]])
	}
}
