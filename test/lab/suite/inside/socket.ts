import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Calibration } from '../../../../agent/config/calibration.ts';
import { type Random, randomOf } from '../../../../agent/core/render/prng.ts';
import { Client, connected, kinds, until } from '../../../../agent/native/gatekeeper/testing/client.ts';
import { atLeast, type Check, equals } from '../../../faults/check.ts';
import { levelOf } from '../../gatekeeper/pins.ts';
import { Belt } from './belt.ts';
import { holds } from './holds.ts';
import { nextAgent } from './next-agent.ts';
import { Rig, timed } from './rig.ts';
import { changesOf, watchLines, witnessed } from './trace.ts';
import type { Inside } from './world.ts';

const recordBytes = 64;
/** Between two attempts on average: some twenty of them to each part that goes by. */
const betweenMs = 15;
/** Long pulses: the lab may be held up. */
const slow: Calibration = { ...timed, delay: 1500e6, width: 120e6, recovery: 30e6, lead: 50e6, triggerDead: 20e6 };

/** A record as an agent would send it; kinds and places as in docs/gatekeeper.md. */
function record(kind: number, number: bigint, nonce: bigint, part: bigint, argument: number): Buffer {
  const bytes = Buffer.alloc(recordBytes);
  bytes.write('LG');
  bytes.set([1, kind], 2);
  bytes.writeBigUInt64LE(number, 8);
  bytes.writeBigUInt64LE(nonce, 16);
  bytes.writeBigUInt64LE(part, 24);
  bytes[32] = argument;
  return bytes;
}

/** An attach, then a pass for each part that may be on the belt: what would let parts through, if it were taken. */
function passes(nonce: bigint, fromPart: number): Buffer {
  const verdicts = Array.from({ length: 12 }, (_, index) =>
    record(2, BigInt(index + 2), nonce, BigInt(fromPart + index), 1),
  );
  return Buffer.concat([record(1, 1n, nonce, BigInt(fromPart), 1), ...verdicts]);
}

function anyBytes(random: Random, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => Math.floor(random() * 256)));
}

/** What somebody sends who does not know the nonce, or only that of another connection. */
function hostile(random: Random, oldNonce: bigint, part: number): Buffer {
  const valid = passes(oldNonce, Math.max(1, part));
  switch (Math.floor(random() * 5)) {
    case 0:
      return anyBytes(random, 1 + Math.floor(random() * 400));
    case 1: {
      for (let flips = 1 + random() * 4; flips > 0; flips -= 1) {
        const at = Math.floor(random() * valid.length);
        valid[at] = (valid[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      }
      return valid;
    }
    case 2:
      return valid.subarray(0, 1 + Math.floor(random() * (valid.length - 1)));
    case 3:
      return passes(BigInt.asUintN(64, BigInt(Math.floor(random() * 2 ** 52)) << 11n), Math.max(1, part));
    default:
      return valid;
  }
}

/** Sends it on a connection of its own and waits for a moment for the other end to hang up. */
async function send(path: string, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve) => {
    const stranger = connect(path, () => stranger.write(bytes, () => setTimeout(() => stranger.destroy(), 2)));
    stranger.on('error', () => undefined);
    stranger.on('data', () => undefined);
    stranger.on('close', () => resolve());
  });
}

/** A live session whose own bytes come a second time. Returns whether it ended with a refusal. */
async function replayLive(rig: Rig): Promise<boolean> {
  const client = await connected(rig.socket);
  const nonce = client.of(kinds.hello)[0]?.value ?? 0n;
  const bytes = passes(nonce, 1).subarray(0, recordBytes);
  client.raw(bytes);
  client.raw(bytes);
  const refused = await until(() => client.closed);
  return refused && client.of(kinds.refused).length === 1;
}

export async function socket(inside: Inside): Promise<readonly Check[]> {
  const random = randomOf(inside.seed, 51);
  const attempts = inside.short ? 1500 : 6000;
  const rig = new Rig(inside, { calibration: slow });
  const keeper = await rig.start();
  const before = await connected(rig.socket);
  const oldNonce = before.of(kinds.hello)[0]?.value ?? 0n;
  await before.close();
  const belt = new Belt(inside.seed, 240);
  watchLines();
  belt.start();
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    await send(rig.socket, hostile(random, oldNonce, belt.passages.length - Math.floor(random() * 12)));
    await sleep(random() * 2 * betweenMs);
  }
  const ready = levelOf('ready') || changesOf(witnessed(), 'ready', true).length > 0;
  await belt.stop();
  await sleep((slow.delay + slow.width) / 1e6 + 200);
  const replayed = await replayLive(rig);
  const { agent, told } = await nextAgent(rig.socket, belt.passages.length);
  const undisturbed = await isAlone(agent, rig.socket);
  const seen = witnessed();
  const edges = seen.edgesNs.filter((ns) => belt.passages.some(({ fromNs, toNs }) => ns >= fromNs && ns <= toNs));
  const ons = changesOf(seen, 'gate', true);
  const stray = ons.filter((on) => !edges.some((edge) => Math.abs(on - edge - slow.delay) <= slow.width));
  inside.say(`${attempts} attempts, ${edges.length} parts, ${told.missed} missed by a lab that was held up`);
  return [
    equals('events that the kernel had no room for', seen.forgotten, 0),
    holds('the gatekeeper still runs', keeper.child.exitCode === null),
    holds('a live session that repeats itself is refused', replayed),
    holds('ready stayed off', !ready),
    atLeast('parts', edges.length, attempts / 50),
    equals('parts that the kernel saw', edges.length, belt.passages.length),
    equals('parts that were let pass', told.passed, 0),
    equals('pulses', ons.length, edges.length - told.missed),
    equals('pulses that are no part’s', stray.length, 0),
    equals('parts that the next agent is told of', told.parts, edges.length),
    holds('a second agent is sent away and the first goes on', undisturbed),
  ];
}

/** A second agent is sent away, and the one that is there goes on. */
async function isAlone(agent: Client, socket: string): Promise<boolean> {
  const second = new Client(socket);
  const sentAway = await until(() => second.closed && second.of(kinds.refused)[0]?.code === 1);
  const undisturbed = sentAway && !agent.closed;
  await agent.close();
  return undisturbed;
}
