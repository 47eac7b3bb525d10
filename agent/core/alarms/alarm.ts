/** What a person is called for. */
export type AlarmId =
  | 'rejects-in-a-row'
  | 'ejection-unconfirmed'
  | 'no-verdicts'
  | 'unseen-part'
  | 'camera-stalled'
  | 'classifier-down'
  | 'ledger-slow'
  | 'disk-filling'
  | 'disk-full'
  | 'headroom-gone'
  | 'clock-stepped'
  | 'line-fault'
  | 'not-ready'
  | 'bin-full'
  | 'uplink-down'
  | 'uplink-conflict';

/** An alarm that stands. */
export interface Alarm {
  readonly id: AlarmId;
  /** One plain sentence: what, and which value. */
  readonly sentence: string;
  /** What a person should do, one plain sentence. */
  readonly advice: string;
  readonly sinceWallMs: number;
}

/** `cleared` tells the alarm as it was. */
export interface AlarmChange {
  readonly change: 'raised' | 'cleared';
  readonly alarm: Alarm;
}
