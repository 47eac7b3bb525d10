/** Computers that `linegate init` knows the lines of. */
export const boardNames = ['pi4', 'pi5', 'zero2w', 'orin', 'simulator'] as const;
export type BoardName = (typeof boardNames)[number];

export const inputRoles = [
  'trigger',
  'confirm',
  'encoderA',
  'encoderB',
  'partAtGate',
  'binFull',
  'estopStatus',
] as const;
export const outputRoles = [
  'gate',
  'reviewGate',
  'ready',
  'strobe',
  'cameraTrigger',
  'plcBusy',
  'plcOk',
  'plcNg',
] as const;
export type Role = (typeof inputRoles)[number] | (typeof outputRoles)[number];

/** A computer with a header of GPIO lines. */
export interface Board {
  /** As a person calls it. */
  readonly title: string;
  /** Label of the chip that the header hangs on. */
  readonly chip: string;
  /** Pins of the header by the name of their line. */
  readonly header: Readonly<Record<string, number>>;
  /** The lines that are proposed: all different, and no output on a line that is on while the computer boots. */
  readonly proposal: Readonly<Record<Role, string>>;
  /** What must be seen to before its lines can be used; null where nothing must. */
  readonly before: string | null;
}

/** Pins by BCM number, the same on all Raspberry Pis with 40 pins. */
const piPins: readonly (readonly [number, number])[] = [
  ...([
    [0, 27],
    [1, 28],
    [2, 3],
    [3, 5],
    [4, 7],
    [5, 29],
    [6, 31],
    [7, 26],
    [8, 24],
    [9, 21],
  ] as const),
  ...([
    [10, 19],
    [11, 23],
    [12, 32],
    [13, 33],
    [14, 8],
    [15, 10],
    [16, 36],
    [17, 11],
    [18, 12],
  ] as const),
  ...([
    [19, 35],
    [20, 38],
    [21, 40],
    [22, 15],
    [23, 16],
    [24, 18],
    [25, 22],
    [26, 37],
    [27, 13],
  ] as const),
];

/** Outputs on lines that are pulled down at boot and belong to neither I2C, SPI nor the UART. */
const piProposal: Board['proposal'] = {
  trigger: 'GPIO17',
  confirm: 'GPIO18',
  encoderA: 'GPIO5',
  encoderB: 'GPIO6',
  partAtGate: 'GPIO19',
  binFull: 'GPIO20',
  estopStatus: 'GPIO21',
  gate: 'GPIO27',
  reviewGate: 'GPIO23',
  ready: 'GPIO22',
  strobe: 'GPIO24',
  cameraTrigger: 'GPIO25',
  plcBusy: 'GPIO26',
  plcOk: 'GPIO16',
  plcNg: 'GPIO12',
};

function pi(title: string, chip: string): Board {
  const header = Object.fromEntries(piPins.map(([bcm, pin]) => [`GPIO${bcm}`, pin]));
  return { title, chip, header, proposal: piProposal, before: null };
}

/** Developer kits of Orin Nano and Orin NX; the header of an AGX Orin is another one. */
const orin: Board = {
  title: 'Jetson Orin Nano or NX',
  chip: 'tegra234-gpio',
  header: {
    ...{ 'PAC.06': 7, 'PR.04': 11, 'PH.07': 12, 'PY.00': 13, 'PN.01': 15, 'PY.04': 16, 'PY.03': 18, 'PZ.05': 19 },
    ...{ 'PZ.04': 21, 'PY.01': 22, 'PZ.03': 23, 'PZ.06': 24, 'PZ.07': 26, 'PQ.05': 29, 'PQ.06': 31, 'PG.06': 32 },
    ...{ 'PH.00': 33, 'PI.02': 35, 'PR.05': 36, 'PY.02': 37, 'PI.01': 38, 'PI.00': 40 },
  },
  proposal: {
    trigger: 'PQ.05',
    confirm: 'PQ.06',
    encoderA: 'PY.00',
    encoderB: 'PY.01',
    partAtGate: 'PY.02',
    binFull: 'PY.03',
    estopStatus: 'PY.04',
    gate: 'PAC.06',
    reviewGate: 'PR.04',
    ready: 'PN.01',
    strobe: 'PG.06',
    cameraTrigger: 'PH.00',
    plcBusy: 'PH.07',
    plcOk: 'PI.02',
    plcNg: 'PI.00',
  },
  before: 'The pins must be GPIO in the pin multiplexer (sudo /opt/nvidia/jetson-io/jetson-io.py), outputs as outputs.',
};

export const boards: Readonly<Record<Exclude<BoardName, 'simulator'>, Board>> = {
  pi4: pi('Raspberry Pi 4', 'pinctrl-bcm2711'),
  pi5: pi('Raspberry Pi 5', 'pinctrl-rp1'),
  zero2w: pi('Raspberry Pi Zero 2 W', 'pinctrl-bcm2835'),
  orin,
};

/** The board of a device tree's model; null when it is none of ours. */
export function boardOf(model: string): Exclude<BoardName, 'simulator'> | null {
  if (/^Raspberry Pi (4|400|Compute Module 4)\b/.test(model)) return 'pi4';
  if (/^Raspberry Pi (5|500|Compute Module 5)\b/.test(model)) return 'pi5';
  if (/^Raspberry Pi Zero 2\b/.test(model)) return 'zero2w';
  return /\bOrin (Nano|NX)\b/.test(model) ? 'orin' : null;
}

/** The line of the header that a person means by `17`, `GPIO17` or `PQ.05`; null when there is none. */
export function lineNamed(board: Board, given: string): string | null {
  const name = /^\d+$/.test(given) ? `GPIO${Number(given)}` : given.toUpperCase();
  return Object.hasOwn(board.header, name) ? name : null;
}
