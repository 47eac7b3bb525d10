import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SerialLine } from '../serial/line.ts';
import { lineAt, wire } from '../testing/wire.ts';
import { provision } from './provision.ts';
import { requestUpdate } from './request-update.ts';

/** A station that answers each line with those of `answer`, and all that it was told. */
function station(answer: (question: { op: string; key?: string }) => string[]): { line: SerialLine; told: string[] } {
  const [here, there] = wire();
  const told: string[] = [];
  there.on('data', (bytes: Buffer) => {
    for (const line of bytes.toString().trim().split('\n')) {
      told.push(line);
      for (const reply of answer(JSON.parse(line))) there.write(`${reply}\r\n`);
    }
  });
  return { line: lineAt(here), told };
}

const hello = 'linegate {"reply":"hello","firmware":"1.2.3","missing":["mqtt.host"]}';
const usual = ({ op, key }: { op: string; key?: string }): string[] =>
  op === 'hello' ? ['I (12) wifi: linegate {broken', hello] : [`linegate {"reply":"${op}","key":"${key}","ok":true}`];
const settings = [{ key: 'wifi.passphrase', value: 'open sesame' }];
const given = (line: SerialLine) => ({ line, port: 'COM7', settings, answerMs: 50 });

describe('provisioning', () => {
  it('tells each setting, then has all of them kept', async () => {
    const { line, told } = station(usual);
    assert.deepEqual(await provision(given(line)), { firmware: '1.2.3', missing: ['mqtt.host'], told: 1 });
    assert.deepEqual(
      told.map((text) => JSON.parse(text).op),
      ['hello', 'set', 'hello', 'save'],
    );
  });

  it('is not confused by an answer that comes late', async () => {
    let first = true;
    const { line } = station((question) => {
      if (!first) return usual(question);
      first = false;
      setTimeout(() => line.stream.push(`${hello}\n`), 70);
      return [];
    });
    assert.equal((await provision(given(line))).told, 1);
  });

  it('keeps nothing when one is not taken, and does not say its value', async () => {
    const { line, told } = station((question) =>
      question.op === 'set'
        ? ['linegate {"reply":"set","key":"wifi.passphrase","ok":false,"error":"no-space"}']
        : usual(question),
    );
    await assert.rejects(
      provision(given(line)),
      ({ message }: Error) => /does not take wifi\.passphrase: it is too long/.test(message) && !/sesame/.test(message),
    );
    assert.ok(!told.some((text) => text.includes('save')));
  });

  it('says when nobody answers', async () => {
    await assert.rejects(provision(given(station(() => []).line)), {
      code: 'device',
      message: /No station answers at COM7/,
    });
  });

  it('says when what answers does not understand', async () => {
    const { line } = station((question) =>
      question.op === 'hello' ? [hello] : ['linegate {"reply":"error","error":"bad-line"}'],
    );
    await assert.rejects(provision(given(line)), { message: /did not understand "wifi\.passphrase"/ });
  });

  it('asks for an update, and says when no address was told', async () => {
    await requestUpdate(station(usual).line, 'COM7', 50);
    const { line } = station((question) =>
      question.op === 'update' ? ['linegate {"reply":"update","ok":false,"error":"bad-config"}'] : usual(question),
    );
    await assert.rejects(requestUpdate(line, 'COM7', 50), { message: /provision it with update\.url/ });
  });
});
