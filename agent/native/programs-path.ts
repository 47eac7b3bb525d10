import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where a C program of linegate may lie: built in a checkout, or beside the bundle. */
const places = ['../../dist/native/ARCH/', './native/ARCH/', './native/', './'] as const;

/** The path of a program that came with linegate; its name alone, for PATH to find it, where it lies nowhere near. */
export function nativeProgram(name: string): string {
  const paths = places.map((place) =>
    fileURLToPath(new URL(place.replace('ARCH', process.arch) + name, import.meta.url)),
  );
  return paths.find((path) => existsSync(path)) ?? name;
}
