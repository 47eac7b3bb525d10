/** What it needs of the port Clock. */
interface Timer {
  nowNs(): number;
  at(atNs: number, action: () => void): () => void;
}

/** A program that runs, as its owner can end it. */
interface Ending {
  /** Asks it to end. */
  readonly ask: () => void;
  /** Ends it. */
  readonly force: () => void;
  /** Settles when it has ended. */
  readonly gone: Promise<unknown>;
}

/** How long a program that is asked to end may take, and one that is forced to. */
const patienceNs = 1e9;

/** Asks a program to end, forces it if it has not after a second, and gives it another second to be gone. */
export async function endInTime(clock: Timer, { ask, force, gone }: Ending): Promise<void> {
  ask();
  const nowNs = clock.nowNs();
  const cancelForce = clock.at(nowNs + patienceNs, force);
  await new Promise<void>((resolve) => {
    const cancel = clock.at(nowNs + 2 * patienceNs, resolve);
    void gone.then(() => {
      cancelForce();
      cancel();
      resolve();
    });
  });
}
