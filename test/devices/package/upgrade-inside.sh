#!/bin/bash
# Runs under a systemd of its own: the maintainer scripts with services that only wait. Prints "ID VALUE" a line.
# $1: the folder with the scripts.
set -u
scripts=$1
mkdir -p /usr/lib/linegate /etc/systemd/system /usr/lib/sysusers.d /usr/lib/tmpfiles.d
touch /usr/lib/sysusers.d/linegate.conf /usr/lib/tmpfiles.d/linegate.conf
for unit in linegate linegate@ linegate-gatekeeper linegate-gatekeeper@ linegate-config; do
  printf '[Service]\nExecStart=/bin/sleep infinity\n' > "/etc/systemd/system/$unit.service"
done
systemctl daemon-reload
running() { systemctl show -p MainPID --value "$1"; }

echo one > /usr/lib/linegate/gatekeeper.id
"$scripts/postinst" configure >&2
echo "installed-exit $?"
echo "installed-started $(running linegate.service)"
systemctl start linegate linegate-gatekeeper linegate@a linegate-gatekeeper@a

upgrade() { # ID_OF_NEW_GATEKEEPER
  agent=$(running linegate) other=$(running linegate@a) keeper=$(running linegate-gatekeeper@a)
  "$scripts/prerm" upgrade 9.9.9 && echo "$1" > /usr/lib/linegate/gatekeeper.id && "$scripts/postinst" configure 0.0.9 >&2
  echo "upgrade-$1-exit $?"
  changed() { [[ $1 != "$2" && $2 != 0 ]] && echo again || echo same; }
  echo "upgrade-$1-agents $(changed "$agent" "$(running linegate)") $(changed "$other" "$(running linegate@a)")"
  echo "upgrade-$1-gatekeeper $(changed "$keeper" "$(running linegate-gatekeeper@a)")"
}
upgrade one
upgrade two

"$scripts/prerm" remove >&2
echo "removed-exit $?"
echo "removed-running $(systemctl list-units --state=active --plain --no-legend 'linegate*' | wc -l)"
"$scripts/postrm" remove >&2
echo "postrm-exit $?"
