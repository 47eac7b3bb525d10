// Draws the diagrams of docs/wiring.md: node tools/build/wiring-svg.ts. A test compares them with what lies in docs/images.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawings } from './wiring/drawings.ts';

const folder = new URL('../../docs/images/', import.meta.url);
for (const [name, drawing] of Object.entries(drawings())) {
  writeFileSync(fileURLToPath(new URL(name, folder)), drawing);
  console.log(`docs/images/${name}`);
}
