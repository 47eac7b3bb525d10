// Loaded before each test file when `LINEGATE_SEED` is set: every property then draws the same cases again.

import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['LINEGATE_SEED']) });
