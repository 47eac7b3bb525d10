import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Component } from './inventory.ts';

type Texts = Readonly<Record<string, string>>;

/**
 * The file usr/share/doc/linegate/copyright, in Debian's machine-readable format 1.0: who made what is in the package, and
 * every licence, in full where Debian does not have it.
 */
export function copyrightFile(components: readonly Component[], embedded: readonly Component[]): string {
  const texts = JSON.parse(readFileSync(path.join(import.meta.dirname, 'files/licences.json'), 'utf8')) as Texts;
  const own = components.filter(({ name }) => !isFolder(name));
  const apart = components.filter(({ name }) => isFolder(name));
  const paragraphs = [
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: linegate',
    paragraph('*', ['2026 The Linegate authors'], 'MIT'),
    paragraph('usr/lib/linegate/linegate-*', ['2026 The Linegate authors', cLibrary], 'MIT and LGPL-2.1-or-later'),
    paragraph('usr/lib/linegate/*.js', holdersOf(own), ['MIT', ...own.map(labelOf)].join(' and ')),
    ...apart.map((one) => apartParagraph(one, embedded)),
    ...components.map((one) => licenceParagraph(labelOf(one), withoutApache(one.text ?? textFor(one, texts), texts))),
    ...Object.entries(texts).map(([name, text]) => licenceParagraph(name, text)),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

const cLibrary = 'the authors of the GNU C Library';

/** Whether it lies in the package as files of its own rather than in the bundle. */
function isFolder(name: string): boolean {
  return /^(node-linux-|@img\/|sharp$|better-sqlite3$|onnxruntime-|detect-libc$|semver$)/.test(name);
}

function apartParagraph(one: Component, embedded: readonly Component[]): string {
  const files = one.name.startsWith('node-linux-') ? 'bin/node' : `node_modules/${one.name}/*`;
  const parts = embedded.filter(({ within, licence }) => within === one.name && licence !== 'NOASSERTION');
  const comment = parts.map(({ name, version, licence, copyright }) =>
    [name, version, `(${licence}),`, ...copyright].filter(Boolean).join(' '),
  );
  const head = paragraph(`usr/lib/linegate/${files}`, one.copyright, labelOf(one));
  return parts.length === 0
    ? head
    : `${head}\nComment:\n Has within it:\n${comment.map((line) => ` ${line}`).join('\n')}`;
}

function holdersOf(components: readonly Component[]): readonly string[] {
  const lines = components.flatMap(({ name, copyright }) => copyright.map((line) => `${name}: ${line}`));
  return ['2026 The Linegate authors', ...lines];
}

function labelOf({ name, licence }: Component): string {
  return `${licence.replace(/[^A-Za-z0-9.+-]+/g, '-').replace(/^-|-$/g, '')}~${name.replace(/[^a-z0-9.-]+/g, '-').replace(/^-/, '')}`;
}

function textFor({ name, licence }: Component, texts: Texts): string {
  const text = texts[licence];
  if (text === undefined) throw new Error(`The licence ${licence} of ${name} has no text; add it to licences.json.`);
  return text;
}

/** Debian wants its own copy of the Apache License named in place of the terms, also within a longer text. */
function withoutApache(text: string, texts: Texts): string {
  const terms =
    /^.*TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION[\s\S]*?END OF TERMS AND CONDITIONS.*$/gm;
  return text.replace(terms, texts['Apache-2.0'] ?? '');
}

function paragraph(files: string, copyright: readonly string[], licence: string): string {
  return `Files: ${files}\nCopyright: ${copyright.join('\n ')}\nLicense: ${licence}`;
}

function licenceParagraph(label: string, text: string): string {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => (line.trim() === '' ? ' .' : ` ${line.trimEnd()}`));
  return `License: ${label}\n${lines.join('\n')}`;
}
