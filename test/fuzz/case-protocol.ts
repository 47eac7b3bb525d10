/** To the child: the damaged file is made from the seed alone. */
export interface CaseQuestion {
  readonly seed: number;
}

/** From the child. */
export interface CaseAnswer {
  readonly seed: number;
  /**
   * `made`: a whole INT8 model; `sentence`: one plain sentence; `misread`: read otherwise than onnxruntime reads it, which was
   * noticed and said in one sentence; `fault`: any other error.
   */
  readonly end: 'made' | 'sentence' | 'misread' | 'fault';
  readonly text: string;
  readonly ms: number;
  /** The most memory that the process has had so far. */
  readonly peakMb: number;
  readonly file: string;
  readonly changes: readonly string[];
}
