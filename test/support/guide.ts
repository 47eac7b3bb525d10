/** A fenced block of a guide. */
export interface Block {
  readonly language: string;
  /** Its line in the guide, from 1. */
  readonly at: number;
  readonly lines: readonly string[];
}

/** All fenced blocks. */
export function blocksOf(guide: string): Block[] {
  return [...guide.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(({ 1: language = '', 2: text = '', index }) => ({
    language,
    at: guide.slice(0, index).split('\n').length,
    lines: text.trimEnd().split('\n'),
  }));
}

/** The guide without its fenced blocks. */
function proseOf(guide: string): string {
  return guide.replace(/^```[\s\S]*?^```$/gm, '');
}

/** Where a guide points to: what stands in ](...). */
export function linksOf(guide: string): string[] {
  return [...proseOf(guide).matchAll(/\]\(([^)\s]+)\)/g)].map(({ 1: link = '' }) => link);
}

/** The anchors of its headings, as GitHub makes them. */
export function anchorsOf(guide: string): string[] {
  const headings = [...proseOf(guide).matchAll(/^#+ (.*)$/gm)].map(({ 1: heading = '' }) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** A command as a shell would split it: without sudo, comment and redirection. Quotes keep words together; nothing else of a shell. */
function wordsOf(command: string): string[] {
  const words = [...command.matchAll(/"[^"]*"|'[^']*'|[^\s"']+/g)].map(([word]) => word);
  const end = words.findIndex((word) => word.startsWith('#') || word === '>' || word === '|');
  const own = end < 0 ? words : words.slice(0, end);
  return (own[0] === 'sudo' ? own.slice(1) : own).map((word) => word.replace(/^["']|["']$/g, ''));
}

/** The commands of a block. */
export function commandsOf({ lines }: Block): string[][] {
  return lines.map(wordsOf).filter((words) => words.length > 0);
}

/** The commands that stand in the text between backquotes: those of linegate and of systemd. */
export function inlineCommandsOf(guide: string): string[][] {
  const spans = [...proseOf(guide).matchAll(/`([^`\n]+)`/g)].map(({ 1: span = '' }) => span);
  return spans.map(wordsOf).filter(([program = '', next]) => {
    const known = ['linegate', 'systemctl', 'journalctl'].includes(program) || program.startsWith('/usr/lib/linegate/');
    return known && next !== undefined;
  });
}

/** The rows of all tables whose first header is `first`, cell by cell. */
export function rowsOf(guide: string, first: string): string[][] {
  const lines = proseOf(guide).split('\n');
  return lines.flatMap((line, at) => {
    if (!line.startsWith(`| ${first} |`)) return [];
    const rest = lines.slice(at + 2);
    const end = rest.findIndex((each) => !each.startsWith('|'));
    return rest.slice(0, end < 0 ? undefined : end).map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  });
}
