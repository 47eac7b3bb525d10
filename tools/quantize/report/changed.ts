import path from 'node:path';
import { type Decision, type DecisionRule, decide } from '../../../agent/core/decide.ts';

/** A picture with the scores of both models. */
interface Compared {
  readonly file: string;
  readonly label: string;
  readonly float: readonly number[];
  readonly quantised: readonly number[];
}

/** A picture to which the recipe's thresholds give another verdict with the INT8 model. */
export interface ChangedPicture {
  /** Below the folder that all pictures of the evaluation have in common. */
  readonly file: string;
  readonly label: string;
  readonly float: Decision;
  readonly int8: Decision;
  /** Whether only float's verdict is right (lost), only INT8's (won), or neither's or both's. A review of a defect is right. */
  readonly effect: 'lost' | 'won' | 'same';
}

/** The pictures whose verdict changes; what INT8 loses first, then what it wins, each by file. */
export function changedPictures(rule: DecisionRule, pictures: readonly Compared[]): ChangedPicture[] {
  const folder = commonFolder(pictures.map(({ file }) => file));
  const good = new Set(rule.labels.filter(({ kind }) => kind === 'ok').map(({ name }) => name));
  const changed = pictures.flatMap(({ file, label, ...scores }): ChangedPicture[] => {
    const [float, int8] = [decide(rule, scores.float), decide(rule, scores.quantised)];
    if (float === undefined || int8 === undefined || float.verdict === int8.verdict) return [];
    const right = ({ verdict }: Decision) => (verdict === 'pass') === good.has(label);
    const effect = right(float) === right(int8) ? 'same' : right(float) ? 'lost' : 'won';
    return [{ file: path.relative(folder, file), label, float, int8, effect }];
  });
  const order = ['lost', 'won', 'same'];
  return changed.sort((a, b) => order.indexOf(a.effect) - order.indexOf(b.effect) || (a.file < b.file ? -1 : 1));
}

/** The deepest folder that holds all `files`. */
export function commonFolder(files: readonly string[]): string {
  const [first = [], ...others] = files.map((file) => path.dirname(path.resolve(file)).split(path.sep));
  const parts = first.filter((_, at) =>
    others.every((other) => first.slice(0, at + 1).every((p, i) => other[i] === p)),
  );
  return parts.join(path.sep) || path.sep;
}
