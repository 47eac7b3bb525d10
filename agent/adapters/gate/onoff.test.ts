import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateContract } from '../../../test/contracts/gate.ts';
import { OnoffGate, type OnoffOutputs } from './onoff.ts';

interface PlayedPin {
  readonly load: () => Promise<OnoffOutputs>;
  readonly log: string[];
  level: 0 | 1;
  broken: boolean;
}

/** Plays the package: one pin that remembers its level. */
function played(level: 0 | 1): PlayedPin {
  const pin: PlayedPin = { load: async () => ({ Gpio }), log: [], level, broken: false };
  class Gpio {
    constructor(gpio: number, direction: 'high' | 'low', edge: string, options: { activeLow: boolean }) {
      pin.log.push(`open ${gpio} ${direction} ${edge} ${options.activeLow}`);
      pin.level = direction === 'high' ? 1 : 0;
    }
    writeSync(value: 0 | 1): void {
      if (pin.broken) throw new Error('EIO');
      pin.level = value;
    }
  }
  return pin;
}

for (const activeLevel of ['high', 'low'] as const) {
  const active = activeLevel === 'high' ? 1 : 0;
  gateContract(`onoff, active ${activeLevel}`, () => {
    const pin = played(active === 1 ? 0 : 1);
    const gate = new OnoffGate({ gpio: 4, activeLevel, onFault: assert.fail, load: pin.load });
    return { gate, state: () => (pin.level === active ? 'active' : 'inactive') };
  });

  test(`onoff gate, active ${activeLevel}: the pin becomes an output at its de-energised level, never the other`, async () => {
    const pin = played(active);
    await new OnoffGate({ gpio: 4, activeLevel, onFault: assert.fail, load: pin.load }).start();
    assert.deepEqual(pin.log, [`open 4 ${activeLevel === 'high' ? 'low' : 'high'} none false`]);
    assert.equal(pin.level, 1 - active);
  });
}

test('onoff gate: a write that fails is told and does not throw', async () => {
  const pin = played(0);
  const faults: string[] = [];
  const onFault = (message: string): void => {
    faults.push(message);
  };
  const gate = new OnoffGate({ gpio: 4, activeLevel: 'high', onFault, load: pin.load });
  await gate.start();
  pin.broken = true;
  gate.set('active');
  await gate.stop();
  assert.deepEqual(faults, [
    'Pin 4 of the gate cannot be set active: EIO.',
    'Pin 4 of the gate cannot be set inactive: EIO.',
  ]);
});

test('onoff gate: without the package, or on a newer kernel, the start says so', async () => {
  const options = { gpio: 4, activeLevel: 'high', onFault: assert.fail } as const;
  await assert.rejects(new OnoffGate(options).start(), {
    code: 'missing-package',
    message: /^The gate onoff needs the optional package onoff, .* or use another gate\.$/,
  });
  class Gpio {
    constructor() {
      throw new Error('EINVAL: invalid argument, write');
    }
    writeSync(): void {}
  }
  await assert.rejects(new OnoffGate({ ...options, load: async () => ({ Gpio }) }).start(), {
    code: 'device',
    message: /^Pin 4 of the gate cannot be opened through sysfs \(EINVAL: .*kernels before 5\.10 only/,
  });
});
