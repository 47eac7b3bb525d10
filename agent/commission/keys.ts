const names = new Map([
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\u007f', 'backspace'],
  ['\b', 'backspace'],
  [' ', 'space'],
  ['\u0003', 'interrupt'],
  ['\u0004', 'interrupt'],
]);

const escapeKey = '\u001b';

/**
 * The keys in what a terminal in raw mode sent at once. Repeats of one key that waited together are one press of it, so that what
 * piled up while this process was busy moves no gate afterwards. Arrows and the like are "other".
 */
export function keysOf(chunk: string): string[] {
  if (chunk.startsWith(escapeKey)) return ['other'];
  const keys = [...chunk].map((character) => names.get(character) ?? (character < ' ' ? 'other' : character));
  return keys.filter((key, index) => key !== 'space' || keys[index - 1] !== 'space');
}
