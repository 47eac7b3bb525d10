import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { LinegateError, messageOf } from '../../core/errors.ts';

/** Where the station's secrets lie; PEM but for the password. */
export interface UplinkFiles {
  readonly passwordFile?: string | undefined;
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** What was in them. */
export interface UplinkSecrets {
  readonly password?: string;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Reads the files. Throws a LinegateError 'bad-config' for one that is missing or holds something else. */
export function readSecrets({ passwordFile, caFile, certFile, keyFile }: UplinkFiles): UplinkSecrets {
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw bad(`uplink.certFile and uplink.keyFile belong together, and only ${certFile ?? keyFile} is given`);
  }
  const password = passwordFile === undefined ? undefined : read('passwordFile', passwordFile).toString('utf8');
  const pem = {
    ...(caFile === undefined ? {} : { ca: read('caFile', caFile) }),
    ...(certFile === undefined ? {} : { cert: read('certFile', certFile) }),
    ...(keyFile === undefined ? {} : { key: read('keyFile', keyFile) }),
  };
  check(pem, [caFile, certFile, keyFile]);
  return { ...pem, ...(password === undefined ? {} : { password: password.replace(/\r?\n$/, '') }) };
}

function read(field: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw bad(`uplink.${field} ${file} cannot be read (${messageOf(cause)})`, cause);
  }
}

function check(pem: Omit<UplinkSecrets, 'password'>, files: readonly (string | undefined)[]): void {
  if (pem.ca !== undefined && !pem.ca.includes('-----BEGIN'))
    throw bad(`uplink.caFile ${files[0]} holds no certificate`);
  try {
    createSecureContext(pem);
  } catch (cause) {
    const named = files.filter((file) => file !== undefined).join(', ');
    throw bad(`the certificates and keys in ${named} cannot be used together (${messageOf(cause)})`, cause);
  }
}

function bad(what: string, cause?: unknown): LinegateError {
  return new LinegateError('bad-config', `The uplink cannot begin: ${what}.`, { cause });
}
