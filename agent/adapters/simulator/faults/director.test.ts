import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../clock/virtual.ts';
import { FaultDirector } from './director.ts';
import { FaultDice, type FaultRates } from './plan.ts';

type Done = readonly [what: string, ms: number, atMs: number];

/** What is done to a station whose parts come one a second. */
async function direct(rates: FaultRates, parts: number, seed = 1): Promise<readonly Done[]> {
  const clock = new VirtualClock();
  const done: Done[] = [];
  const note = (what: string) => (ms: number) => void done.push([what, ms, clock.nowNs() / 1e6]);
  const director = new FaultDirector(new FaultDice(seed, rates), clock, {
    stallLedger: note('stall'),
    fillDisk: note('full'),
    stepClock: note('step'),
    killAgent: note('kill'),
  });
  for (let part = 1; part <= parts; part += 1) clock.at(part * 1e9, () => director.part());
  await clock.run();
  return done;
}

const always: FaultRates = { 'ledger-stall': 1, 'disk-full': 1, 'clock-step': 1, 'agent-killed': 1 };

test('fault director: each fault to its target, within its bounds', async () => {
  const bounds = { stall: [50, 5000], full: [500, 20_000], step: [-3_600_000, 3_600_000], kill: [20, 3000] } as const;
  const done = await direct(always, 200);
  for (const [what, [least, most]] of Object.entries(bounds)) {
    const all = done.filter(([name]) => name === what).map(([, ms]) => ms);
    assert.equal(all.length, 200);
    assert.ok(
      all.every((ms) => ms >= least && ms <= most),
      `${what}: ${Math.min(...all)} to ${Math.max(...all)}`,
    );
    // They fill their bounds, rather than being a few of them.
    assert.ok(Math.max(...all) - Math.min(...all) > 0.9 * (most - least));
  }
});

test('fault director: a kill comes while its part is on the belt, at any moment; the others at once', async () => {
  const done = await direct(always, 200);
  const afterMs = done.map(([what, , atMs]) => [what, atMs % 1000] as const);
  const kills = afterMs.filter(([what]) => what === 'kill').map(([, ms]) => ms);
  assert.ok(kills.every((ms) => ms >= 0 && ms <= 400) && Math.max(...kills) > 350 && Math.min(...kills) < 50);
  assert.ok(afterMs.every(([what, ms]) => what === 'kill' || ms === 0));
});

test('fault director: nothing without a rate, the same with the same seed, and no fault moves another', async () => {
  assert.deepEqual(await direct({}, 100), []);
  const rates = { 'disk-full': 0.1, 'agent-killed': 0.1 };
  const both = await direct(rates, 300, 5);
  assert.deepEqual(await direct(rates, 300, 5), both);
  assert.deepEqual(
    await direct({ 'agent-killed': 0.1 }, 300, 5),
    both.filter(([what]) => what === 'kill'),
  );
});
