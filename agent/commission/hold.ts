/** A gate that moves while a key is held. Terminals repeat a held key; they do not tell that it was let go. */
export type Hold =
  | { readonly kind: 'free' }
  | { readonly kind: 'holding'; readonly gate: 1 | 2; readonly sinceNs: number; readonly keyNs: number }
  /** Held for too long, or ended by another key: nothing moves until the key was let go. */
  | { readonly kind: 'spent'; readonly keyNs: number };

export const freeHold: Hold = { kind: 'free' };

/** No repeat of the key for so long: it was let go. The first repeat comes after up to 0.66 s. */
const letGoNs = 0.8e9;

/** The gate is active for at most `longestNs` and the gatekeeper's 0.2 s in one press. */
export const longestHoldNs = 3e9;

/** What the key that moves a gate does: the hold, and whether the gatekeeper is told now. */
export function holdKey(hold: Hold, gate: 1 | 2, nowNs: number, longestNs: number): { hold: Hold; send: boolean } {
  const fresh = hold.kind === 'free' || nowNs - hold.keyNs >= letGoNs;
  if (fresh) return { hold: { kind: 'holding', gate, sinceNs: nowNs, keyNs: nowNs }, send: true };
  const goesOn = hold.kind === 'holding' && hold.gate === gate && nowNs - hold.sinceNs < longestNs;
  if (!goesOn) return { hold: { kind: 'spent', keyNs: nowNs }, send: false };
  return { hold: { ...hold, keyNs: nowNs }, send: true };
}

/** Any other key ends it. */
export function endHold(hold: Hold, nowNs: number): Hold {
  return hold.kind === 'free' ? hold : { kind: 'spent', keyNs: nowNs };
}
