import type { Manifest } from '../../agent/core/recipe.ts';
import type { Found } from './tally.ts';

/** What a replay found. */
export interface ReplayReport extends Found {
  readonly schemaVersion: 1;
  /** `name@version`. */
  readonly recipe: string;
  readonly changedThresholds: boolean;
  readonly decision: Manifest['decision'];
  /** UTC; null for all parts. */
  readonly since: string | null;
  readonly warnings: readonly string[];
  readonly sheet: { readonly file: string; readonly shown: number; readonly leftOut: number } | null;
}
