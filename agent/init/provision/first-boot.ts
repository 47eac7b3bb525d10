/** Where cloud-init puts the script, and where a person finds it to run it again. */
export const firstBootPath = '/usr/local/sbin/linegate-first-boot';

/**
 * What the first boot does, in sh: finds the card's folder, checks the package, installs it, puts station file and token away,
 * makes keys, starts the station. Can be run again. $LINEGATE_ROOT: a folder in place of /, for tests.
 */
export const firstBootScript = `#!/bin/sh
# The first boot of a Linegate station. Arguments: the file of the package, its SHA-256, the station, and "key" to make one.
# Nothing is fetched. What happened is in first-boot.txt on the card. It may be run again.
set -u
package=$1 digest=$2 station=$3 key=\${4:-}
root=\${LINEGATE_ROOT:-}
card=
kept=$root/etc/linegate/credentials

say() {
  echo "linegate-first-boot: $*"
  [ -z "$card" ] || echo "$*" >>"$card/first-boot.txt" || :
}

fail() {
  say "STOPPED: $*"
  exit 1
}

look() {
  for folder in "$root/boot/firmware/linegate" "$root/boot/linegate" "$root/run/linegate-card/linegate"; do
    if [ -f "$folder/$package" ]; then
      card=$folder
      return 0
    fi
  done
  return 1
}

# A card that is not mounted: a USB stick with the label that cloud-init looks for.
attach() {
  for label in CIDATA cidata LINEGATE; do
    device=$root/dev/disk/by-label/$label
    [ -e "$device" ] || continue
    mkdir -p "$root/run/linegate-card"
    mount -o nosuid,nodev,noexec "$device" "$root/run/linegate-card" && return 0
  done
  return 1
}

put() { # put MODE FROM TO: whole or not at all
  install -m "$1" "$2" "$3.new" && mv -f "$3.new" "$3" || fail "$3 cannot be written."
}

look || { attach && look; } || fail "the folder linegate with $package is on no boot partition and no stick; copy it there again."
say "first boot of $station"
echo "$digest  $card/$package" | sha256sum -c - >/dev/null 2>&1 ||
  fail "$package is damaged (its SHA-256 is another one); copy it to the card again."
DEBIAN_FRONTEND=noninteractive dpkg -i "$card/$package" || fail "$package cannot be installed; dpkg says why above."

umask 077
mkdir -p "$root/etc/linegate" "$kept" && chmod 755 "$root/etc/linegate" || fail "/etc/linegate cannot be made."
if [ -f "$card/token" ]; then
  put 600 "$card/token" "$kept/mqtt-password"
  # A token is on one device only. A flash card may keep old blocks all the same.
  shred -u "$card/token" 2>/dev/null || rm -f "$card/token" || say "The token is still on the card: delete linegate/token."
elif [ ! -s "$kept/mqtt-password" ]; then
  fail "the token is missing; provision this station again."
fi
[ ! -f "$card/mqtt-ca.pem" ] || put 600 "$card/mqtt-ca.pem" "$kept/mqtt-ca.pem"
if [ -e "$root/etc/linegate/station.yaml" ]; then
  say "/etc/linegate/station.yaml is there already and was left as it is."
else
  put 644 "$card/station.yaml" "$root/etc/linegate/station.yaml"
fi
if [ "$key" = key ] && [ ! -s "$kept/mqtt-key.pem" ]; then
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$kept/mqtt-key.pem.new" 2>/dev/null &&
    openssl req -new -key "$kept/mqtt-key.pem.new" -subj "/CN=$station" -out "$card/$station.csr" &&
    mv "$kept/mqtt-key.pem.new" "$kept/mqtt-key.pem" ||
    fail "no key can be made; is openssl installed?"
  say "The certificate request is $station.csr; the certificate goes to /etc/linegate/credentials/mqtt-cert.pem."
fi
systemctl enable linegate-config linegate-gatekeeper linegate || fail "the services cannot be enabled."
systemctl start --no-block linegate-config linegate-gatekeeper linegate || fail "the services cannot be started."
say "done"
`;
