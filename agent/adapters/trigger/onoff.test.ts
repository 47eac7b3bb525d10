import assert from 'node:assert/strict';
import { test } from 'node:test';
import { triggerContract } from '../../../test/contracts/trigger.ts';
import { VirtualClock } from '../clock/virtual.ts';
import { type OnoffInputs, OnoffTrigger } from './onoff.ts';

/** Plays the package: one pin whose edges a test makes. */
function played(): { readonly load: () => Promise<OnoffInputs>; edge(error?: Error): void; readonly log: string[] } {
  const log: string[] = [];
  let watcher: ((error: Error | null, value: 0 | 1) => void) | undefined;
  class Gpio {
    constructor(gpio: number, direction: string, edge: string, options: { activeLow: boolean }) {
      log.push(`open ${gpio} ${direction} ${edge} ${options.activeLow}`);
    }
    watch(callback: (error: Error | null, value: 0 | 1) => void): void {
      watcher = callback;
    }
    unwatchAll(): void {
      watcher = undefined;
    }
    unexport(): void {
      log.push('unexport');
    }
  }
  return { load: async () => ({ Gpio }), edge: (error) => watcher?.(error ?? null, 1), log };
}

triggerContract('onoff', async () => {
  const clock = new VirtualClock();
  const pin = played();
  const source = new OnoffTrigger({ clock, gpio: 17, onFault: assert.fail, load: pin.load });
  return { source, clock, poke: () => pin.edge(), run: (done) => clock.run(done) };
});

test('onoff trigger: opens its pin for rising edges and gives it back', async () => {
  const pin = played();
  const trigger = new OnoffTrigger({ clock: new VirtualClock(), gpio: 17, onFault: assert.fail, load: pin.load });
  await trigger.start(() => undefined);
  await trigger.stop();
  await trigger.stop();
  assert.deepEqual(pin.log, ['open 17 in rising false', 'unexport']);
});

test('onoff trigger: a read that fails is told and fires nothing', async () => {
  const pin = played();
  const faults: string[] = [];
  const onFault = (message: string): void => {
    faults.push(message);
  };
  const trigger = new OnoffTrigger({ clock: new VirtualClock(), gpio: 17, onFault, load: pin.load });
  await trigger.start(() => assert.fail('fired'));
  pin.edge(new Error('EIO'));
  assert.deepEqual(faults, ['Pin 17 of the trigger cannot be read: EIO.']);
});

test('onoff trigger: without the package, or on a newer kernel, the start says so', async () => {
  const options = { clock: new VirtualClock(), gpio: 17, onFault: assert.fail };
  await assert.rejects(
    new OnoffTrigger(options).start(() => undefined),
    {
      code: 'missing-package',
      message: /^The trigger onoff needs the optional package onoff, .* or use another trigger\.$/,
    },
  );
  class Gpio {
    constructor() {
      throw new Error('EINVAL: invalid argument, write');
    }
    watch(): void {}
    unwatchAll(): void {}
    unexport(): void {}
  }
  await assert.rejects(
    new OnoffTrigger({ ...options, load: async () => ({ Gpio }) }).start(() => undefined),
    {
      code: 'device',
      message: /^Pin 17 of the trigger cannot be opened through sysfs \(EINVAL: .*kernels before 5\.10 only/,
    },
  );
});
