import assert from 'node:assert/strict';
import { assertSentence } from '../../../test/support/sentence.ts';
import { examine } from '../doctor.ts';
import type { Finding } from '../finding.ts';
import type { Tools } from '../look.ts';

/** The finding of one check, with its sentences checked. */
export async function find(id: string, tools: Tools): Promise<Finding> {
  const [finding] = await examine(tools, id);
  assert.ok(finding !== undefined, `there is no check ${id}`);
  assertSentence(finding.sentence);
  if (finding.whatToDo !== null) assertSentence(finding.whatToDo);
  return finding;
}
