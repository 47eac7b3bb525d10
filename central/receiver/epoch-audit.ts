import { chainHash } from '../../agent/core/ledger/chain.ts';
import { canonicalJson, type LedgerRow } from '../../agent/core/ledger/row.ts';
import type { StoredItem } from './path.ts';
import { countsOf } from './table.ts';

/** More findings are only counted. */
const MOST_FINDINGS = 50;

type Counts = Map<string, number>;

/** Reads the history of an epoch, item by item, and says what is wrong with it. */
export class EpochAudit {
  readonly #findings: string[] = [];
  readonly #parts: Set<number> = new Set();
  readonly #outcomes: Counts = new Map();
  readonly #gaps: Counts = new Map();
  #unsaid = 0;
  #rows = 0;
  #spans = 0;
  #seq = 0;
  #hash: string | null;
  /** Whether all that came before is counted by outcome. */
  #counted = true;

  /** `origin`: what the first row hangs on, null when not known. `lost`: rows of the parent that may be missing here. */
  constructor(origin: string | null, lost: number) {
    this.#hash = origin;
    this.#lost = lost;
  }

  readonly #lost: number;

  take(item: StoredItem): void {
    this.#checkPlace(item);
    const hash = item.hash.toString('hex');
    const span = item.kind === 'skip' || item.kind === 'folded';
    if (span) this.#spans += 1;
    else this.#takeRow(item, hash);
    this.#count(item, span);
    this.#seq = item.last;
    this.#hash = hash;
  }

  find(sentence: string): void {
    if (this.#findings.length < MOST_FINDINGS) this.#findings.push(sentence);
    else this.#unsaid += 1;
  }

  /** `reached`: all rows up to this one are said to be there. `head`: the hash that is remembered of the last. */
  finish(reached: number, head: string | null) {
    if (reached < this.#seq) this.find(`Rows are here up to ${this.#seq}, and all of them only up to ${reached}.`);
    if (reached > this.#seq) this.find(`Rows up to ${reached} were acknowledged, and the last here is ${this.#seq}.`);
    if (head !== null && head !== this.#hash) this.find('The last row is not the one that is remembered as the last.');
    const more = this.#unsaid > 0 ? [`There are ${this.#unsaid} findings more.`] : [];
    const findings = [...this.#findings, ...more];
    const last = this.#seq === 0 ? null : this.#hash;
    return { rows: this.#rows, spans: this.#spans, parts: this.#parts.size, head: last, findings };
  }

  #checkPlace({ seq, last }: StoredItem): void {
    const expected = this.#seq + 1;
    if (seq === expected && last >= seq) return;
    const parents = this.#seq === 0 && seq === this.#lost + 1 ? ', which its parent should have sent,' : '';
    if (seq > expected) this.find(`Rows ${expected} to ${seq - 1}${parents} are missing.`);
    else this.find(`Rows ${seq} to ${last} are here more than once.`);
    this.#hash = null;
    this.#counted = false;
  }

  #takeRow(item: StoredItem, hash: string): void {
    this.#rows += 1;
    const { seq, session, kind, mono_ms: monoMs, wall_ms: wallMs, part, outcome, score, recipe, payload } = item;
    const row = {
      seq,
      session,
      kind: kind as LedgerRow['kind'],
      monoMs,
      wallMs,
      part,
      outcome,
      score,
      recipe,
      payload,
    };
    if (this.#hash !== null && chainHash(this.#hash, row) !== hash) {
      this.find(`Row ${seq} was changed after it was written, or the row before it.`);
    }
    if (part !== null) {
      if (this.#parts.has(part)) this.find(`Part ${part} is recorded again in row ${seq}.`);
      this.#parts.add(part);
    }
    if (kind === 'summary') this.#checkTotals(seq, payload);
  }

  #count(item: StoredItem, span: boolean): void {
    const counts = span ? countsOf(item) : item.kind === 'part' ? { [item.outcome]: 1 } : {};
    const sum = Object.values(counts).reduce((total, count) => total + count, 0);
    if (span && (sum !== item.last - item.seq + 1 || 'unknown' in counts)) this.#counted = false;
    for (const [name, count] of Object.entries(counts)) if (!name.includes(' ')) add(this.#outcomes, name, count);
    if (item.kind !== 'gap') return;
    const named = fieldsOf(fieldsOf(JSON.parse(item.payload))['counts']);
    for (const [name, count] of Object.entries(named)) add(this.#gaps, name, Number(count));
  }

  #checkTotals(seq: number, payload: string): void {
    const { totals } = fieldsOf(JSON.parse(payload));
    if (totals === undefined || !this.#counted) return;
    const { outcomes, gaps } = fieldsOf(totals);
    const here = { outcomes: Object.fromEntries(this.#outcomes), gaps: Object.fromEntries(this.#gaps) };
    if (canonicalJson({ outcomes, gaps }) === canonicalJson(here)) return;
    this.find(`Row ${seq} is a summary, and its totals are not those of the rows before it.`);
  }
}

function add(counts: Counts, name: string, more: number): void {
  counts.set(name, (counts.get(name) ?? 0) + more);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
