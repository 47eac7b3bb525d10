import { Duplex } from 'node:stream';
import type { OpenLine, SerialLine } from '../serial/line.ts';
import { RomLoader, type RomScript } from './rom-loader.ts';

/** The two ends of a wire: what is written to one is read at the other. */
export function wire(): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const make = (other: 0 | 1): Duplex =>
    new Duplex({
      read: () => {},
      write: (bytes, _encoding, done) => {
        ends[other]?.push(bytes);
        done();
      },
    });
  const pair: [Duplex, Duplex] = [make(1), make(0)];
  ends.push(...pair);
  return pair;
}

/** A serial line over an end of a wire, whose other end answers by itself and needs no signals. */
export function lineAt(stream: Duplex): SerialLine {
  return { stream, usb: {}, setBaudRate: async () => {}, setSignals: async () => true, close: async () => {} };
}

/** A scripted board at a wire, with lines for reset and download mode. */
export function boardAtWire(script: RomScript): {
  rom: RomLoader;
  openLine: OpenLine;
  opened: number[];
  closed: () => number;
} {
  const [here, there] = wire();
  const rom = new RomLoader(there, script);
  rom.start();
  const opened: number[] = [];
  let closed = 0;
  const openLine: OpenLine = async (baud) => {
    opened.push(baud);
    return {
      stream: here,
      usb: {},
      setBaudRate: async () => {},
      setSignals: async (signals) => {
        rom.signals(signals);
        return true;
      },
      close: async () => {
        closed += 1;
      },
    };
  };
  return { rom, openLine, opened, closed: () => closed };
}
