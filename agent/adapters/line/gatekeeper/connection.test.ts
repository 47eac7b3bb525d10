import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { eventually } from '../../../../test/support/eventually.ts';
import { temporaryFolder } from '../../../../test/support/folders.ts';
import { dialSocket } from './connection.ts';

interface Told {
  bytes: Buffer;
  closed: string[];
}

async function server(t: TestContext, serve: (socket: Socket) => void): Promise<string> {
  const file = path.join(temporaryFolder(t), 'socket');
  const sockets = new Set<Socket>();
  const listening = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    listening.close();
  });
  listening.listen(file);
  await once(listening, 'listening');
  return file;
}

function dial(file: string) {
  const told: Told = { bytes: Buffer.alloc(0), closed: [] };
  const connection = dialSocket(file)({
    onBytes: (bytes) => {
      told.bytes = Buffer.concat([told.bytes, bytes]);
    },
    onClosed: (why) => told.closed.push(why),
  });
  return { connection, told };
}

const when = (isSo: () => boolean, what: string): Promise<boolean> =>
  eventually(() => (isSo() ? true : undefined), what);

test('connection: what is sent at once arrives, what comes is told, and the end once', async (t) => {
  const file = await server(t, (socket) => socket.on('data', (bytes) => socket.end(bytes)));
  const { connection, told } = dial(file);
  connection.send(new Uint8Array(64).fill(7));
  await when(() => told.closed.length > 0, 'the end');
  assert.deepEqual(told, { bytes: Buffer.alloc(64, 7), closed: ['it hung up'] });
  connection.send(new Uint8Array(64));
  connection.close();
  assert.equal(told.closed.length, 1);
});

test('connection: where nobody listens, that is told', async (t) => {
  const { told } = dial(path.join(temporaryFolder(t), 'nobody'));
  await when(() => told.closed.length > 0, 'the end');
  assert.match(told.closed[0] ?? '', /ENOENT/);
});

test('connection: closed, what was sent still goes out, and nothing is told', async (t) => {
  let heard = 0;
  let ended = false;
  const file = await server(t, (socket) => {
    socket.write('late');
    socket.on('data', (bytes) => {
      heard += bytes.length;
    });
    socket.on('end', () => {
      ended = true;
    });
  });
  const { connection, told } = dial(file);
  connection.send(new Uint8Array(64));
  connection.close();
  await when(() => ended, 'the end at the other side');
  assert.deepEqual([heard, told.bytes.length, told.closed.length], [64, 0, 0]);
});

test('connection: one that does not read is given up, with a bounded amount waiting', async (t) => {
  const file = await server(t, (socket) => socket.pause());
  const { connection, told } = dial(file);
  let sent = 0;
  for (; told.closed.length === 0 && sent < 1000; sent += 1) {
    for (let i = 0; i < 1000; i += 1) connection.send(new Uint8Array(64));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(told.closed, ['it does not read']);
});
