/** Words for the codes of agent/native/track/track.h, in their order; `undefined` where such an event never has that code. */
export const verdicts = ['none', 'pass', 'reject', 'review'] as const;
export const inputVerdicts = [undefined, 'pass', 'reject', 'review'] as const;
export const resolvedActions = [undefined, 'eject', 'pass'] as const;
export const closedActions = [undefined, 'eject', 'pass', 'missed', 'aborted'] as const;
export const resolvedCauses = [undefined, 'verdict', 'fail-safe', 'too-close'] as const;
export const closedCauses = ['stopped', 'verdict', 'fail-safe', 'too-close'] as const;
export const stopCauses = [undefined, undefined, 'fail-safe', 'too-close'] as const;
export const confirmations = ['none', 'confirmed', 'unconfirmed'] as const;
