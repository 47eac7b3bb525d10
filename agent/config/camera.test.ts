import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSentence } from '../../test/support/sentence.ts';
import { LinegateError } from '../core/errors.ts';
import { cameraSchema } from './camera.ts';
import { checkDocument } from './read.ts';

const size = { widthPx: 1280, heightPx: 720, framesPerSecond: 30 };
const v4l2 = { kind: 'v4l2', device: '/dev/v4l/by-id/usb-cam', ...size };
const rpicam = { kind: 'rpicam', ...size, shutterUs: 2000, awbGains: { red: 2, blue: 1.5 } };
const gstreamer = { kind: 'gstreamer', ...size, shutterUs: 2000, latencyMs: 80 };

const check = (camera: object): unknown => checkDocument(camera, 'station.yaml', cameraSchema, 'bad-config');

test('camera config: the three streams, with their defaults', () => {
  assert.deepEqual(check(v4l2), { ...v4l2, format: 'yuyv', controls: {}, latencyMs: 0, stallMs: 1000 });
  assert.deepEqual(check(rpicam), { ...rpicam, camera: 0, gain: 1, stallMs: 1000 });
  assert.deepEqual(check(gstreamer), { ...gstreamer, sensor: 0, gain: 1, whiteBalance: 5, stallMs: 1000 });
  const controls = { auto_exposure: 1, exposure_time_absolute: 50 };
  const triggered = check({ ...v4l2, controls, externalTrigger: { delayMs: 2.5 }, windowMs: 3 });
  assert.deepEqual(Object.keys((triggered as { controls: object }).controls), Object.keys(controls));
});

test('camera config: what cannot work is refused with a sentence that names it', () => {
  const faults: readonly (readonly [object, RegExp])[] = [
    [{ ...v4l2, device: 'video0' }, /device is "video0" \(must be a device like \/dev\/video0\)/],
    [{ ...v4l2, format: 'mjpg' }, /format/],
    [{ ...v4l2, controls: { 'Exposure Time': 1 } }, /controls/],
    [{ ...v4l2, controls: { gain: 1.5 } }, /controls\.gain/],
    [{ ...v4l2, framesPerSecond: 1 }, /stallMs is 1000 \(must be at least the time of two frames\)|stallMs/],
    [{ ...rpicam, widthPx: 1300 }, /widthPx .*128/],
    [{ ...rpicam, awbGains: undefined }, /awbGains/],
    [{ ...gstreamer, latencyMs: undefined }, /latencyMs/],
    [{ ...gstreamer, externalTrigger: { delayMs: 1 } }, /externalTrigger/],
  ];
  for (const [camera, message] of faults) {
    try {
      check(camera);
    } catch (error) {
      assert.ok(error instanceof LinegateError && error.code === 'bad-config');
      assert.match(error.message, message);
      assertSentence(error.message);
      continue;
    }
    assert.fail(`accepted ${JSON.stringify(camera)}`);
  }
});
