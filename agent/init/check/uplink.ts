import path from 'node:path';
import { type Findings, textAt } from './findings.ts';
import type { Surroundings } from './surroundings.ts';

const files = ['passwordFile', 'caFile', 'certFile', 'keyFile'] as const;

/** The files that the uplink names, and what only they together show. */
export function checkUplink(document: unknown, base: string, around: Surroundings, findings: Findings): void {
  for (const field of files) {
    const name = textAt(document, 'uplink', field);
    if (name === undefined || name === '') continue;
    const at = ['uplink', field];
    const found = around.read(path.resolve(base, name));
    if (found.kind === 'absent') {
      findings.fault(at, `uplink.${field} names ${name}, which is not there; put the file there or correct its name.`);
    } else if (found.kind === 'denied') {
      const sentence = `uplink.${field} names ${name}, which this user may not read; see that the user of the station may.`;
      findings.warning(at, sentence);
    } else if (found.kind === 'unreadable') {
      findings.fault(at, `uplink.${field} names ${name}, which cannot be read: ${found.why}.`);
    } else if (found.text.trim() === '') {
      findings.fault(at, `uplink.${field} names ${name}, which is empty; write into it what it is for.`);
    }
  }
  checkPairs(document, findings);
}

function checkPairs(document: unknown, findings: Findings): void {
  const given = (field: string): boolean => textAt(document, 'uplink', field) !== undefined;
  for (const [one, other] of [
    ['certFile', 'keyFile'],
    ['keyFile', 'certFile'],
    ['passwordFile', 'username'],
  ] as const) {
    if (given(one) && !given(other)) {
      findings.fault(['uplink', one], `uplink.${one} is given without uplink.${other}; give both or none.`);
    }
  }
  const url = textAt(document, 'uplink', 'url') ?? '';
  if (url.startsWith('mqtt://') && given('passwordFile')) {
    const sentence = `uplink.url is ${url}, so the password goes over the network in clear; use mqtts:// where the broker offers it.`;
    findings.warning(['uplink', 'url'], sentence);
  }
}
