/** Loaded into an agent before all else: SIGUSR2 blocks its event loop for five seconds, as a bug in it would. */
const blockMs = 5000;

process.on('SIGUSR2', () => {
  const end = performance.now() + blockMs;
  while (performance.now() < end);
});
