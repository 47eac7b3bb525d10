import { z } from 'zod';
import { LinegateError } from '../../../agent/core/errors.ts';

const text = (most: number) => z.string().min(1).max(most);
const durationUs = z.int().min(1).max(3_600_000_000);

/** The file of `linegate esp provision`: what a station must know that is not built into it. */
const settingsSchema = z.strictObject({
  station: text(63),
  wifi: z.strictObject({
    ssid: text(32),
    passphrase: z.string().min(8, 'must have 8 to 63 characters').max(63).optional(),
  }),
  mqtt: z.strictObject({
    host: text(127),
    port: z.int().min(1).max(65_535).optional(),
    user: text(127).optional(),
    password: text(127).optional(),
    /** A file with certificates in PEM; without it the connection is in clear. */
    caFile: text(500).optional(),
  }),
  /** Where the time comes from; the server that DHCP names when left out. */
  ntp: z.strictObject({ host: text(127) }).optional(),
  /** Where a new firmware lies; it is fetched when `linegate esp update` says so. */
  update: z.strictObject({ url: z.string().regex(/^https:\/\/\S{1,240}$/, 'must begin with https://') }).optional(),
  gate: z.strictObject({
    delayUs: durationUs,
    widthUs: durationUs,
    recoveryUs: durationUs,
    leadUs: durationUs,
    triggerDeadUs: durationUs,
    failSafe: z.enum(['eject', 'pass', 'stop-line']).optional(),
    tooClose: z.enum(['eject-neighbour', 'escape', 'stop-line']).optional(),
  }),
});
type SettingsFile = z.infer<typeof settingsSchema>;

/** A setting as the firmware takes it; of a secret nothing is ever shown. */
export interface Setting {
  readonly key: string;
  readonly value: string;
}

// As the firmware numbers them (components/provisioning).
const failSafes = ['eject', 'pass', 'stop-line'];
const tooCloses = ['eject-neighbour', 'escape', 'stop-line'];

/** Secrets may be in the environment instead of the file, so that the file can be kept with others. */
const WIFI_VARIABLE = 'LINEGATE_WIFI_PASSPHRASE';
const MQTT_VARIABLE = 'LINEGATE_MQTT_PASSWORD';

export interface Sources {
  /** The name of the settings' file, for messages. */
  readonly file: string;
  readonly text: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads a file that the settings name, from where they lie. */
  readonly readBeside: (file: string) => string;
}

/** All settings of the file in the order in which they are told. Throws LinegateError 'bad-config' with all faults, values unseen. */
export function settingsFrom({ file, text, environment, readBeside }: Sources): Setting[] {
  const { station, wifi, mqtt, ntp, update, gate } = parsed(file, text);
  const ca = mqtt.caFile === undefined ? '' : certificates(mqtt.caFile, readBeside(mqtt.caFile));
  const settings: readonly (readonly [key: string, value: string | number])[] = [
    ['station', station],
    ['wifi.ssid', wifi.ssid],
    ['wifi.passphrase', wifi.passphrase ?? environment[WIFI_VARIABLE] ?? ''],
    ['mqtt.host', mqtt.host],
    ['mqtt.port', mqtt.port ?? (ca === '' ? 1883 : 8883)],
    ['mqtt.user', mqtt.user ?? ''],
    ['mqtt.password', mqtt.password ?? environment[MQTT_VARIABLE] ?? ''],
    ['mqtt.ca', ca],
    ['ntp.host', ntp?.host ?? ''],
    ['update.url', update?.url ?? ''],
    ['gate.delayUs', gate.delayUs],
    ['gate.widthUs', gate.widthUs],
    ['gate.recoveryUs', gate.recoveryUs],
    ['gate.leadUs', gate.leadUs],
    ['gate.triggerDeadUs', gate.triggerDeadUs],
    ['gate.failSafe', 1 + failSafes.indexOf(gate.failSafe ?? 'eject')],
    ['gate.tooClose', 1 + tooCloses.indexOf(gate.tooClose ?? 'eject-neighbour')],
  ];
  return settings.map(([key, value]) => ({ key, value: String(value) }));
}

function parsed(file: string, text: string): SettingsFile {
  const read = settingsSchema.safeParse(json(file, text));
  if (read.success) return refuseNoRoom(file, read.data);
  const faults = read.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  throw new LinegateError('bad-config', `${file} is not as it must be: ${faults.join('; ')}.`);
}

/** Said here, where nothing was sent yet; the tracker on the board would not start. */
function refuseNoRoom(file: string, settings: SettingsFile): SettingsFile {
  const { delayUs, leadUs, widthUs, recoveryUs } = settings.gate;
  if (delayUs - leadUs >= widthUs + recoveryUs) return settings;
  throw new LinegateError(
    'bad-config',
    `In ${file} parts cannot be told apart at the gate: delayUs - leadUs is ${delayUs - leadUs} and must be at least widthUs + recoveryUs, ${widthUs + recoveryUs}.`,
  );
}

/** The parser's own words would quote what is near the fault, and that may be a password. */
function json(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LinegateError('bad-config', `${file} is no valid JSON: look for a missing quote, comma or bracket.`);
  }
}

function certificates(file: string, pem: string): string {
  const text = pem.replaceAll('\r\n', '\n').trim();
  if (/^-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----$/.test(text) && text.length < 4095)
    return `${text}\n`;
  throw new LinegateError(
    'bad-config',
    `${file} must hold certificates in PEM, of less than 4,095 characters together.`,
  );
}
