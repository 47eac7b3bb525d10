import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import type { RomScript } from '../testing/rom-loader.ts';
import { boardAtWire } from '../testing/wire.ts';
import { type FlashProgress, flashBoard } from './flash.ts';
import type { FlashPlan } from './plan.ts';

const images = [
  { file: 'bootloader.bin', address: 0x1000, bytes: randomBytes(2_000) },
  { file: 'app.bin', address: 0x10000, bytes: randomBytes(18_000) },
];

function flash(script: RomScript, plan: FlashPlan = { chip: script.chip, images }, baud = 115_200, limitMs = 30_000) {
  const board = boardAtWire(script);
  const steps: FlashProgress[] = [];
  const { openLine } = board;
  const done = flashBoard({ plan, port: 'COM7', openLine, baud, limitMs, progress: (step) => steps.push(step) });
  return { ...board, steps, done };
}

describe('flashing', () => {
  for (const chip of ['ESP32', 'ESP32-S3', 'ESP32-C3'] as const) {
    it(`an ${chip} holds every byte afterwards and was reset into its firmware`, async () => {
      const { rom, done, steps, closed } = flash({ chip }, undefined, 460_800);
      assert.deepEqual(await done, { chip, sizeBytes: 20_000, reset: true });
      for (const { address, bytes } of images) {
        assert.ok(rom.flash.memory.subarray(address, address + bytes.length).equals(bytes));
      }
      assert.equal(rom.baud, 460_800);
      assert.ok(rom.ramBytes > 1000, 'the stub was loaded');
      assert.equal(rom.stub, false, 'the last reset left the loader');
      assert.ok(closed() > 0);
      assert.deepEqual(steps.at(-1), { step: 'reset' });
    });
  }

  it('leaves alone what is beside the images', async () => {
    const { rom, done } = flash({ chip: 'ESP32' });
    await done;
    assert.equal(rom.flash.memory[0xfff], 0x5a);
    assert.equal(rom.flash.memory[0x9000], 0x5a);
  });

  it('sends a block again that was damaged on its way', async () => {
    const { rom, done } = flash({ chip: 'ESP32', refuseBlocks: 2 });
    await done;
    assert.ok(rom.flash.memory.subarray(0x10000, 0x10000 + 18_000).equals(images[1]?.bytes ?? Buffer.of()));
  });

  it('says when the flash does not hold what was written', async () => {
    const { done } = flash({ chip: 'ESP32', brokenCell: 0x10010 });
    await assert.rejects(done, { code: 'device', message: /COM7 does not hold what was written/ });
  });

  it('writes nothing to a board with another chip', async () => {
    const { rom, done } = flash({ chip: 'ESP32-C3' }, { chip: 'ESP32-S3', images });
    await assert.rejects(done, { message: /is an ESP32-C3 and the firmware was built for ESP32-S3/ });
    assert.ok(rom.flash.memory.every((byte) => byte === 0x5a));
  });

  it('gives up in time, and the port back', async () => {
    const { done, closed } = flash({ chip: 'ESP32', deafTo: [0x11] }, undefined, 115_200, 1200);
    await assert.rejects(done, { code: 'device', message: /COM7 took longer than 1 s/ });
    assert.equal(closed(), 1);
  });
});
