import { stringify } from 'yaml';
import { firstBootPath, firstBootScript } from './first-boot.ts';
import type { Row } from './stations.ts';

/** Who may log in: by these keys alone, never by a password. */
export interface Login {
  readonly user: string;
  readonly keys: readonly string[];
}

export interface Package {
  readonly name: string;
  readonly sha256: string;
}

/** user-data of a card. It holds no secret: the token lies beside it and is gone after the first boot. */
export function userData({ station, hostname }: Row, deb: Package, login: Login | null, makesKey: boolean): string {
  const firstBoot = [firstBootPath, deb.name, deb.sha256, station, ...(makesKey ? ['key'] : [])];
  const document = {
    hostname,
    manage_etc_hosts: true,
    ssh_pwauth: false,
    disable_root: true,
    // The device makes its own, whatever the image came with.
    ssh_deletekeys: true,
    ssh_genkeytypes: ['ed25519', 'ecdsa'],
    package_update: false,
    package_upgrade: false,
    ...(login === null ? {} : { users: [userOf(login)] }),
    write_files: [{ path: firstBootPath, permissions: '0700', owner: 'root:root', content: firstBootScript }],
    runcmd: [...(login === null ? [] : [['sh', '-c', 'systemctl enable --now ssh || true']]), firstBoot],
    final_message: `Linegate: cloud-init is done on ${hostname}; first-boot.txt on the card says what happened.`,
  };
  return `#cloud-config\n# The station ${station}, written by "linegate provision". No password, token or key is in here.\n${stringify(document, { lineWidth: 0 })}`;
}

function userOf({ user, keys }: Login): Record<string, unknown> {
  const sudo = 'ALL=(ALL) NOPASSWD:ALL';
  return { name: user, shell: '/bin/bash', sudo, lock_passwd: true, ssh_authorized_keys: keys };
}

/** meta-data of a card: another id, so that cloud-init sees a first boot. */
export function metaData({ hostname }: Row, id: string): string {
  return stringify({ 'instance-id': `linegate-${hostname}-${id}`, 'local-hostname': hostname, dsmode: 'local' });
}
