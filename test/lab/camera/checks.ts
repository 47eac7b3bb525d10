/** One thing that was measured, and whether it is as it should be. */
export interface Check {
  readonly id: string;
  readonly value: number | string | boolean;
  readonly limit: number | string | boolean;
  readonly ok: boolean;
  readonly ran: boolean;
}

/** The checks of one run. */
export class Checks {
  readonly #all: Check[] = [];

  equal(id: string, value: Check['value'], limit: Check['value']): void {
    this.#all.push({ id, value, limit, ok: value === limit, ran: true });
  }

  atMost(id: string, value: number, limit: number): void {
    this.#all.push({ id, value: Math.round(value * 1000) / 1000, limit, ok: value <= limit, ran: true });
  }

  /** Something to know, without a limit. */
  tell(id: string, value: Check['value']): void {
    this.#all.push({ id, value, limit: 'none', ok: true, ran: true });
  }

  notRun(id: string, why: string): void {
    this.#all.push({ id, value: why, limit: 'none', ok: false, ran: false });
  }

  json(): string {
    return JSON.stringify({ pass: this.exitCode === 0, checks: this.#all });
  }

  get exitCode(): 0 | 1 | 3 {
    if (this.#all.some(({ ran }) => !ran)) return 3;
    return this.#all.every(({ ok }) => ok) ? 0 : 1;
  }
}
