import { MqttLink } from './mqtt.ts';
import { type Counters, type Note, Receiver } from './receiver.ts';
import { ReceiverStore } from './store.ts';
import { readTls, type TlsFiles } from './tls.ts';

export interface ReceiverOptions {
  /** Such as mqtt://host:1883. */
  readonly url: string;
  readonly version: '3.1.1' | '5';
  /** The database; made when it is not there. */
  readonly file: string;
  /** For mqtts:// where the system does not know who signed, or where the broker wants a certificate. */
  readonly tls?: TlsFiles;
  readonly note: (note: Note) => void;
}

/** A receiver that runs until it is stopped. */
export interface RunningReceiver {
  readonly counters: Readonly<Counters>;
  /** May be called again. */
  stop(): Promise<void>;
}

/**
 * Opens the database and begins to connect; the broker may come later. Throws LinegateError 'bad-argument' for a URL that
 * is none and for PEM files that cannot be used, 'ledger' for a file that cannot be used.
 */
export function startReceiver({ url, version, file, tls, note }: ReceiverOptions): RunningReceiver {
  const link = new MqttLink({
    url,
    version,
    secrets: readTls(tls ?? {}),
    note,
    take: (messages) => receiver.take(messages),
  });
  const store = new ReceiverStore(file);
  const send = (station: string, payload: Uint8Array): void => link.send(station, payload);
  const receiver = new Receiver({ store, send, note, nowWallMs: Date.now });
  link.start();
  return {
    counters: receiver.counters,
    stop: async () => {
      await link.stop();
      store.close();
    },
  };
}
