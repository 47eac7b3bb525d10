import assert from 'node:assert/strict';

/** Asserts that a message is one plain sentence for a person: one line, ended, no stack trace, no library's jargon. */
export function assertSentence(message: string): void {
  assert.ok(!message.includes('\n'), `has more than one line: ${message}`);
  assert.match(message, /^[A-Za-z/."].{15,}[.:]?$/, `is no sentence: ${message}`);
  assert.ok(message.length < 1500, `is ${message.length} characters long`);
  assert.doesNotMatch(
    message,
    /\bat .+:\d+:\d+|\bZodError\b|\bundefined is not\b|\[object Object\]/,
    `is not plain: ${message}`,
  );
}
