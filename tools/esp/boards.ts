/** What a board is made of, as far as building and flashing must know. */
export interface Board {
  readonly name: string;
  /** The target of idf.py. */
  readonly target: string;
  /** The chip as the ROM loader's tools name it. */
  readonly chip: string;
}

/** The boards that firmware/esp32-tflm has settings and pins for. */
export const boards: readonly Board[] = [
  { name: 'esp32-cam', target: 'esp32', chip: 'ESP32' },
  { name: 'esp32-s3-eye', target: 'esp32s3', chip: 'ESP32-S3' },
  { name: 'xiao-esp32s3-sense', target: 'esp32s3', chip: 'ESP32-S3' },
  { name: 'esp32-c3-bench', target: 'esp32c3', chip: 'ESP32-C3' },
];

export const boardNames: readonly string[] = boards.map(({ name }) => name);

/** The chip's name for a target such as `esp32s3`; undefined for one that no board here has. */
export function chipOf(target: string): string | undefined {
  return boards.find((board) => board.target === target)?.chip;
}
