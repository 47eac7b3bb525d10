import { LinegateError } from '../../core/errors.ts';
import type { Login } from './user-data.ts';

const publicKey =
  /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]{40,}={0,3}( \P{Cc}*)?$/u;

/** Who may log in with the public keys in a file. Throws LinegateError 'bad-argument' for a private key or what is no key. */
export function loginFrom(user: string, file: string, text: string): Login {
  if (!/^[a-z][a-z0-9_-]{0,31}$/.test(user) || user === 'root' || user === 'linegate') {
    throw new LinegateError(
      'bad-argument',
      `Nobody can be named "${user}" here; give --user small letters and digits, other than root and linegate.`,
    );
  }
  if (/PRIVATE KEY/.test(text)) {
    const message = `The file ${file} holds a private key, which must never leave its owner; give the public one, ${file}.pub.`;
    throw new LinegateError('bad-argument', message);
  }
  const keys = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const strange = keys.findIndex((line) => !publicKey.test(line));
  if (keys.length > 0 && strange < 0) return { user, keys };
  const message = `The file ${file} holds ${keys.length === 0 ? 'no key' : `something else than a public key (its entry ${strange + 1})`}; give one such as id_ed25519.pub.`;
  throw new LinegateError('bad-argument', message);
}
