import { LinegateError, messageOf } from '../../../agent/core/errors.ts';

export interface ConnectFault {
  readonly port: string;
  readonly cause: unknown;
  /** What the loader said on its way. */
  readonly said: readonly string[];
  /** What the board sent last. */
  readonly heard: string;
  readonly hasSignals: boolean;
}

const HOLD_BOOT = 'hold its BOOT button (GPIO0 to ground on an ESP32-CAM), press RESET, and start again';

/** Why no loader answered, in words for the person at the bench. */
export function connectFault({ port, cause, said, heard, hasSignals }: ConnectFault): LinegateError {
  if (cause instanceof LinegateError) return cause;
  const all = `${said.join('\n')}\n${heard}\n${messageOf(cause)}`;
  const fault = (words: string): LinegateError => new LinegateError('device', words, { cause });
  if (/Unexpected.*(chip|magic)|magic value/i.test(messageOf(cause))) {
    return fault(`The board at ${port} has a chip that is not known here (${messageOf(cause)}): give --port another.`);
  }
  if (/downloadMode:true/.test(all)) {
    return fault(
      `The board at ${port} is in download mode and hears nothing: check the wire from the adapter's TX to the board's RX.`,
    );
  }
  if (!hasSignals) {
    return fault(`The port ${port} cannot put the board into download mode by itself: ${HOLD_BOOT}.`);
  }
  if (/bootMode:0x/.test(all)) {
    return fault(`The board at ${port} runs its firmware and does not go into download mode: ${HOLD_BOOT}.`);
  }
  if (/Invalid head of packet|Invalid SLIP/i.test(all)) {
    return fault(
      `What comes from ${port} is no answer of a loader (another program of the board, or noise): ${HOLD_BOOT}, or try another cable.`,
    );
  }
  return fault(`Nothing answers at ${port}: check the cable and the board's power, or ${HOLD_BOOT}.`);
}

export interface WriteFault {
  readonly port: string;
  readonly cause: unknown;
  readonly baud: number;
}

/** Why writing ended. */
export function writeFault({ port, cause, baud }: WriteFault): LinegateError {
  if (cause instanceof LinegateError) return cause;
  const said = messageOf(cause);
  const fault = (words: string): LinegateError => new LinegateError('device', words, { cause });
  if (/MD5/.test(said)) {
    return fault(
      `The flash of the board at ${port} does not hold what was written: start again, and where it stays so the board is worn or broken.`,
    );
  }
  // A write that failed leaves its stream locked, and the next try finds that.
  if (/stopped|No serial data|timeout|closed|premature|destroyed|is locked/i.test(said)) {
    return fault(`The board at ${port} fell silent: try a lower --baud than ${baud}, another cable, or no hub.`);
  }
  if (/Failed to start stub/.test(said)) {
    return fault(
      `The loader's helper did not start on the board at ${port} (${said}): reset the board and start again.`,
    );
  }
  return fault(
    `The board at ${port} refused (${said}): reset it and start again; with a lower --baud than ${baud} where that does not help.`,
  );
}
