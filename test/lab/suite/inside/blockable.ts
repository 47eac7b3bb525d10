/**
 * Loaded into an agent before all else: SIGUSR2 blocks its event loop for five seconds, as a bug in it would. It waits without
 * computing, for the lab's exact clock stands still while anything computes.
 */
const blockMs = 5000;

process.on('SIGUSR2', () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockMs);
});
