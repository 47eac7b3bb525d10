import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import type { Camera } from '../../agent/ports/camera.ts';

/** A camera that is not started yet. */
export interface CameraUnderTest {
  readonly camera: Camera;
  /** Makes a part come before the started camera; resolves with the time of its trigger. */
  part(): Promise<number>;
}

const never = new AbortController().signal;
const BYTES_PER_PIXEL = { rgb: 3, grey: 1, nv12: 1.5, yuyv: 2 } as const;

/** What every camera keeps. */
export function cameraContract(name: string, make: () => Promise<CameraUnderTest>): void {
  describe(`camera: ${name}`, () => {
    let current: CameraUnderTest | undefined;
    afterEach(async () => current?.camera.stop());

    test('gives the frame of each part, whole, with rising sequence and sensible times', async () => {
      current = await make();
      const { camera, part } = current;
      await camera.start();
      let sequence = -1;
      for (let number = 1; number <= 3; number++) {
        const triggerNs = await part();
        const capture = await camera.capture(number, triggerNs, never);
        if (capture.kind !== 'frame') assert.fail(capture.reason);
        const { frame } = capture;
        assert.ok(frame.data.length >= frame.widthPx * frame.heightPx * BYTES_PER_PIXEL[frame.format]);
        assert.ok(frame.strideBytes >= frame.widthPx);
        assert.ok(frame.sequence > sequence);
        assert.equal(frame.clock, 'monotonic');
        assert.ok(Math.abs(frame.sensorNs - triggerNs) < 10e9);
        sequence = frame.sequence;
      }
    });

    test('has no frame for a part that is given up, and none before it is started', async () => {
      current = await make();
      const { camera, part } = current;
      assert.equal((await camera.capture(1, 0, never)).kind, 'no-frame');
      await camera.start();
      const capture = await camera.capture(1, await part(), AbortSignal.abort());
      assert.equal(capture.kind, 'no-frame');
      assert.ok(capture.kind === 'no-frame' && capture.reason.endsWith('.'));
    });

    test('may be stopped twice, and before it was started', async () => {
      current = await make();
      await current.camera.stop();
      await current.camera.start();
      await Promise.all([current.camera.stop(), current.camera.stop()]);
      assert.equal((await current.camera.capture(1, 0, never)).kind, 'no-frame');
    });
  });
}
