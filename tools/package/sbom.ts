import { createHash } from 'node:crypto';
import type { Component } from './inventory.ts';

interface Product {
  readonly version: string;
  /** Debian's name of the processor. */
  readonly arch: string;
  /** s since 1970. */
  readonly epochS: number;
}

/** What is in the package, as CycloneDX 1.6: a component each with its version, licence and digest. The same for the same input. */
export function sbom(product: Product, components: readonly Component[], embedded: readonly Component[]): string {
  const all = [...components, ...embedded];
  const listed = all.map((one) => cycloneComponent(one));
  const digest = createHash('sha256')
    .update(JSON.stringify([product, listed]))
    .digest('hex');
  const refs = (within: string | undefined) => all.filter((one) => one.within === within).map(refOf);
  const root = `pkg:deb/linegate@${product.version}?arch=${product.arch}`;
  const parents = components.filter(({ name }) => refs(name).length > 0);
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(digest)}`,
    version: 1,
    metadata: {
      timestamp: new Date(product.epochS * 1000).toISOString(),
      component: {
        type: 'application',
        'bom-ref': root,
        name: 'linegate',
        version: product.version,
        licenses: [{ license: { id: 'MIT' } }],
        purl: root,
      },
    },
    components: listed,
    dependencies: [
      { ref: root, dependsOn: refs(undefined) },
      ...parents.map((one) => ({ ref: refOf(one), dependsOn: refs(one.name) })),
    ],
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

function cycloneComponent(one: Component): Readonly<Record<string, unknown>> {
  const { name, version, licence, sha512, within } = one;
  return {
    type: 'library',
    'bom-ref': refOf(one),
    name,
    ...(version === '' ? {} : { version }),
    ...(licence === 'NOASSERTION' ? {} : { licenses: [licenceOf(licence)] }),
    ...(within === undefined ? { purl: refOf(one) } : {}),
    ...(sha512 === undefined ? {} : { hashes: [{ alg: 'SHA-512', content: sha512 }] }),
  };
}

function licenceOf(licence: string): Readonly<Record<string, unknown>> {
  if (/ (AND|OR|WITH) /.test(licence)) return { expression: licence };
  return /^[A-Za-z0-9.+-]+$/.test(licence) ? { license: { id: licence } } : { license: { name: licence } };
}

function refOf({ name, version, within }: Component): string {
  if (within !== undefined) return `${within}#${name}${version === '' ? '' : `@${version}`}`;
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function uuidOf(hex: string): string {
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
