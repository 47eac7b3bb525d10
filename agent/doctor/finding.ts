/** `not-run`: nobody can tell, or it does not apply here; the sentence says which. */
export type FindingState = 'ok' | 'warn' | 'fail' | 'not-run';

/** Figures and words that were read or measured, by a name with its unit; null where the computer does not say. */
export type Figures = Readonly<Record<string, number | string | boolean | null | readonly string[]>>;

/** What a check found, without its name. */
export interface Outcome {
  readonly state: FindingState;
  /** One sentence for a technician. */
  readonly sentence: string;
  /** One sentence; null where there is nothing to do. */
  readonly whatToDo: string | null;
  readonly figures: Figures;
}

/** Where a finding is shown. */
export type Group = 'computer' | 'lines' | 'gatekeeper' | 'camera' | 'disk' | 'model' | 'network';

export interface Finding extends Outcome {
  readonly id: string;
  readonly group: Group;
}

export function ok(sentence: string, figures: Figures = {}): Outcome {
  return { state: 'ok', sentence, whatToDo: null, figures };
}

export function warn(sentence: string, whatToDo: string, figures: Figures = {}): Outcome {
  return { state: 'warn', sentence, whatToDo, figures };
}

export function fail(sentence: string, whatToDo: string, figures: Figures = {}): Outcome {
  return { state: 'fail', sentence, whatToDo, figures };
}

export function notRun(sentence: string, whatToDo: string | null = null, figures: Figures = {}): Outcome {
  return { state: 'not-run', sentence, whatToDo, figures };
}

/** What most checks say where no station is named; `what`: such as `The ledger`. */
export function needsStation(what: string): Outcome {
  return notRun(`${what} can be looked at with --station station.yaml only.`);
}
