/** What the way to the receiver tells. */
export type UplinkEvent =
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected'; readonly reason: string }
  /** Something on the station's `down/ack` topic. */
  | { readonly kind: 'ack'; readonly payload: Uint8Array };

/** Which topic. */
export type UplinkChannel = 'batch' | 'hello' | 'state';

/** The way to a receiver, such as a broker. It may lose, double and reorder: what counts is the receiver's word alone. */
export interface Uplink {
  /**
   * Begins to connect and goes on for ever, with waits between tries. Resolves at once: a broker that is not there is no
   * reason not to run. Rejects with a LinegateError 'bad-config' for what cannot ever work, such as a missing key file.
   */
  start(listener: (event: UplinkEvent) => void): Promise<void>;
  /** Resolves with whether the broker took it; false at once while there is no connection. Never rejects. */
  publish(channel: UplinkChannel, payload: Uint8Array): Promise<boolean>;
  /** Says goodbye, within a bounded time. May be called again. */
  stop(): Promise<void>;
}
