/** What linegate-gpioinfo prints for chips whose lines have these names; `held` names who holds a line. */
export function gpioAnswer(
  chips: readonly { readonly label: string; readonly names: readonly string[] }[],
  held: Readonly<Record<string, string>> = {},
): string {
  const told = chips.map(({ label, names }, at) => ({
    device: `/dev/gpiochip${at}`,
    label,
    lines: names.map((name, offset) => ({
      offset,
      name,
      consumer: held[name] ?? '',
      used: held[name] !== undefined,
      direction: 'input',
    })),
  }));
  return JSON.stringify({ chips: told, refused: [] });
}

/** The first 28 lines of a Raspberry Pi's header, as its device tree names them. */
export const piHeader: readonly string[] = [
  'ID_SDA',
  'ID_SCL',
  ...Array.from({ length: 26 }, (_, at) => `GPIO${at + 2}`),
];
