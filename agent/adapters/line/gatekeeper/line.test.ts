import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineContract, type OutlivingRig } from '../../../../test/contracts/line.ts';
import { type BeltRig, beltCalibration, beltContract } from '../../../../test/contracts/line-belt.ts';
import { LinegateError } from '../../../core/errors.ts';
import type { TrackerCalibration } from '../../../core/track/calibration.ts';
import type { LineEvent } from '../../../ports/line.ts';
import { VirtualClock } from '../../clock/virtual.ts';
import type { Dial } from './connection.ts';
import { GatekeeperLine } from './line.ts';
import { FakeGatekeeper } from './testing/fake-gatekeeper.ts';

const digest = 0xfedcba9876543210n;
const socket = '/run/gatekeeper.sock';

const calibration: Omit<TrackerCalibration, 'firstPart'> = {
  base: 'time',
  delayNs: 390e6,
  widthNs: 20e6,
  recoveryNs: 20e6,
  leadNs: 10e6,
  triggerDeadNs: 10e6,
  failSafe: 'eject',
  tooClose: 'eject-neighbour',
  confirm: 'none',
  confirmFromNs: 0,
  confirmToNs: 0,
};

/** Each line dials through `Cut`, so that an agent can die without a word. */
class Bench {
  readonly clock = new VirtualClock({ nowNs: 1e9 });
  readonly keeper = new FakeGatekeeper({ clock: this.clock, calibration, digest, everyMs: 100 });
  readonly events: LineEvent[] = [];
  #alive = { yes: true };

  line(expected = digest): GatekeeperLine {
    const alive = { yes: true };
    this.#alive = alive;
    const dial: Dial = (handlers) =>
      this.keeper.dial({
        onBytes: (bytes) => alive.yes && handlers.onBytes(bytes),
        onClosed: (why) => alive.yes && handlers.onClosed(why),
      });
    return new GatekeeperLine({
      clock: this.clock,
      socket,
      dial,
      digest: expected,
      heartbeatNs: 1e9,
      watched: ['bin-full'],
    });
  }

  kill(): void {
    this.#alive.yes = false;
    this.keeper.cut();
  }

  run(ms: number): Promise<void> {
    const untilNs = this.clock.nowNs() + ms * 1e6;
    this.clock.at(untilNs, () => {});
    return this.clock.run(() => this.clock.nowNs() >= untilNs);
  }

  async start(line: GatekeeperLine, firstPart = 1): Promise<void> {
    await line.start(firstPart, (event) => this.events.push(event));
  }

  of<K extends LineEvent['kind']>(kind: K): Extract<LineEvent, { kind: K }>[] {
    return this.events.filter((event): event is Extract<LineEvent, { kind: K }> => event.kind === kind);
  }

  parts(kind: 'trigger' | 'closed' | 'interrupted'): number[] {
    return this.of(kind).map(({ part }) => part);
  }
}

lineContract('gatekeeper line', {
  kind: 'outlives',
  make: async (): Promise<OutlivingRig> => {
    const bench = new Bench();
    bench.keeper.start();
    return {
      line: bench.line(),
      run: (ms) => bench.run(ms),
      close: async () => {},
      die: async () => bench.kill(),
      next: () => bench.line(),
      restart: async () => {
        bench.keeper.die();
        bench.keeper.start();
      },
      stall: async (ms) => {
        bench.keeper.hold();
        await bench.run(ms);
        bench.keeper.release();
      },
    };
  },
});

beltContract('gatekeeper line by counts', async (): Promise<BeltRig> => {
  const clock = new VirtualClock({ nowNs: 1e9 });
  const { delay, width, recovery, lead, triggerDead } = beltCalibration;
  const counts = { delayNs: delay, widthNs: width, recoveryNs: recovery, leadNs: lead, triggerDeadNs: triggerDead };
  const keeper = new FakeGatekeeper({ clock, calibration: { ...calibration, ...counts }, digest, everyMs: 'belt' });
  keeper.start();
  const { dial } = keeper;
  return {
    line: new GatekeeperLine({ clock, socket, dial, digest, heartbeatNs: 1e9, base: 'encoder' }),
    move: async (counts) => keeper.move(counts),
    partAtEye: async () => keeper.trigger(),
    partAtGate: async () => keeper.partAtGate(),
    restart: async () => {
      keeper.die();
      keeper.start();
    },
    pause: () => {
      const untilNs = clock.nowNs() + 1e9;
      return clock.run(() => clock.nowNs() >= untilNs);
    },
    close: async () => {},
  };
});

async function refusal(starting: Promise<void>, clock: VirtualClock): Promise<LinegateError> {
  const settled = starting.then(
    () => assert.fail('it started'),
    (error: unknown) => error,
  );
  let done = false;
  void settled.then(() => {
    done = true;
  });
  await clock.run(() => done);
  const error = await settled;
  assert.ok(error instanceof LinegateError, String(error));
  return error;
}

test('gatekeeper line: what closed while the connection was gone is told as closed, with what was missed', async () => {
  const bench = new Bench();
  bench.keeper.start();
  const line = bench.line();
  await bench.start(line);
  await bench.run(1050);
  const open = bench.parts('trigger').filter((part) => !bench.parts('closed').includes(part));
  assert.ok(open.length > 2);
  bench.keeper.cut();
  await bench.run(1000);
  for (const part of open) {
    const told = bench.events.filter((event) => 'part' in event && event.part === part).map(({ kind }) => kind);
    assert.deepEqual(
      told.filter((kind) => kind !== 'gate'),
      ['trigger', 'resolved', 'closed'],
      `part ${part}`,
    );
  }
  for (const part of bench.parts('interrupted')) assert.ok(!bench.parts('trigger').includes(part));
});

test('gatekeeper line: an acknowledgement that was lost on the way is given again, and the station hears nothing', async () => {
  const bench = new Bench();
  bench.keeper.start();
  const line = bench.line();
  await bench.start(line);
  await bench.run(1050);
  bench.keeper.cut();
  for (const part of bench.parts('closed')) line.acknowledge(part);
  const heard = bench.events.length;
  await bench.run(30);
  await bench.run(200);
  const again = bench.events.slice(heard).filter(({ kind }) => kind === 'interrupted');
  assert.deepEqual(again, []);
  bench.keeper.cut();
  await bench.run(200);
  await line.stop();
  const second = bench.line();
  const told: number[] = [];
  await second.start(1, (event) => event.kind === 'interrupted' && told.push(event.part));
  await bench.run(10);
  assert.ok(!told.includes(1), 'part 1 is acknowledged');
});

test('gatekeeper line: a ring that is gone ends what is open, and numbers go on', async () => {
  const bench = new Bench();
  bench.keeper.start();
  const line = bench.line();
  await bench.start(line, 500);
  await bench.run(1050);
  const last = bench.parts('trigger').at(-1) ?? 0;
  bench.keeper.die();
  bench.keeper.loseRing();
  bench.keeper.start();
  await bench.run(80);
  assert.ok(bench.parts('interrupted').includes(last));
  for (const part of bench.parts('interrupted')) line.acknowledge(part);
  await bench.run(500);
  assert.equal(
    bench.parts('trigger').find((part) => part > last),
    last + 1,
  );
  assert.deepEqual(
    bench.of('fault').map(({ message }) => message),
    bench
      .of('fault')
      .slice(0, 1)
      .map(({ message }) => message),
    'one fault, and no refusal',
  );
});

test('gatekeeper line: waits for one that starts a little later, and gives up on one that does not', async () => {
  const late = new Bench();
  const starting = late.start(late.line());
  await late.run(1000);
  late.keeper.start();
  await late.run(1000);
  await starting;
  assert.ok(late.parts('trigger').length > 3);
  const never = new Bench();
  const error = await refusal(never.start(never.line()), never.clock);
  assert.equal(error.code, 'device');
  assert.match(error.message, /cannot be reached at \/run\/gatekeeper\.sock \(ECONNREFUSED\): see that/);
  assert.ok(never.clock.nowNs() < 7e9);
});

test('gatekeeper line: another configuration, another ledger and a second agent are refused in one sentence', async () => {
  const bench = new Bench();
  bench.keeper.start();
  const config = await refusal(bench.start(bench.line(1n)), bench.clock);
  assert.equal(config.code, 'bad-config');
  assert.match(config.message, /run "sudo systemctl restart linegate-config linegate"/);
  const first = bench.line();
  await bench.start(first);
  assert.match((await refusal(bench.start(bench.line()), bench.clock)).message, /serves another agent/);
  await first.stop();
  assert.match(
    (await refusal(bench.start(bench.line(), 5000), bench.clock)).message,
    /part 5000 .*do not belong together/,
  );
});

test('gatekeeper line: garbage, a record left out and one out of order end the session, and the next one goes on', async () => {
  const bench = new Bench();
  bench.keeper.start();
  await bench.start(bench.line());
  const disorders = [
    () => bench.keeper.tellBytes(new Uint8Array(64).fill(7)),
    () => bench.keeper.tell({ kind: 200 }),
    () => bench.keeper.tell({ kind: 65, part: 1n }),
    () => bench.keeper.tell({ kind: 69, flag: 1, action: 1 }),
  ];
  for (const [index, disorder] of disorders.entries()) {
    disorder();
    await bench.run(1000);
    assert.equal(bench.of('fault').length, index + 1, bench.of('fault').at(-1)?.message);
    assert.equal(bench.of('ready').at(-1)?.on, true);
  }
});

test('gatekeeper line: tells of inputs, doubts and faults', async () => {
  const bench = new Bench();
  bench.keeper.start();
  await bench.start(bench.line());
  bench.keeper.tell({ kind: 69, flag: 0, value: 2n | 16n });
  bench.keeper.tell({ kind: 70, code: 4, flag: 1 });
  bench.keeper.tell({ kind: 70, code: 3, flag: 1 });
  bench.keeper.tell({ kind: 71, code: 2 });
  bench.keeper.tell({ kind: 71, code: 7, value: 12_340_000n });
  bench.keeper.tell({ kind: 103, part: 7n, code: 1, due: 900_000_000n });
  bench.keeper.tell({ kind: 72, counts: -5n, value: 0n, part: 2n });
  bench.keeper.tell({ kind: 67, part: 1n, value: 3n });
  await bench.run(10);
  const atNs = 1e9;
  assert.deepEqual(bench.events.filter(({ kind }) => kind !== 'trigger').slice(1), [
    { kind: 'ready', on: false, why: ['encoder', 'chip'], atNs },
    { kind: 'signal', signal: 'bin-full', active: true, atNs },
    { kind: 'at-gate', atNs },
    {
      kind: 'fault',
      message: 'A gate moved 12.34 ms too late: the device is overloaded, or the gatekeeper has no real-time priority.',
      atNs,
    },
    { kind: 'missed-pulse', part: 7, atNs, scheduledNs: 9e8, lateNs: 1e8 },
    {
      kind: 'fault',
      message:
        'Part 7 was to be ejected and has passed the gate: take it out. The device is overloaded, or the gatekeeper has no real-time priority.',
      atNs,
    },
    { kind: 'encoder', counts: -5, nsPerCount: null, losses: 2, atNs },
    { kind: 'parts-lost', fromPart: 1, toPart: 3, atNs },
  ]);
});

test('gatekeeper line: each gate’s moves are told apart, and a pulse cut short ends with the part that it began with', async () => {
  const bench = new Bench();
  bench.keeper.start();
  await bench.start(bench.line());
  const due = 1_000_000_000n;
  bench.keeper.tell({ kind: 101, part: 7n, code: 1, due });
  bench.keeper.tell({ kind: 101, part: 5n, code: 2, due });
  bench.keeper.tell({ kind: 102, code: 2, due });
  bench.keeper.tell({ kind: 102, part: 8n, code: 1, due });
  await bench.run(10);
  const moves = bench.events.flatMap((event) =>
    event.kind === 'gate' || event.kind === 'review-gate' ? [[event.kind, event.state, event.part]] : [],
  );
  assert.deepEqual(moves, [
    ['gate', 'active', 7],
    ['review-gate', 'active', 5],
    ['review-gate', 'inactive', 5],
    ['gate', 'inactive', 8],
  ]);
});

test('gatekeeper line: a connection that ends as soon as it is there is tried ever less often', async () => {
  const bench = new Bench();
  bench.keeper.start();
  await bench.start(bench.line());
  for (let i = 0; i < 600; i += 1) {
    bench.keeper.cut();
    await bench.run(100);
  }
  const faults = bench.of('fault').length;
  assert.ok(faults > 20 && faults < 45, `${faults} faults in a minute`);
  await bench.run(15_000);
  const before = bench.clock.nowNs();
  bench.keeper.cut();
  await bench.run(200);
  assert.ok(
    bench.of('ready').some(({ on, atNs }) => on && atNs > before),
    'back at once after a good connection',
  );
});

test('gatekeeper line: somebody at the line resumes it, as long as there is a connection to say so', async () => {
  const bench = new Bench();
  bench.keeper.start();
  const line = bench.line();
  await bench.start(line);
  assert.deepEqual([line.resume(false), line.resume(true)], [true, true]);
  await bench.run(10);
  assert.deepEqual(bench.keeper.resumed, [0, 1]);
  bench.keeper.die();
  await bench.run(10);
  assert.equal(line.resume(true), false);
  bench.keeper.start();
  await bench.run(3000);
  assert.equal(line.resume(true), true);
  await bench.run(10);
  assert.deepEqual(bench.keeper.resumed, [0, 1, 1]);
  await line.stop();
});
