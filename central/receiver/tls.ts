import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { LinegateError, messageOf } from '../../agent/core/errors.ts';

/** PEM files of a receiver. */
export interface TlsFiles {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** What was in them. */
export interface TlsSecrets {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Reads the files. Throws LinegateError 'bad-argument' for one that is missing or holds something else. */
export function readTls({ ca, cert, key }: TlsFiles): TlsSecrets {
  const secrets = {
    ...(ca === undefined ? {} : { ca: read('--ca', ca) }),
    ...(cert === undefined ? {} : { cert: read('--cert', cert) }),
    ...(key === undefined ? {} : { key: read('--key', key) }),
  };
  if (secrets.ca?.includes('-----BEGIN CERTIFICATE') === false) throw bad(`--ca ${ca} holds no certificate`);
  try {
    createSecureContext(secrets);
  } catch (cause) {
    throw bad(`--cert ${cert} and --key ${key} cannot be used together (${messageOf(cause)})`, cause);
  }
  return secrets;
}

function read(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw bad(`${option} ${file} cannot be read (${messageOf(cause)})`, cause);
  }
}

function bad(what: string, cause?: unknown): LinegateError {
  return new LinegateError('bad-argument', `The receiver cannot begin: ${what}.`, { cause });
}
