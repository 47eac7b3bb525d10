import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyrightFile } from './copyright.ts';
import type { Component } from './inventory.ts';
import { sbom } from './sbom.ts';

const product = { version: '1.2.3', arch: 'arm64', epochS: 1_790_000_000 };
const mqtt: Component = {
  name: 'mqtt',
  version: '5.16.0',
  licence: 'MIT',
  copyright: ['Copyright (c) 2015 MQTT.js contributors'],
  text: 'The MIT License\n\nPermission is hereby granted',
  sha512: 'ab12',
};
const runtime: Component = { name: 'onnxruntime-node', version: '1.30.0', licence: 'MIT', copyright: ['Microsoft'] };
const re2: Component = { name: 're2', version: '', licence: 'BSD-3-Clause', copyright: ['RE2'], within: runtime.name };

interface Document {
  readonly serialNumber: string;
  readonly components: readonly { readonly name: string; readonly purl?: string; readonly hashes?: unknown }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

test('sbom: each component with its digest, and what is within another below it', () => {
  const document = JSON.parse(sbom(product, [mqtt, runtime], [re2])) as Document;
  assert.deepEqual(
    document.components.map(({ name }) => name),
    ['mqtt', 'onnxruntime-node', 're2'],
  );
  assert.deepEqual(document.components[0]?.hashes, [{ alg: 'SHA-512', content: 'ab12' }]);
  const [root, parent] = document.dependencies;
  assert.deepEqual(root?.dependsOn, ['pkg:npm/mqtt@5.16.0', 'pkg:npm/onnxruntime-node@1.30.0']);
  assert.deepEqual(parent, { ref: 'pkg:npm/onnxruntime-node@1.30.0', dependsOn: ['onnxruntime-node#re2'] });
  assert.match(document.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('sbom: the same input gives the same bytes, another version another serial number', () => {
  assert.equal(sbom(product, [mqtt], []), sbom(product, [mqtt], []));
  const serialOf = (text: string) => (JSON.parse(text) as Document).serialNumber;
  assert.notEqual(serialOf(sbom(product, [mqtt], [])), serialOf(sbom({ ...product, version: '1.2.4' }, [mqtt], [])));
});

test('copyright: every licence that a paragraph names has its text, and what is linked in is named', () => {
  const text = copyrightFile([mqtt, runtime], [re2]);
  const paragraphs = text.split('\n\n');
  const standing = paragraphs.flatMap((one) => /^License: (\S+)\n/.exec(one)?.[1] ?? []);
  const asked = paragraphs.flatMap(
    (one) => /^License: (.*)$/m.exec(one.startsWith('Files:') ? one : '')?.[1]?.split(' and ') ?? [],
  );
  assert.deepEqual(
    asked.filter((name) => !standing.includes(name)),
    [],
  );
  assert.ok(asked.includes('MIT~mqtt'));
  assert.match(text, /re2 \(BSD-3-Clause\), RE2/);
  assert.match(text, /License: MIT~mqtt\n The MIT License\n \.\n Permission/);
});

test('copyright: of the Apache License only where Debian has it', () => {
  const terms = 'TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION';
  const text = `Node uses long:\n   ${terms}\n   1. Definitions.\n   END OF TERMS AND CONDITIONS\nand ms: MIT`;
  const file = copyrightFile([{ ...mqtt, text }], []);
  assert.doesNotMatch(file, /Definitions/);
  assert.match(file, /Node uses long:\n On Debian systems .*common-licenses\/Apache-2\.0\.\n and ms: MIT/);
});
