import path from 'node:path';
import type { GapStory, PartStory, RelatedRow, Story } from '../../agent/recorder/story.ts';
import { timelineOf } from './timeline.ts';

const notRecorded = 'not recorded by the version that wrote it';

/** A part's story for a person. */
export function storyText(story: Story): string {
  const lines = story.kind === 'part' ? partLines(story) : gapLines(story);
  return `${lines.join('\n')}\n`;
}

function partLines(story: PartStory): string[] {
  return [
    `Part ${story.part}: ${headline(story)}`,
    '',
    '  Timeline, ms after the trigger',
    ...timelineOf(story).map(({ atMs, text }) => `  ${stamp(atMs)}  ${text}`),
    '',
    ...scoreLines(story),
    ...factLines(story),
    ...relatedLines('Within 5 s around it', story.around),
    ...relatedLines('Before that', story.before),
  ];
}

function headline({ outcome, judged, gate, recovered }: PartStory): string {
  const why = judged.label ?? judged.reason ?? 'the scores it rests on are not known';
  const score = judged.score === null ? '' : ` ${judged.score.toFixed(4)}`;
  const after = recovered ? '; its record was made by the next start' : '';
  return `${outcome} (${why}${score}), gate: ${gate.action ?? 'unknown'}${after}`;
}

function scoreLines({ scores, recipe }: PartStory): string[] {
  if (scores.length === 0) return recipe.note === null ? [] : [`  ${recipe.note}`, ''];
  const rows = scores.map(({ label, kind, score, review, reject }, index) => {
    const name = (label ?? `label ${index + 1}`).padEnd(22);
    const limits = review === null || reject === null ? '' : `review from ${review}, reject from ${reject}`;
    return `    ${name} ${score.toFixed(4)}  ${kind === 'ok' ? 'ok label' : limits}${markOf(score, review, reject)}`;
  });
  const minimum = recipe.minimumOk === null ? '' : `; passes from ${recipe.minimumOk} in the ok labels`;
  const note = recipe.note === null ? [] : [`    ${recipe.note}`];
  return [`  Scores and thresholds of ${recipe.id ?? 'an unnamed recipe'}${minimum}`, ...rows, ...note, ''];
}

function markOf(score: number, review: number | null, reject: number | null): string {
  if (reject !== null && score >= reject) return '  <- reject';
  return review !== null && score >= review ? '  <- review' : '';
}

function factLines(story: PartStory): string[] {
  const { trigger, recipe } = story;
  return [
    fact('Trigger', `${trigger.utc} (local ${trigger.local}), monotonic ${trigger.monoMs} ms`),
    fact('Picture', pictureOf(story)),
    fact('Recipe', `${recipe.id ?? 'not named'}${recipe.folder === null ? '' : `, in ${shown(recipe.folder)}`}`),
    fact('Neighbours', neighboursOf(story)),
    ...storedLines(story),
    ...(story.unknown.length === 0 ? [] : [fact('Unknown', `${story.unknown.join(', ')}: ${notRecorded}`)]),
  ];
}

function fact(name: string, text: string): string {
  return `  ${name.padEnd(14)} ${text}`;
}

function pictureOf({ picture, unknown }: PartStory): string {
  if (unknown.includes('picture')) return notRecorded;
  if (picture === null) return 'none was kept';
  if (picture.sizeBytes === null) return `${shown(picture.file)}, which is not there any more`;
  return `${shown(picture.file)}, ${picture.sizeBytes} bytes`;
}

function neighboursOf({ neighbours, tooClose }: PartStory): string {
  const list = neighbours.map(({ part, afterMs, outcome, action, tooClose: close }) => {
    const when = afterMs === null ? 'of another boot' : `${Math.abs(afterMs)} ms ${afterMs < 0 ? 'before' : 'after'}`;
    return `part ${part} ${when} (${outcome}, ${action ?? 'unknown'}${close === true ? ', too close' : ''})`;
  });
  const own =
    tooClose === null
      ? '; whether it was too close is unknown'
      : tooClose
        ? '; too close to be told apart by the gate'
        : '';
  return `${list.join(', ') || 'none'}${own}`;
}

function storedLines({ stored, session }: Story): string[] {
  const { seq, hash, chain, chainSays } = stored;
  const word = chain === null ? 'chain not checked' : chain ? 'chain holds' : 'CHAIN BROKEN';
  const { number, started, previous, bootId, software } = session;
  const boot = `boot ${bootId ?? 'unknown'}, software ${software ?? 'not recorded'}`;
  return [
    fact('Ledger', `row ${seq}, ${word}: ${chainSays}`),
    fact('', `hash ${hash}`),
    fact('Session', `${number}, started ${started?.utc ?? 'unknown'} after ${previous ?? 'unknown'}, ${boot}`),
  ];
}

function gapLines(story: GapStory): string[] {
  const ranges = story.ranges.slice(0, 20).map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  const more = story.ranges.length > ranges.length ? ` and ${story.ranges.length - ranges.length} ranges more` : '';
  return [
    `Part ${story.part}: no record of its own; row ${story.stored.seq} (${story.reason}) stands for it`,
    '',
    `  ${story.why}`,
    '',
    fact('It names parts', `${ranges.join(', ')}${more}`),
    fact('Written', `${story.written.utc} (local ${story.written.local})`),
    ...storedLines(story),
    ...relatedLines('Within 5 s around it', story.around),
    ...relatedLines('Before that', story.before),
  ];
}

function relatedLines(title: string, rows: readonly RelatedRow[]): string[] {
  if (rows.length === 0) return [];
  const lines = rows.map(({ seq, kind, name, utc, atMs, payload }) => {
    const when = atMs === null ? '' : ` (${stamp(atMs).trim()} ms)`;
    return `    row ${seq}  ${utc}${when}  ${kind} ${name} ${shortened(JSON.stringify(payload))}`;
  });
  return ['', `  ${title}`, ...lines];
}

/** A file below the working folder without the way there. */
function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

function stamp(atMs: number): string {
  return `${atMs < 0 ? '-' : '+'}${Math.abs(atMs).toFixed(3)}`.padStart(10);
}
