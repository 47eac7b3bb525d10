import { createHash, pbkdf2Sync } from 'node:crypto';

/** Random bytes: the system's, or a test's. */
export type Random = (sizeBytes: number) => Buffer;

/** A secret of one station, and what the central side may know of it before the station has said it. */
export interface Token {
  /** 256 bits in letters that any file and any prompt takes. */
  readonly secret: string;
  /** Hexadecimal SHA-256 of the secret. */
  readonly sha256: string;
  /** The line of a mosquitto password file, for the station's name. */
  readonly mosquitto: string;
}

/** The secret cannot be guessed, so the derivation need not be slow. */
const iterations = 101;
const saltBytes = 12;
const hashBytes = 64;

export function makeToken(station: string, random: Random): Token {
  const secret = random(32).toString('base64url');
  const salt = random(saltBytes);
  const hash = pbkdf2Sync(secret, salt, iterations, hashBytes, 'sha512');
  return {
    secret,
    sha256: createHash('sha256').update(secret).digest('hex'),
    mosquitto: `${station}:$7$${iterations}$${salt.toString('base64')}$${hash.toString('base64')}`,
  };
}
