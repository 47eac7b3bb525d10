import assert from 'node:assert/strict';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { assertSentence } from '../../../test/support/sentence.ts';
import type { StationStatus } from '../../ports/status.ts';
import { askStatus } from './ask.ts';
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
  return { faults, socket: new StatusSocket({ folder, status: tell, onFault: (message) => faults.push(message) }) };
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
