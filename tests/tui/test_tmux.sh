#!/bin/sh
# SPDX-License-Identifier: MIT
# A few flows in a real multiplexer: eight colours, resizing, detaching, Ctrl-Z
# at a real shell, and a terminal that is whole again afterwards.
set -u
. "$top_srcdir/tests/check/tap.sh"
program=${PLYSCOPE_TEST_PROGRAM:-$top_builddir/plyscope}
if ! command -v tmux >/dev/null 2>&1; then
	skip "plyscope in tmux" "tmux is not here"
	tap_done
	exit
fi

PLYSCOPE_TEST=1 PLYSCOPE_DATADIR=/nonexistent LC_ALL=C.UTF-8
export PLYSCOPE_TEST PLYSCOPE_DATADIR LC_ALL
unset NO_COLOR LINES COLUMNS TMUX
mux() { tmux -f /dev/null -S "$scratch/tmux" "$@"; }
trap 'mux kill-server 2>/dev/null; chmod -R u+rwx "$scratch"; rm -rf "$scratch"' EXIT

screen() { mux capture-pane -p -t lab "$@"; }
# Until COMMAND is true: the eventual screen counts, not how long it took.
eventually() {
	tries=600
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { echo "waited in vain for: $*"; screen; return 1; }
		sleep 0.05
	done
}
has() { screen | grep -qF -- "$1"; }
lacks() { ! has "$1"; }
shows() { eventually has "$1"; }
hides() { eventually lacks "$1"; }
keys() { mux send-keys -t lab "$@"; }
press() { # KEY TEXT
	keys "$1" && shows "$2"
}

# An interactive shell, so that job control is as people have it.
mux new-session -d -s lab -x 80 -y 24 "PS1='ready> ' ENV= sh -i"
ok "a shell is there" shows "ready>"
keys "'$program' --lab '$scratch/lab.db'" Enter
ok "the lab opens" shows "┌─ Menu"
colours() { screen -e | grep -q "$(printf '\033')\\[[0-9;]*3[0-7]m"; }
ok "eight colours are used" eventually colours
ok "? opens the keys" press "?" "Keys of this screen"
ok "Esc closes them" press Escape "┌─ Menu"

resize() { # COLS ROWS TEXT
	mux resize-window -t lab -x "$1" -y "$2" && shows "$3"
}
ok "wider" resize 200 50 "keys, here and everywhere"
ok "narrow" resize 40 12 "Menu"
ok "as before" resize 80 24 "At work"

cursor() { [ "$(mux display-message -p -t lab '#{cursor_y} #{cursor_x}')" = "$1" ]; }
row_of() { screen | grep -nF "$1" | head -n 1 | cut -d: -f1; }
keys Home
first=$(($(row_of "Menu")))
ok "the cursor is parked on the selected entry" eventually cursor "$first 5"

keys C-z
ok "Ctrl-Z goes to the shell" shows "ready>"
ok "the screen is gone meanwhile" hides "┌─ Menu"
keys "fg" Enter
ok "fg comes back" shows "┌─ Menu"
ok "and keys work" press "?" "Keys of this screen"
keys q
shows "┌─ Menu" >/dev/null

ok "q leaves" press q "ready>"
keys "echo status is \$?" Enter
ok "the shell goes on" shows "status is 0"
keys "printf 'off: %s\\n' \$(stty -a | grep -c -e '-echo ')" Enter
ok "with echo" shows "off: 0"
keys "clear; '$program' --lab '$scratch/lab.db'" Enter
shows "┌─ Menu" >/dev/null
ok "--lab opens it again" has "0 games"
pid=$(mux list-panes -t lab -F '#{pane_pid}')
child() { ps -o pid= --ppid "$pid" | tr -d ' '; }
kill -SEGV "$(child)"
ok "a crash goes back to the shell" shows "ready>"
keys "clear; stty -a | tr ';' '\\n' | grep -w -e icanon" Enter
ok "and leaves a terminal that works" shows " icanon "
keys "exit" Enter
tap_done
