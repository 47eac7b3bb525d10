import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkout } from './cli.ts';

/** A recipe's manifest, to be spoiled. */
interface Spoilt {
  readonly model: Record<string, unknown>;
  readonly golden: Record<string, unknown>;
  readonly preprocess: { readonly widthPx: number; readonly heightPx: number };
}

/** A copy of a bundled recipe that a test may spoil. */
export class RecipeCopy {
  readonly folder: string;

  constructor(folder: string, name = 'machined-ring') {
    this.folder = folder;
    cpSync(path.join(checkout, 'models', 'int8', name), folder, { recursive: true });
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  /** Rewrites the manifest. */
  manifest(change: (manifest: Spoilt) => unknown): void {
    const manifest = this.#read();
    change(manifest);
    writeFileSync(this.file('manifest.json'), JSON.stringify(manifest));
  }

  inputSize(): { readonly widthPx: number; readonly heightPx: number } {
    const { widthPx, heightPx } = this.#read().preprocess;
    return { widthPx, heightPx };
  }

  /** Puts another model in place of its own; digest and size are those of the other one. */
  model(bytes: Uint8Array): void {
    writeFileSync(this.file('model.onnx'), bytes);
    this.manifest(({ model }) => Object.assign(model, { sha256: sha256(bytes), sizeBytes: bytes.length }));
  }

  /** Puts other golden vectors in place of its own, with their digest. */
  golden(text: string): void {
    writeFileSync(this.file('golden/golden.json'), text);
    this.manifest(({ golden }) => Object.assign(golden, { sha256: sha256(Buffer.from(text)) }));
  }

  #read(): Spoilt {
    return JSON.parse(readFileSync(this.file('manifest.json'), 'utf8')) as Spoilt;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
