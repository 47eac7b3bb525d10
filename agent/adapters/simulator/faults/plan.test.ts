import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FaultDice, type FaultName, parseFaults } from './plan.ts';

function hitsOf(dice: FaultDice, name: FaultName, draws: number): number[] {
  return Array.from({ length: draws }, (_, index) => index).filter(() => dice.hits(name));
}

test('fault plan: none, all, names, and names with rates of their own', () => {
  assert.deepEqual(parseFaults('none'), {});
  const all = parseFaults('all');
  assert.equal(Object.keys(all).length, 15);
  assert.ok(Object.values(all).every((rate) => rate > 0 && rate < 0.01));
  assert.deepEqual(parseFaults('frame-lost, agent-killed:0.25,disk-full:0'), {
    'frame-lost': all['frame-lost'],
    'agent-killed': 0.25,
    'disk-full': 0,
  });
});

test('fault plan: what nobody knows or can be is refused in one sentence', () => {
  for (const text of ['', 'frame', 'all,frame-lost', 'toString', 'frame-lost,']) {
    assert.throws(() => parseFaults(text), {
      code: 'bad-argument',
      message: /^There is no fault ".*" to inject; choose/,
    });
  }
  for (const rate of ['', '-0.1', '1.1', 'often', 'NaN', 'Infinity']) {
    const sentence = `The rate of disk-full is "${rate}"; give a share of parts from 0 to 1.`;
    assert.throws(() => parseFaults(`disk-full:${rate}`), { code: 'bad-argument', message: sentence });
  }
});

test('fault dice: as often as asked for, never at rate 0, always at rate 1', () => {
  const dice = new FaultDice(3, { 'frame-lost': 0.1, 'frame-late': 0, 'frame-torn': 1 });
  const hits = hitsOf(dice, 'frame-lost', 10_000).length;
  assert.ok(hits > 900 && hits < 1100, `${hits} of 10,000`);
  assert.deepEqual([hitsOf(dice, 'frame-late', 100), hitsOf(dice, 'clock-step', 100)], [[], []]);
  assert.equal(hitsOf(dice, 'frame-torn', 100).length, 100);
});

test('fault dice: the same seed falls the same, and one fault more does not move another', () => {
  const alone = hitsOf(new FaultDice(7, { 'frame-lost': 0.1 }), 'frame-lost', 1000);
  const busy = new FaultDice(7, { 'frame-lost': 0.1, 'frame-late': 0.5 });
  const among = Array.from({ length: 1000 }, (_, index) => index).filter(() => {
    if (busy.hits('frame-late')) busy.stream('frame-late')();
    return busy.hits('frame-lost');
  });
  assert.deepEqual(among, alone);
  assert.notDeepEqual(hitsOf(new FaultDice(8, { 'frame-lost': 0.1 }), 'frame-lost', 1000), alone);
  assert.notDeepEqual(hitsOf(new FaultDice(7, { 'frame-late': 0.1 }), 'frame-late', 1000), alone);
});
