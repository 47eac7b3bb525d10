import { pbkdf2Sync } from 'node:crypto';
import { stringify } from 'yaml';
import { LinegateError } from '../../core/errors.ts';

export interface Wifi {
  readonly ssid: string;
  /** The 64 hexadecimal digits that the network is joined with; the passphrase itself is on no card. */
  readonly psk: string;
  /** Two letters, such as DE: radio rules differ. */
  readonly country: string;
}

/** Checks what was said and derives the key (IEEE 802.11i: PBKDF2-SHA1, 4096 times). Throws LinegateError 'bad-argument'. */
export function wifiFrom(ssid: string, passphrase: string, country: string): Wifi {
  const name = Buffer.byteLength(ssid);
  if (name < 1 || name > 32 || /\p{Cc}/u.test(ssid)) {
    throw new LinegateError(
      'bad-argument',
      `The Wi-Fi name "${ssid.slice(0, 40)}" has ${name} bytes; give 1 to 32 printable ones.`,
    );
  }
  if (!/^[\x20-\x7e]{8,63}$/.test(passphrase)) {
    const message = `The Wi-Fi passphrase has ${passphrase.length} characters or odd ones; its file must hold 8 to 63 printable ASCII characters.`;
    throw new LinegateError('bad-argument', message);
  }
  if (!/^[A-Z]{2}$/.test(country)) {
    throw new LinegateError(
      'bad-argument',
      `The Wi-Fi country "${country.slice(0, 20)}" is none; give two capital letters such as DE.`,
    );
  }
  return { ssid, country, psk: pbkdf2Sync(passphrase, ssid, 4096, 32, 'sha1').toString('hex') };
}

/** network-config, version 2: any cable by DHCP, and the Wi-Fi where there is one. None of them holds up the boot. */
export function networkConfig(wifi: Wifi | null): string {
  const cable = { cable: { match: { name: 'e*' }, dhcp4: true, optional: true } };
  const wlan = wifi && {
    wifis: {
      wlan0: {
        ...{ dhcp4: true, optional: true, 'regulatory-domain': wifi.country },
        'access-points': { [wifi.ssid]: { password: wifi.psk } },
      },
    },
  };
  return stringify(
    { network: { version: 2, ethernets: cable, ...wlan } },
    { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE' },
  );
}
