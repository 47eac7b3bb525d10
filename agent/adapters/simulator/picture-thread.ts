import { parentPort } from 'node:worker_threads';
import { LinegateError, messageOf } from '../../core/errors.ts';
import { renderRing, ringDomains } from '../../core/render/ring.ts';
import type { Picture } from './belt.ts';
import type { PictureAnswer, PictureJob, PictureRequest } from './picture-job.ts';

/** A picture with more pixels is not one of a part. */
const maxPixels = 50_000_000;

async function make(job: PictureJob): Promise<Picture> {
  if (job.kind === 'file') return decode(job.file);
  const { seed, ringClass, severity, sizePx } = job;
  const data = renderRing({ seed, ringClass, severity, sizePx, domain: ringDomains.standard });
  return { data, widthPx: sizePx, heightPx: sizePx };
}

async function decode(file: string): Promise<Picture> {
  const sharp = await loadSharp();
  try {
    const image = sharp(file, { limitInputPixels: maxPixels, failOn: 'error' });
    const flat = image.removeAlpha().toColourspace('srgb').raw({ depth: 'uchar' });
    const { data, info } = await flat.toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`it has ${info.channels} channels`);
    return { data, widthPx: info.width, heightPx: info.height };
  } catch (error) {
    throw new LinegateError('bad-image', `The picture ${file} cannot be decoded: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

async function loadSharp(): Promise<typeof import('sharp')['default']> {
  try {
    return (await import('sharp')).default;
  } catch (error) {
    const message =
      'Pictures in files need the package sharp, which is not on a device: use a computer, or "npm install sharp".';
    throw new LinegateError('missing-package', message, { cause: error });
  }
}

async function answer({ id, job }: PictureRequest): Promise<void> {
  try {
    const { data, widthPx, heightPx } = await make(job);
    const copy = new Uint8Array(data);
    send({ id, ok: true, data: copy, widthPx, heightPx }, [copy.buffer]);
  } catch (error) {
    send({ id, ok: false, message: messageOf(error) }, []);
  }
}

function send(reply: PictureAnswer, transfer: readonly ArrayBuffer[]): void {
  parentPort?.postMessage(reply, transfer);
}

parentPort?.on('message', (request: PictureRequest) => void answer(request));
