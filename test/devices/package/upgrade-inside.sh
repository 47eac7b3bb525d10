#!/bin/bash
# Runs under a systemd of its own: looks at the real units, then the maintainer scripts with services that only wait, joined as
# the real ones are. Prints "ID VALUE" a line. $1: the folder with the scripts; $2: that with the units.
set -u
scripts=$1 units=$2
mkdir -p /usr/lib/linegate/bin /var/lib/linegate /etc/linegate /etc/systemd/system /usr/lib/sysusers.d /usr/lib/tmpfiles.d
touch /usr/lib/tmpfiles.d/linegate.conf

for program in /usr/bin/linegate /usr/lib/linegate/bin/node /usr/lib/linegate/linegate-gatekeeper; do
  printf '#!/bin/sh\n' > "$program"
  chmod 755 "$program"
done
cp "$units"/sysusers.d/linegate.conf /usr/lib/sysusers.d/
systemd-sysusers linegate.conf >&2
cp "$units"/*.service /etc/systemd/system/
said=$(cd "$units" && systemd-analyze verify $(ls ./*.service | sed 's|^./||; s|@|@x|') 2>&1 | head -n 3 | tr '\n' ' ')
echo "units-verify ${said:-nothing}"

for file in "$units"/*.service; do
  unit=/etc/systemd/system/$(basename "$file")
  grep -E '^(\[Unit\]|Wants=|After=|PartOf=)' "$file" > "$unit"
  case $file in
    *linegate-config*) printf '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n' >> "$unit" ;;
    *) printf '[Service]\nExecStart=/bin/sleep infinity\n' >> "$unit" ;;
  esac
done
systemctl daemon-reload
echo kept > /var/lib/linegate/records
echo kept > /etc/linegate/station.yaml
active() { systemctl list-units --state=active --plain --no-legend 'linegate*' | wc -l; }
since() { systemctl show -p ActiveEnterTimestampMonotonic --value "$1"; }

echo one > /usr/lib/linegate/gatekeeper.id
"$scripts/postinst" configure >&2
echo "installed-exit $?"
echo "installed-active $(active)"
systemctl start linegate linegate@a
echo "started-active $(active)"

upgrade() { # ID_OF_NEW_GATEKEEPER
  local -A before
  for unit in linegate linegate-gatekeeper linegate-config linegate@a linegate-gatekeeper@a linegate-config@a; do
    before[$unit]=$(since "$unit")
  done
  "$scripts/prerm" upgrade 9.9.9 && echo "$1" > /usr/lib/linegate/gatekeeper.id && "$scripts/postinst" configure 0.0.9 >&2
  echo "upgrade-$1-exit $?"
  again() { if systemctl -q is-active "$1" && [[ $(since "$1") != "${before[$1]}" ]]; then echo again; else echo same; fi; }
  echo "upgrade-$1-agents $(again linegate) $(again linegate@a)"
  echo "upgrade-$1-gatekeepers $(again linegate-gatekeeper) $(again linegate-gatekeeper@a)"
  echo "upgrade-$1-configs $(again linegate-config) $(again linegate-config@a)"
  echo "upgrade-$1-active $(active)"
}
upgrade one
upgrade two
in_order() { if (($(since linegate-config"$1") <= $(since linegate-gatekeeper"$1") && $(since linegate-gatekeeper"$1") <= $(since linegate"$1"))); then echo yes; else echo no; fi; }
echo "upgrade-two-order $(in_order '') $(in_order @a)"

"$scripts/prerm" remove >&2
echo "removed-exit $?"
echo "removed-active $(active)"
"$scripts/postrm" remove >&2
echo "postrm-exit $?"
echo "removed-left $(cat /var/lib/linegate/records /etc/linegate/station.yaml | tr '\n' ' ')"
"$scripts/postrm" purge >&2
echo "purged-exit $?"
echo "purged-left $(ls -d /var/lib/linegate /etc/linegate 2>/dev/null | wc -l)"
