import type { Check } from '../report.ts';
import { type Ours, quantised } from './ours.ts';
import { picturesOf, type Subject, type SubjectPictures, subjectOf } from './subjects.ts';

/** A subject that is here, with its pictures and what our quantiser makes of it. */
export interface Loaded {
  readonly subject: Subject;
  readonly pictures: SubjectPictures;
  readonly ours: Ours;
}

/** Some checks that are measured together. */
export interface Group {
  /** What `--only` compares with. */
  readonly ids: readonly string[];
  run(bench: Bench): Promise<readonly Check[]>;
}

/** What the checks share: each subject is loaded and quantised once. */
export class Bench {
  /** A folder that stays from run to run. */
  readonly folder: string;
  /** Other tools run now, in the Python of LINEGATE_PEERS_PYTHON; otherwise their stored figures count. */
  readonly withPeers: boolean;
  readonly #loaded = new Map<string, Promise<Loaded | string>>();

  constructor(folder: string, withPeers: boolean) {
    this.folder = folder;
    this.withPeers = withPeers;
  }

  /** The subject of that name, or a sentence that says why it is not here. */
  load(name: string): Promise<Loaded | string> {
    const known = this.#loaded.get(name) ?? this.#make(name);
    this.#loaded.set(name, known);
    return known;
  }

  /** Those of `names` that are here, and a sentence for each that is not. */
  async loadAll(names: readonly string[]): Promise<{ loaded: Loaded[]; lacking: string[] }> {
    const all: (Loaded | string)[] = [];
    for (const name of names) all.push(await this.load(name));
    return {
      loaded: all.filter((one) => typeof one !== 'string'),
      lacking: all.filter((one) => typeof one === 'string'),
    };
  }

  async #make(name: string): Promise<Loaded | string> {
    const subject = await subjectOf(name);
    if (typeof subject === 'string') return subject;
    process.stderr.write(`quantising ${name}\n`);
    const pictures = await picturesOf(subject, this.folder);
    const ours = await quantised(
      subject,
      pictures.calibration.map(({ pixels }) => pixels),
    );
    return { subject, pictures, ours };
  }
}
