import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dependsOn, needsIn } from './needs.ts';

const listing = `
0000000000000000      DF *UND*  0000000000000000 (GLIBC_2.9)   pipe2
0000000000000000      DF *UND*  0000000000000000 (GLIBC_2.34)  pthread_create
0000000000000000  w   DF *UND*  0000000000000000 (GLIBC_2.2.5) memcpy
0000000000000000      DF *UND*  0000000000000000 (GLIBCXX_3.4.21) _ZNSt
0000000000000000      DF *UND*  0000000000000000 (GLIBCXX_3.4.9) _ZNSt`;

test('needs: the highest version of each family, as numbers rather than text', () => {
  assert.deepEqual(needsIn(listing), { GLIBC: '2.34', GLIBCXX: '3.4.21' });
  assert.deepEqual(needsIn('no symbols'), {});
});

test('needs: Depends names the C library and the release of GCC that has it', () => {
  const libraries = (glibcxx: string) => dependsOn({ GLIBC: '2.34', GLIBCXX: glibcxx }).split(', ').slice(0, 2);
  assert.deepEqual(libraries('3.4.29'), ['libc6 (>= 2.34)', 'libstdc++6 (>= 11)']);
  assert.deepEqual(libraries('3.4.26'), ['libc6 (>= 2.34)', 'libstdc++6 (>= 9)']);
  assert.throws(() => libraries('3.4.99'), /GLIBCXX_3\.4\.99/);
});
