import { randomSeries } from '../../../../tools/quantize/testing/test-model.ts';
import { check, notRun } from '../../report.ts';
import type { Group } from '../bench.ts';
import { quantised } from '../ours.ts';
import { SUBJECT_NAMES } from '../subjects.ts';

/** The same calibration pictures in another order. */
export const shuffle: Group = {
  ids: ['sqnr-shuffled'],

  async run(bench) {
    const what = 'models of which a byte changes when the calibration pictures are shuffled';
    const { loaded, lacking } = await bench.loadAll(SUBJECT_NAMES);
    if (loaded.length === 0) return [notRun('sqnr-shuffled', what, lacking.join(' '))];
    const changed: string[] = [];
    for (const { subject, pictures, ours } of loaded) {
      const again = await quantised(
        subject,
        shuffled(pictures.calibration).map(({ pixels }) => pixels),
      );
      if (Buffer.compare(again.onnx, ours.onnx) !== 0) changed.push(subject.name);
    }
    const details = { compared: loaded.map(({ subject }) => subject.name), changed, lacking };
    return [check({ id: 'sqnr-shuffled', what, value: changed.length, limit: 0, details })];
  },
};

function shuffled<T>(items: readonly T[]): T[] {
  const random = randomSeries(11);
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
