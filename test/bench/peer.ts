import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Recipe } from '../../agent/config/recipe.ts';
import type { Cleanup } from '../support/cleanup.ts';
import { hasMosquitto, Mosquitto } from '../support/mosquitto.ts';
import { rawFrame } from './frames.ts';
import { Role } from './role.ts';

const SCRIPT = fileURLToPath(new URL('./peer.py', import.meta.url));

/** The loop as an integrator would write it in Python, or a sentence that says what this computer lacks for it. */
export async function startPeer(python: string, recipe: Recipe, folder: string, t: Cleanup): Promise<Role | string> {
  if (!hasMosquitto()) return 'Mosquitto is not installed.';
  const imports = spawnSync(python, ['-c', 'import cv2, numpy, onnxruntime, paho.mqtt.client'], { encoding: 'utf8' });
  if (imports.status !== 0) {
    return `${python} lacks a module (${imports.stderr?.trim().split('\n').at(-1) ?? imports.error?.message}): install opencv-python-headless, onnxruntime and paho-mqtt, or give --python.`;
  }
  const broker = await Mosquitto.start(t);
  const frame = path.join(folder, 'frame.nv12');
  writeFileSync(frame, rawFrame('nv12').data);
  const { widthPx } = recipe.manifest.preprocess;
  const database = path.join(folder, `peer-${widthPx}.sqlite`);
  const args = [SCRIPT, recipe.modelFile, String(widthPx), frame, database, new URL(broker.url).port];
  const role = await Role.start('Python loop', python, args);
  t.after(() => role.stop());
  return role;
}
