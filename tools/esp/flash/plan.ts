import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LinegateError, messageOf } from '../../../agent/core/errors.ts';
import { chipOf } from '../boards.ts';

/** What goes where in the flash of a board. */
export interface FlashPlan {
  /** As the chip names itself, such as ESP32-S3. */
  readonly chip: string;
  readonly images: readonly FlashImage[];
}

export interface FlashImage {
  readonly file: string;
  readonly address: number;
  readonly bytes: Uint8Array;
}

// The file that ESP-IDF writes beside what it built.
const ARGUMENTS_FILE = 'flasher_args.json';
const argumentsSchema = z.object({
  flash_files: z.record(z.string().regex(/^0x[0-9a-fA-F]{1,8}$/), z.string().min(1).max(300)),
  extra_esptool_args: z.object({ chip: z.string() }),
});

/** Reads what ESP-IDF built in `folder`. Throws LinegateError 'bad-argument'. */
export async function readFlashPlan(folder: string): Promise<FlashPlan> {
  const file = path.join(folder, ARGUMENTS_FILE);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw bad(
      `${folder} holds no built firmware (${ARGUMENTS_FILE} is missing): run "linegate esp build" first.`,
      cause,
    );
  });
  const built = parsed(file, text);
  const chip = chipOf(built.extra_esptool_args.chip);
  if (chip === undefined) {
    throw bad(
      `${file} is for the chip "${built.extra_esptool_args.chip}", which this firmware does not know: build it again.`,
    );
  }
  const images: FlashImage[] = [];
  for (const [address, name] of Object.entries(built.flash_files)) {
    images.push({ file: name, address: Number.parseInt(address, 16), bytes: await readImage(folder, name) });
  }
  if (images.length === 0) throw bad(`${file} names no images: build it again.`);
  images.sort((a, b) => a.address - b.address);
  refuseOverlap(file, images);
  return { chip, images };
}

/** Hexadecimal. The ROM loader and its stub know no other digest. */
export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

function parsed(file: string, text: string): z.infer<typeof argumentsSchema> {
  try {
    return argumentsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw bad(`${file} is not as ESP-IDF writes it (${messageOf(cause).slice(0, 200)}): build it again.`, cause);
  }
}

async function readImage(folder: string, name: string): Promise<Uint8Array> {
  const inside = path.relative(folder, path.resolve(folder, name));
  if (inside.startsWith('..') || path.isAbsolute(inside))
    throw bad(`The image ${name} lies outside ${folder}: build it again.`);
  try {
    return await readFile(path.join(folder, inside));
  } catch (cause) {
    throw bad(`The image ${name} cannot be read (${messageOf(cause)}): build it again.`, cause);
  }
}

function refuseOverlap(file: string, images: readonly FlashImage[]): void {
  for (const [i, image] of images.entries()) {
    const next = images[i + 1];
    if (next === undefined || image.address + image.bytes.length <= next.address) continue;
    throw bad(
      `In ${file} the image ${image.file} reaches into ${next.file}: make its partition larger and build again.`,
    );
  }
}

function bad(message: string, cause?: unknown): LinegateError {
  return new LinegateError('bad-argument', message, { cause });
}
