/** What stands against ready, by the names that the line gives it. */
const words: Readonly<Record<string, string>> = {
  start: 'parts may lie on the belt that nobody has seen',
  encoder: "the belt's encoder lost counts",
  late: 'a pulse of the gate came late, was missed or was cut short',
  ring: 'parts were forgotten before they were recorded',
  chip: 'the GPIO chip is gone',
  'no-agent': 'the agent gave no sign of life',
  stopped: 'the line was stopped and nobody has resumed it',
  'gatekeeper-gone': 'there is no connection to the gatekeeper',
};

/** What stands against ready, in words; a name that is unknown here stands for itself. */
export function doubtsInWords(doubts: readonly string[]): string {
  const each = doubts.map((doubt) => words[doubt] ?? doubt);
  return each.length < 2 ? each.join('') : `${each.slice(0, -1).join(', ')} and ${each.at(-1)}`;
}
