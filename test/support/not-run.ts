import assert from 'node:assert/strict';

/** Says loudly that a part of a test did not run, for lack of something that only some computers have. */
export function notRun(what: string, lacks: string): void {
  console.log(`NOT RUN  ${what}: ${lacks}`);
}

/** The same for a tool that CI installs: there it is a failure. */
export function toolMissing(what: string, tool: string): void {
  assert.notEqual(process.env['CI'], 'true', `${what} needs ${tool}, which .ci/run should have installed`);
  notRun(what, `install ${tool} to run it`);
}
