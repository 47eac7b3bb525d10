import path from 'node:path';
import { type Finding, type Findings, textAt } from './findings.ts';
import type { FileText, Surroundings } from './surroundings.ts';

const files = ['passwordFile', 'caFile', 'certFile', 'keyFile'] as const;

/** The files that the uplink names, and what only they together show. */
export function checkUplink(document: unknown, base: string, around: Surroundings, findings: Findings): void {
  for (const field of files) {
    const name = textAt(document, 'uplink', field);
    if (name === undefined || name === '') continue;
    const told = judge(name, around.read(path.resolve(base, name)));
    if (told !== null) findings[told.level](['uplink', field], `uplink.${field} names ${name}, which ${told.what}.`);
  }
  checkPairs(document, findings);
}

function judge(name: string, found: FileText): { readonly level: Finding['level']; readonly what: string } | null {
  switch (found.kind) {
    case 'text':
      if (found.text.trim() !== '') return null;
      return { level: 'fault', what: 'is empty; write into it what it is for' };
    case 'denied':
      return { level: 'warning', what: 'this user may not read; see that the user of the station may' };
    case 'unreadable':
      return { level: 'fault', what: `cannot be read: ${found.why}` };
    case 'absent':
      if (!name.startsWith('/run/credentials/')) {
        return { level: 'fault', what: 'is not there; put the file there or correct its name' };
      }
      return {
        level: 'warning',
        what: 'is there only while the service runs; what it is made of lies in /etc/linegate/credentials',
      };
  }
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
