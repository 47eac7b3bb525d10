/**
 * What fields are for, by the end of their path. A part of a path that is a choice by `kind` has the kind behind it:
 * `line(simulator).seed`; without it the text holds for every kind. `outputs.*.line` holds for whatever is in between.
 */
export type Texts = Readonly<Record<string, string>>;

/** The text for a field: that with the longest end of its path, exact kinds before any kind. */
export function textFor(texts: Texts, path: readonly string[]): { readonly key: string; readonly text: string } | null {
  for (let from = 0; from < path.length; from += 1) {
    const end = path.slice(from);
    for (const key of [end, lastKindOnly(end), end.map(plain), anyParent(end)].map((parts) => parts.join('.'))) {
      const text = texts[key];
      if (text !== undefined) return { key, text };
    }
  }
  return null;
}

/** `a(x).b(y).c` becomes `a.b(y).c`. */
function lastKindOnly(path: readonly string[]): string[] {
  return path.map((part, at) => (at === path.length - 2 ? part : plain(part)));
}

function plain(part: string): string {
  return part.replace(/\(.*\)$/, '');
}

/** `a.b.c` becomes `a.*.c`. */
function anyParent(path: readonly string[]): string[] {
  return path.map((part, at) => (at === path.length - 2 && at > 0 ? '*' : plain(part)));
}
