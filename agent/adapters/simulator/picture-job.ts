import type { RingClass } from '../../core/render/ring.ts';

/** What the picture thread is asked for. */
export type PictureJob =
  | {
      readonly kind: 'ring';
      readonly seed: number;
      readonly ringClass: RingClass;
      readonly severity: number;
      readonly sizePx: number;
    }
  | { readonly kind: 'file'; readonly file: string };

export interface PictureRequest {
  readonly id: number;
  readonly job: PictureJob;
}

/** Its answer: an RGB picture or one plain sentence. */
export type PictureAnswer =
  | {
      readonly id: number;
      readonly ok: true;
      readonly data: Uint8Array;
      readonly widthPx: number;
      readonly heightPx: number;
    }
  | { readonly id: number; readonly ok: false; readonly message: string };
