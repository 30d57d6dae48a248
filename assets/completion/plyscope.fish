# SPDX-License-Identifier: MIT
# Completion of plyscope for fish: the program itself knows what may come next.
function __plyscope_complete
	set -l words (commandline -opc)
	set -l part (commandline -ct)
	for reply in ($words[1] complete -- $words[2..-1] "$part" 2>/dev/null)
		if test "$reply" = :file
			__fish_complete_path "$part"
		else
			echo $reply
		end
	end
end
complete -c plyscope -f -a '(__plyscope_complete)'
