/** Waits for Ctrl-C or a request to end. A second one ends the process at once. */
export function onceStopped(): { signal: Promise<void>; happened: () => boolean; forget: () => void } {
  let happened = false;
  let resolve: () => void = () => {};
  const signal = new Promise<void>((settle) => {
    resolve = settle;
  });
  const onSignal = (): void => {
    if (happened) process.exit(130);
    happened = true;
    resolve();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const forget = (): void => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
  return { signal, happened: () => happened, forget };
}
