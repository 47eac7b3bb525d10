import type { Duplex } from 'node:stream';

/** The two outputs of a serial adapter that hold a board in reset and in download mode. */
export interface Signals {
  readonly dtr: boolean;
  readonly rts: boolean;
}

/** An open serial port. */
export interface SerialLine {
  readonly stream: Duplex;
  /** USB numbers of the adapter, where it has them. */
  readonly usb: { readonly vendorId?: number; readonly productId?: number };
  setBaudRate(baud: number): Promise<void>;
  /** False where this port has no such lines, as a pseudo-terminal; then a person must press the board's buttons. */
  setSignals(signals: Signals): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens a port at a baud rate. */
export type OpenLine = (baud: number) => Promise<SerialLine>;
