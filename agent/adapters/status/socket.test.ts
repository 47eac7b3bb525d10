import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { assertSentence } from '../../../test/support/sentence.ts';
import { LinegateError } from '../../core/errors.ts';
import type { ResumeOrder, StationStatus } from '../../ports/status.ts';
import { askResume, askStatus } from './ask.ts';
import { StatusSocket } from './socket.ts';

const status: StationStatus = {
  v: 1,
  station: 'desk',
  recipe: 'ring@1',
  software: '0.1.0',
  wallMs: 1e12,
  uptimeMs: 5000,
  classifier: { state: 'ok', detail: null },
  camera: { state: 'ok', detail: null },
  ledger: { state: 'ok', detail: null },
  line: {
    ready: 'unknown',
    why: [],
    binFull: null,
    estop: null,
    encoder: null,
    gateLateMs: { moves: 0, p50: null, p99: null, max: null },
  },
  uplink: { state: 'none', detail: null, backlogRows: null, lastAckWallMs: null },
  sinceStart: { parts: 3, outcomes: { pass: 3 }, reasons: {}, findings: {} },
  latencyMs: { p50: 5, p99: 6 },
  headroom: 0.5,
  disk: null,
  lastPart: 3,
  alarms: [],
};

function socketIn(folder: string, tell: () => StationStatus = () => status) {
  const faults: string[] = [];
  const orders: ResumeOrder[] = [];
  const resume = async (order: ResumeOrder): Promise<string> => {
    orders.push(order);
    if (order.why === 'no line') throw new LinegateError('device', 'There is no line: start it.');
    return 'The line is resumed.';
  };
  const onFault = (message: string): void => void faults.push(message);
  return { faults, orders, socket: new StatusSocket({ folder, status: tell, resume, onFault }) };
}

/** What the station answers to these bytes, sent as they are; the last of them ends what is sent. */
async function exchange(folder: string, ...pieces: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect(path.join(folder, 'agent.sock')).setEncoding('utf8');
  let answer = '';
  socket.on('data', (text: string) => {
    answer += text;
  });
  socket.on('error', () => undefined);
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
  await once(socket, 'close');
  return answer;
}

test('status socket: answers whoever asks, for its user alone, and is gone with the station', async (t) => {
  const folder = temporaryFolder(t);
  const { socket, faults } = socketIn(folder);
  assert.equal(await askStatus(folder, 1000), null);
  await socket.start();
  t.after(() => socket.stop());
  assert.equal(statSync(path.join(folder, 'agent.sock')).mode & 0o777, 0o600);
  assert.deepEqual(await Promise.all([askStatus(folder, 5000), askStatus(folder, 5000)]), [status, status]);
  await Promise.all([socket.stop(), socket.stop()]);
  await socket.stop();
  assert.equal(await askStatus(folder, 1000), null);
  assert.deepEqual(faults, []);
});

test('status socket: works however long the path of the state folder is', async (t) => {
  const folder = path.join(temporaryFolder(t), 'a'.repeat(120), 'b'.repeat(120));
  mkdirSync(folder, { recursive: true });
  const { socket, faults } = socketIn(folder);
  await socket.start();
  t.after(() => socket.stop());
  assert.deepEqual([await askStatus(folder, 5000), faults], [status, []]);
  assert.equal(statSync(path.join(folder, 'agent.sock')).mode & 0o777, 0o600);
  await socket.stop();
  assert.equal(await askStatus(folder, 1000), null);
});

test('status socket: replaces what a station that died left, be it a socket or a file', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(path.join(folder, 'agent.sock'), 'left');
  assert.equal(await askStatus(folder, 1000), null);
  const { socket } = socketIn(folder);
  await socket.start();
  t.after(() => socket.stop());
  assert.deepEqual(await askStatus(folder, 5000), status);
});

test('status socket: readers that never read or hang up at once cost the station nothing', async (t) => {
  const folder = temporaryFolder(t);
  const { socket, faults } = socketIn(folder);
  await socket.start();
  const readers = Array.from({ length: 20 }, () =>
    connect(path.join(folder, 'agent.sock')).on('error', () => undefined),
  );
  for (const reader of readers.slice(0, 10)) reader.destroy();
  t.after(() => {
    for (const reader of readers) reader.destroy();
  });
  await socket.stop();
  assert.deepEqual(faults, []);
});

test('status socket: a folder that takes no socket, or a status that cannot be told, is a sentence and no more', async (t) => {
  const nowhere = socketIn(path.join(temporaryFolder(t), 'nowhere'));
  await nowhere.socket.start();
  await nowhere.socket.stop();
  assert.equal(nowhere.faults.length, 1);
  assertSentence(nowhere.faults[0] ?? '');
  const folder = temporaryFolder(t);
  const broken = socketIn(folder, () => {
    throw new Error('no');
  });
  await broken.socket.start();
  t.after(() => broken.socket.stop());
  await assert.rejects(askStatus(folder, 5000), { code: 'device' });
  assert.equal(broken.faults.length, 1);
});

test('status socket: a station that does not answer is waited for, for a bounded time', async (t) => {
  const folder = temporaryFolder(t);
  const server = createServer((reader) => reader.on('error', () => undefined)).listen(path.join(folder, 'agent.sock'));
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  await assert.rejects(askStatus(folder, 50), (error: Error) => {
    assertSentence(error.message);
    return /no answer within 50 ms/.test(error.message);
  });
});

test('status socket: resumes the line, with the reason as it was given, and tells what came of it', async (t) => {
  const folder = temporaryFolder(t);
  const order = { beltEmpty: true, why: 'Teil verkantet: "grün" \\ 気' };
  assert.equal(await askResume(folder, order, 1000), null);
  const { socket, orders } = socketIn(folder);
  await socket.start();
  t.after(() => socket.stop());
  assert.equal(await askResume(folder, order, 5000), 'The line is resumed.');
  assert.deepEqual(orders, [order]);
  const refused = { code: 'device', message: 'There is no line: start it.' };
  await assert.rejects(askResume(folder, { beltEmpty: false, why: 'no line' }, 5000), refused);
  for (const why of ['', 'two\nlines', 'x'.repeat(201), '\ud800']) {
    await assert.rejects(askResume(folder, { beltEmpty: false, why }, 5000), { code: 'bad-argument' });
  }
  assert.equal(await askResume(folder, { beltEmpty: false, why: '"'.repeat(200) }, 5000), 'The line is resumed.');
  assert.equal(orders.length, 3);
});

test('status socket: what is no request is told so and resumes nothing', async (t) => {
  const folder = temporaryFolder(t);
  const { socket, orders, faults } = socketIn(folder);
  await socket.start();
  t.after(() => socket.stop());
  const order = '{"beltEmpty":true,"why":null}';
  const wrong = ['', 'resume', 'resume ', 'resume {}', `resume ${order} `.padEnd(1100, ' '), `RESUME ${order}`];
  const values = [
    '{"beltEmpty":1,"why":null}',
    '{"beltEmpty":true}',
    '{"beltEmpty":true,"why":7}',
    'null',
    '[true,null]',
  ];
  const more = '{"beltEmpty":true,"why":null,"gate":1}';
  for (const line of [...wrong, ...[...values, more].map((value) => `resume ${value}`), ' status', 'statuss']) {
    const { fault } = JSON.parse(await exchange(folder, `${line}\n`)) as { fault: string };
    assertSentence(fault);
  }
  assert.match(await exchange(folder, Buffer.alloc(5000, 0xff)), /fault/);
  // Without the end of the line nothing was asked.
  assert.equal(await exchange(folder, `resume ${order}`), '');
  assert.deepEqual(orders, []);
  assert.deepEqual(JSON.parse(await exchange(folder, 'sta', 'tus\n', 'resume')), status);
  await exchange(folder, 'resume', ' ', order, '\n');
  assert.equal(orders.length, 1);
  assert.deepEqual(faults, []);
});
