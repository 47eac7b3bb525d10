import { Document, isCollection, isMap, type Node, type Pair, type YAMLMap } from 'yaml';
import { stationTexts } from '../config/schema/station-texts.ts';
import { textFor } from '../config/schema/texts.ts';
import { type Board, inputRoles, type Role } from './boards.ts';
import type { Choices } from './choices.ts';

/** Where the package puts the schema: editors that know the language server check the file while it is written. */
const schemaPath = '/usr/share/linegate/schema/station.json';

/** station.yaml with a comment at every field. `file`: its name, for the head. */
export function stationText(choices: Choices, file: string): string {
  const document = new Document(fieldsOf(choices));
  document.commentBefore = headOf(choices, file)
    .map((line) => ` ${line}`)
    .join('\n');
  if (isMap(document.contents)) comment(document.contents as YAMLMap, [], choices);
  const tail = '# All other fields have a default: "linegate config schema station" lists them with what they are for.';
  return `# yaml-language-server: $schema=${schemaPath}\n${document.toString({ lineWidth: 0 })}${tail}\n`;
}

function headOf({ board, name }: Choices, file: string): string[] {
  const on = board === null ? 'the simulator' : `a ${board.title}`;
  return [
    `The station ${name} on ${on}, written by "linegate init".`,
    `After a change: linegate config check ${file}`,
    ...(board === null || board.before === null ? [] : [board.before]),
  ];
}

function fieldsOf(choices: Choices): Record<string, unknown> {
  const { board, name, recipe, stateFolder, camera } = choices;
  return {
    schemaVersion: 1,
    station: name,
    recipe,
    stateFolder,
    line: board === null ? simulatedLine : gatekeeperLine(board, choices),
    camera: camera.fields,
    pictures: { keep: 'rejects', maxMegabytes: 500 },
    uplink: { kind: 'none' },
    shifts: ['06:00', '14:00', '22:00'],
    log: { level: 'info' },
  };
}

const simulatedLine = { kind: 'simulator', partsPerSecond: 10, defectRate: 0.2, seed: 1, parts: 0 };

/** Where a station's calibration lies. */
export function calibrationFile(stateFolder: string): string {
  return `${stateFolder.replace(/\/+$/, '')}/calibration.yaml`;
}

function gatekeeperLine({ chip }: Board, { lines, instance, stateFolder }: Choices): Record<string, unknown> {
  const entries = Object.entries(lines).map(([role, line]) => [role, { chip, line, ...fieldsFor(role) }] as const);
  const inputs = entries.filter(([role]) => isInput(role));
  const outputs = entries.filter(([role]) => !isInput(role));
  return {
    kind: 'gatekeeper',
    calibration: calibrationFile(stateFolder),
    ...runFiles(instance),
    inputs: Object.fromEntries(inputs),
    outputs: Object.fromEntries(outputs),
  };
}

/** Several stations on one computer have a gatekeeper each, in the folder that its unit makes; one alone has the usual names. */
function runFiles(instance: string): Record<string, unknown> {
  if (instance === '') return {};
  return {
    socket: `/run/linegate/${instance}/gatekeeper.sock`,
    ring: `/run/linegate/${instance}/gatekeeper.ring`,
  };
}

function isInput(role: string): boolean {
  return (inputRoles as readonly string[]).includes(role);
}

/**
 * Inputs as docs/wiring.md draws them: an opto-coupler pulls the pin low while a part is there; the e-stop's closed contact holds it
 * low until somebody presses. A camera's or a flash's pulse starts at once; 1 ms is enough for either.
 */
function fieldsFor(role: string): Record<string, unknown> {
  if (role === 'strobe' || role === 'cameraTrigger') return { activeLevel: 'high', delayUs: 0, widthUs: 1000 };
  if (!isInput(role)) return { activeLevel: 'high' };
  const encoder = role === 'encoderA' || role === 'encoderB';
  const activeLevel = encoder || role === 'estopStatus' ? 'high' : 'low';
  return { activeLevel, bias: 'pull-up', ...(encoder || role === 'trigger' ? {} : { debounceUs: 0 }) };
}

/** Puts what a field is for beside it, or above it where it holds others or is a line. */
function comment(map: YAMLMap, path: readonly string[], choices: Choices): void {
  for (const { key, value } of map.items as Pair<Node, Node>[]) {
    const name = String(key);
    const at = [...path, withKind(name, value)];
    const text = textFor(stationTexts, at)?.text;
    const notes = notesAt(path, name, choices);
    if (isMap(value) && value.items.length > 0 && !isLine(path)) {
      key.commentBefore = linesOf(text, ...notes);
      comment(value, at, choices);
      continue;
    }
    if (isLine(path)) key.commentBefore = linesOf(text);
    besides(value, isLine(path) ? notes : [text, ...notes]);
  }
}

function besides(value: Node | null, texts: readonly (string | undefined)[]): void {
  if (value !== null && texts.length > 0) value.comment = ` ${texts.join('; ')}`;
  if (isCollection(value)) value.flow = true;
}

function linesOf(...texts: readonly (string | undefined)[]): string {
  return texts.flatMap((text) => (text === undefined ? [] : [` ${text}`])).join('\n');
}

/** Whether the fields at this path are lines of GPIO. */
function isLine(path: readonly string[]): boolean {
  return path.length === 2 && (path[1] === 'inputs' || path[1] === 'outputs');
}

function withKind(key: string, value: unknown): string {
  const kind = isMap(value) ? value.get('kind') : undefined;
  return typeof kind === 'string' ? `${key}(${kind})` : key;
}

function uplinkNotes(instance: string): readonly string[] {
  const [unit, folder] = instance === '' ? ['linegate', ''] : [`linegate@${instance}`, `${instance}/`];
  return [
    `such as { kind: mqtt, url: "mqtts://host:8883", username: NAME, passwordFile: /run/credentials/${unit}.service/mqtt-password }`,
    `whose password lies in /etc/linegate/credentials/${folder}mqtt-password, readable by root alone`,
  ];
}

/** What is known of this station alone. */
function notesAt(path: readonly string[], key: string, { board, instance, lines, camera }: Choices): readonly string[] {
  if (path.length === 0 && key === 'camera') return camera.notes;
  if (path.length === 0 && key === 'uplink') return uplinkNotes(instance);
  if (path.length === 1 && key === 'inputs') return inputNotes;
  if (path.length === 1 && key === 'outputs') return ['activeLevel: low where the driver acts at 0 V.'];
  const line = isLine(path) ? lines[key as Role] : undefined;
  const pin = line === undefined ? undefined : board?.header[line];
  return pin === undefined ? [] : [`pin ${pin} of the header`];
}

const inputNotes = [
  'activeLevel: low, bias: pull-up for an opto-coupler, which pulls the pin low; high and pull-down where something raises it.',
  'debounceUs: 0 for a clean sensor; a contact that bounces needs some 5000, and its edges come later by that.',
  'Not for the trigger, whose time counts: triggerDead in the calibration drops its bounces.',
];
