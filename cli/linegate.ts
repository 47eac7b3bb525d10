#!/usr/bin/env -S MALLOC_ARENA_MAX=2 node --max-semi-space-size=2 --heap-growing-percent=20
// Without these V8 and the C library reserve some 200 MB that a station does not use (docs/benchmark.md). package.json and the
// package's launcher have them too.
import { keepCompiled } from './keep-compiled.ts';

// People wait for this one. A station writes nothing but what is its own.
if (process.argv[2] === 'quantize') keepCompiled();
// Only now, for what is imported above is compiled before anything runs.
await import('./command-line.ts');
