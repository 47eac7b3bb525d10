import assert from 'node:assert/strict';
import { it } from 'node:test';
import { loadPackage } from './packages.ts';

it('a package that is not installed is asked for with the command that gets it', async () => {
  await assert.rejects(loadPackage('linegate-no-such-package'), {
    code: 'missing-package',
    message:
      'An ESP32 is reached with the package linegate-no-such-package, which is not installed: run "npm install esptool-js@0.7.0 serialport@13.0.0".',
  });
});

it('one that does not load says why', async () => {
  const broken = () => Promise.reject(new Error('no binary for this machine'));
  await assert.rejects(loadPackage('serialport', broken), { message: /does not load \(no binary for this machine\)/ });
});
