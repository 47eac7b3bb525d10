/**
 * The gatekeeper on simulated lines, inside the lab: one JSON `{pass, checks}`; exit 1 when a check is not ok.
 *   boot [--virtual-time] node test/lab/gatekeeper/smoke.ts PROGRAM
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attached, Client, connected, kinds, until } from '../../../agent/native/gatekeeper/testing/client.ts';
import { exitOf, type KeeperProcess, startKeeper } from '../../../agent/native/gatekeeper/testing/keeper-process.ts';
import { type Change, drive, levelOf, pins, setChip, startTrace, takeTrace } from './pins.ts';

const program = process.argv[2] ?? 'dist/native/x64/linegate-gatekeeper';
const folder = mkdtempSync(join(tmpdir(), 'gatekeeper-'));
const socket = join(folder, 'socket');
const conf = join(folder, 'gatekeeper.conf');
const delayNs = 150e6;
const widthNs = 20e6;
/** Loose: the lab's kernel has one processor and shares the machine. The exact figures are the lab suite's. */
const lateNs = 60e6;

writeFileSync(
  conf,
  `station smoke
socket ${socket}
ring ${join(folder, 'ring')}
input trigger chip=lab-header line=TRIGGER active=high bias=pull-down
output gate chip=lab-header line=REJECT
output ready chip=lab-header line=READY
base time
delay ${delayNs}
width ${widthNs}
recovery 10000000
lead 20000000
trigger-dead 5000000
late-us 60000
`,
);

interface Check {
  readonly id: string;
  readonly value: number | string | boolean;
  readonly limit: number | string | boolean;
  readonly ok: boolean;
}

const checks: Check[] = [];

function expect(id: string, value: Check['value'], limit: Check['value']): void {
  checks.push({ id, value, limit, ok: value === limit });
}

function atMost(id: string, value: number, limit: number): void {
  checks.push({ id, value, limit, ok: value <= limit });
}

async function trigger(): Promise<void> {
  drive('trigger', true);
  await sleep(8);
  drive('trigger', false);
}

const ofGate = (changes: readonly Change[]): Change[] => changes.filter(({ pin }) => pin === pins.gate);

async function start(): Promise<KeeperProcess> {
  const keeper = startKeeper(program, ['--conf', conf]);
  await (await connected(socket)).close();
  return keeper;
}

async function failSafeThenRestart(): Promise<void> {
  let keeper = await start();
  takeTrace();
  await trigger();
  await sleep(delayNs / 1e6 + 100);
  const [on, off] = ofGate(takeTrace());
  let client = await attached(socket);
  await until(() => client.of(kinds.interrupted).length > 0);
  const [told] = client.of(kinds.interrupted);
  expect('fail-safe: action', told?.action ?? 0, 1);
  atMost('fail-safe: late by ns', Math.abs((on?.atNs ?? 0) - (told?.atNs ?? 0) - delayNs), lateNs);
  atMost('fail-safe: width off by ns', Math.abs((off?.atNs ?? 0) - (on?.atNs ?? 0) - widthNs), lateNs);
  await client.close();

  keeper.child.kill('SIGKILL');
  await exitOf(keeper);
  const killedAt = performance.now();
  keeper = await start();
  atMost('restart ms', performance.now() - killedAt, 1000);
  client = await attached(socket);
  await until(() => client.of(kinds.interrupted).length > 0);
  expect('ring after kill -9: part told again', client.of(kinds.interrupted)[0]?.part ?? 0, 1);
  client.acknowledge(1);
  await sleep(20);
  await client.close();
  await stopWithGateActive(keeper);
}

async function stopWithGateActive(keeper: KeeperProcess): Promise<void> {
  await trigger();
  expect('gate active before SIGTERM', await until(() => levelOf('gate')), true);
  keeper.child.kill('SIGTERM');
  expect('exit status after SIGTERM', (await exitOf(keeper)) ?? 'none', 0);
  expect('gate after SIGTERM', levelOf('gate'), false);
}

async function readyAndVerdict(keeper: KeeperProcess): Promise<void> {
  const client = await attached(socket);
  client.resume();
  expect('ready with an agent', await until(() => levelOf('ready')), true);
  takeTrace();
  await trigger();
  expect('trigger told', await until(() => client.of(kinds.trigger).length === 1), true);
  client.pass(client.of(kinds.trigger)[0]?.part ?? 0);
  expect('part closed', await until(() => client.of(kinds.closed).length === 1), true);
  expect('passed: gate changes', ofGate(takeTrace()).length, 0);
  await client.close();
  expect('ready after the agent went', await until(() => !levelOf('ready')), true);
  expect('still running', keeper.child.exitCode === null, true);
}

async function garbage(): Promise<void> {
  takeTrace();
  const client = await connected(socket);
  client.raw(Buffer.alloc(640, 0xa5));
  expect('garbage: connection closed', await until(() => client.closed), true);
  expect('garbage: refused', client.of(kinds.refused).length, 1);
  expect('garbage: gate changes', ofGate(takeTrace()).length, 0);
}

async function secondInstance(): Promise<void> {
  const second = startKeeper(program, ['--conf', conf]);
  expect('second instance: exit status', (await exitOf(second)) ?? 'none', 3);
  expect('second instance: sentences', second.log.trim().split('\n').length, 1);
  console.error(second.log.trim());
  const agent = await attached(socket, 2);
  const other = new Client(socket);
  expect('second agent: closed', await until(() => other.closed), true);
  expect('second agent: refused', other.of(kinds.refused)[0]?.code ?? 0, 1);
  await agent.close();
}

async function chipGone(keeper: KeeperProcess): Promise<void> {
  const client = await attached(socket, 2);
  client.resume();
  await until(() => levelOf('ready'));
  setChip(false);
  expect('chip gone: told', await until(() => client.of(kinds.fault).some(({ code }) => code === 1)), true);
  setChip(true);
  expect('chip back: told', await until(() => client.of(kinds.fault).some(({ code }) => code === 2)), true);
  takeTrace();
  await trigger();
  await sleep(delayNs / 1e6 + 100);
  expect('chip back: fail-safe pulse', ofGate(takeTrace()).length, 2);
  await client.close();
  expect('chip: still running', keeper.child.exitCode === null, true);
}

async function deEnergise(): Promise<void> {
  const keeper = startKeeper(program, ['--conf', conf, '--de-energise']);
  expect('--de-energise: exit status', (await exitOf(keeper)) ?? 'none', 0);
}

startTrace();
await failSafeThenRestart();
const keeper = await start();
await readyAndVerdict(keeper);
await garbage();
await secondInstance();
await chipGone(keeper);
keeper.child.kill('SIGTERM');
expect('exit status', (await exitOf(keeper)) ?? 'none', 0);
await deEnergise();
console.error(keeper.log.trim());
const pass = checks.every(({ ok }) => ok);
console.log(JSON.stringify({ pass, checks }, null, 1));
process.exitCode = pass ? 0 : 1;
