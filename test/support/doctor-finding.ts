import assert from 'node:assert/strict';
import { examine } from '../../agent/doctor/doctor.ts';
import type { Finding } from '../../agent/doctor/finding.ts';
import type { Tools } from '../../agent/doctor/look.ts';
import { assertSentence } from './sentence.ts';

/** The finding of one check, with its sentences checked. */
export async function find(id: string, tools: Tools): Promise<Finding> {
  const [finding] = await examine(tools, id);
  assert.ok(finding !== undefined, `there is no check ${id}`);
  assertSentence(finding.sentence);
  if (finding.whatToDo !== null) assertSentence(finding.whatToDo);
  return finding;
}
