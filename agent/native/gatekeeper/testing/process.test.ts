import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants, existsSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bench, buildForBench } from './bench.ts';
import { attached, Client, connected, kinds, until } from './client.ts';
import { exitOf, type KeeperProcess } from './keeper-process.ts';

let bench: Bench;
const built = mkdtempSync(join(tmpdir(), 'gatekeeper-built-'));
let program: string;
before(() => {
  program = buildForBench(built);
});
after(() => rmSync(built, { recursive: true }));
beforeEach(async () => {
  bench = new Bench(program);
  await bench.lines.plugIn();
});
afterEach(() => bench.clear());

async function start(changed: Record<string, string | undefined> = {}): Promise<KeeperProcess> {
  const keeper = bench.start(['--conf', bench.write(bench.confOf(changed))]);
  await (await connected(bench.socket)).close();
  return keeper;
}

async function stop(keeper: KeeperProcess): Promise<void> {
  keeper.child.kill('SIGTERM');
  assert.equal(await exitOf(keeper), 0, keeper.log);
}

test('a part without an agent is ejected at its place; SIGTERM makes the outputs inactive and removes the socket', async () => {
  // So long that a slow machine sees the gate active before it ends.
  const keeper = await start({ delay: '600000000', width: '500000000' });
  bench.lines.pulse('TRIGGER');
  assert.ok(await bench.lines.becameActive('GATE', 1));
  const on = bench.lines.changes.findLast(({ line }) => line === 'GATE');
  const client = await attached(bench.socket);
  await until(() => client.of(kinds.interrupted).length > 0);
  const late = (on?.atNs ?? 0) - (client.of(kinds.interrupted)[0]?.atNs ?? 0) - 600e6;
  assert.ok(late >= 0 && late < 100e6, `late by ${late} ns`);
  await client.close();
  bench.lines.pulse('TRIGGER');
  assert.ok(await bench.lines.becameActive('GATE', 2));
  await stop(keeper);
  assert.equal(bench.lines.levelOf('GATE'), false);
  assert.equal(existsSync(bench.socket), false);
});

test('outputs are set inactive before anything else', async () => {
  await start();
  assert.deepEqual(
    bench.lines.changes.slice(0, 2).map(({ line, active }) => ({ line, active })),
    [
      { line: 'GATE', active: false },
      { line: 'READY', active: false },
    ],
  );
});

test('a pass keeps the gate still; ready needs the agent', async () => {
  await start();
  const client = await attached(bench.socket);
  client.resume();
  assert.ok(await bench.lines.reaches('READY', true));
  const before = bench.lines.changes.length;
  bench.lines.pulse('TRIGGER');
  assert.ok(await until(() => client.of(kinds.trigger).length === 1));
  client.pass(1);
  assert.ok(await until(() => client.of(kinds.closed).length === 1));
  assert.equal(bench.lines.changes.length, before);
  await client.close();
  assert.ok(await bench.lines.reaches('READY', false));
});

test('killed: the ring tells the part to the next; the old socket is replaced; the numbers go on', async () => {
  let keeper = await start();
  bench.lines.pulse('TRIGGER');
  assert.ok(await bench.lines.becameActive('GATE', 1));
  assert.ok(await bench.lines.reaches('GATE', false));
  keeper.child.kill('SIGKILL');
  await exitOf(keeper);
  assert.ok(existsSync(bench.socket));
  keeper = await start();
  let client = await attached(bench.socket);
  assert.ok(await until(() => client.of(kinds.interrupted).length === 1));
  assert.equal(client.of(kinds.interrupted)[0]?.part, 1);
  assert.equal(client.of(kinds.interrupted)[0]?.action, 1);
  client.acknowledge(1);
  await client.close();
  client = await attached(bench.socket, 2);
  assert.equal(client.of(kinds.attached)[0]?.part, 2);
  assert.equal(client.of(kinds.interrupted).length, 0);
  await client.close();
  await stop(keeper);
});

test('a second gatekeeper on the same ring is refused', async () => {
  const first = await start();
  const second = bench.start(['--conf', bench.write(bench.confOf(), 'second.conf')]);
  assert.equal(await exitOf(second), 3);
  assert.equal(
    second.log,
    `Another gatekeeper holds the ring ${bench.ring}; stop it, or set another ring for this one.\n`,
  );
  assert.ok(existsSync(bench.socket), 'the socket of the first stays');
  await stop(first);
});

test('the socket: what lies there is not overwritten, a folder that is not there is said', async () => {
  const refusal = async (socket: string): Promise<string> => {
    const keeper = bench.start(['--conf', bench.write(bench.confOf({ socket }))]);
    assert.equal(await exitOf(keeper), 3);
    return keeper.log;
  };
  const file = join(bench.folder, 'precious');
  writeFileSync(file, 'precious');
  assert.match(await refusal(file), /^(The ring .* begins anew\.\n)?\S+precious is no socket; move that file away/);
  assert.equal(bench.read('precious').toString(), 'precious');
  assert.match(await refusal('/nowhere/socket'), /The socket \/nowhere\/socket cannot be made: No such file/);
  assert.match(
    await refusal(bench.lines.path),
    /Another process listens on \S+lines; stop it or set another socket\.\n$/,
  );
});

test('the ring: a link is not followed, another size begins anew and is said', async () => {
  symlinkSync(join(bench.folder, 'elsewhere'), bench.ring);
  const keeper = bench.start(['--conf', bench.write(bench.confOf())]);
  assert.equal(await exitOf(keeper), 3);
  assert.match(keeper.log, /^The ring \S+ cannot be opened: Too many levels of symbolic links/);
  assert.equal(existsSync(join(bench.folder, 'elsewhere')), false);
  writeFileSync(join(bench.folder, 'short'), 'short');
  const other = await start({ ring: join(bench.folder, 'short') });
  assert.match(other.log, /The ring \S+short begins anew\.\n/);
  await stop(other);
});

test('one agent at a time; garbage ends the connection and moves nothing', async () => {
  const keeper = await start();
  const agent = await attached(bench.socket);
  const other = new Client(bench.socket);
  assert.ok(await until(() => other.closed));
  assert.equal(other.of(kinds.refused)[0]?.code, 1);
  await agent.close();
  const before = bench.lines.changes.length;
  for (const bytes of [Buffer.alloc(64, 0xa5), Buffer.alloc(1_000_000, 0x47), Buffer.from('LG')]) {
    const client = await connected(bench.socket);
    client.raw(bytes);
    if (bytes.length >= 64) assert.ok(await until(() => client.closed));
    await client.close();
  }
  assert.equal(bench.lines.changes.filter(({ active }) => active).length, 0);
  assert.equal(bench.lines.changes.length, before);
  await stop(keeper);
});

test('an agent that does not read is let go and its parts are kept', async () => {
  const keeper = await start({ 'trigger-dead': '1000000' });
  const client = await attached(bench.socket);
  client.pause();
  const parts = 1200;
  for (let i = 0; i < parts; i += 1) {
    bench.lines.pulse('TRIGGER');
    if (i % 10 === 0) await sleep(15);
    else await sleep(1);
  }
  await client.close();
  const next = await attached(bench.socket);
  const opened = (next.of(kinds.attached)[0]?.part ?? 0) - 1;
  assert.ok(opened > 500, `${opened} parts were opened`);
  assert.ok(await until(() => next.of(kinds.interrupted).length === opened, 5000));
  await next.close();
  await stop(keeper);
});

test('the chip goes and comes back without hands', async () => {
  const keeper = await start();
  const client = await attached(bench.socket);
  client.resume();
  assert.ok(await bench.lines.reaches('READY', true));
  await bench.lines.unplug();
  assert.ok(await until(() => client.of(kinds.fault).some(({ code }) => code === 1)));
  await sleep(600);
  assert.equal(keeper.child.exitCode, null);
  await bench.lines.plugIn();
  assert.ok(await until(() => client.of(kinds.fault).some(({ code }) => code === 2)));
  assert.ok(await bench.lines.reaches('READY', false));
  bench.lines.pulse('TRIGGER');
  assert.ok(await bench.lines.becameActive('GATE', 1));
  assert.match(keeper.log, /The GPIO lines are gone \(.*\); .*\n.*The GPIO lines are back\.\n/s);
  await client.close();
  await stop(keeper);
});

test('no chip at the start: one sentence, status 3', async () => {
  await bench.lines.unplug();
  const keeper = bench.start(['--conf', bench.write(bench.confOf())]);
  assert.equal(await exitOf(keeper), 3);
  assert.equal(keeper.log, 'There is no GPIO chip bench, for no test listens.\n');
});

test('--de-energise sets each output inactive', async () => {
  const keeper = bench.start(['--conf', bench.write(bench.confOf()), '--de-energise']);
  assert.equal(await exitOf(keeper), 0, keeper.log);
  await until(() => bench.lines.changes.length >= 4);
  assert.ok(bench.lines.changes.every(({ active }) => !active));
  assert.deepEqual(new Set(bench.lines.changes.map(({ line }) => line)), new Set(['GATE', 'READY']));
});

test('a log that nobody reads does not hold the gate up', async () => {
  const fifo = join(bench.folder, 'log');
  execFileSync('mkfifo', [fifo]);
  const filler = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  assert.throws(() => {
    for (;;) writeSync(filler, Buffer.alloc(4096));
  }, /EAGAIN/);
  const blocking = openSync(fifo, constants.O_RDWR);
  const conf = bench.write(bench.confOf());
  const keeper = bench.start(['--conf', conf], { stdio: ['ignore', 'ignore', blocking] });
  await (await connected(bench.socket)).close();
  bench.lines.pulse('TRIGGER');
  assert.ok(await bench.lines.becameActive('GATE', 1));
  await stop(keeper);
});

test('the command line', async () => {
  const version = bench.start(['--version']);
  assert.equal(await exitOf(version), 0);
  assert.match(version.output, /^linegate-gatekeeper \d+\.\d+\.\d+\n$/);
  for (const args of [[], ['--conf'], ['--conf', 'a', '--what'], ['--help', 'a', 'b']]) {
    const keeper = bench.start(args);
    assert.equal(await exitOf(keeper), 2);
    assert.match(keeper.log, /^Give --conf FILE, .*\.\n$/);
  }
  const nothing = bench.start(['--conf', join(bench.folder, 'nothing')]);
  assert.equal(await exitOf(nothing), 2);
  assert.match(nothing.log, /^The configuration \S+nothing cannot be read: No such file or directory; see that/);
});
