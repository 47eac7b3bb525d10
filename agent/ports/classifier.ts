/** Why a classifier gave no scores. */
export type ClassifierFailure = 'classifier-down' | 'overflow' | 'bad-answer' | 'aborted';

/** One score per label, in the recipe's order, or why there are none. */
export type Classification =
  | { readonly kind: 'scores'; readonly scores: readonly number[]; readonly inferenceNs: number }
  | { readonly kind: 'failed'; readonly reason: ClassifierFailure; readonly detail: string };

/** Runs the recipe's model. */
export interface Classifier {
  /** Resolves when the model is loaded and answers. Rejects with a LinegateError 'bad-model' or 'missing-package'. */
  start(): Promise<void>;
  /**
   * `tensor`: uint8 NHWC of the recipe's size. Never rejects. The tensor is the caller's again once this resolves, unless
   * as 'aborted': then it may still be read and must not be reused.
   */
  classify(tensor: Uint8Array, signal: AbortSignal): Promise<Classification>;
  stop(): Promise<void>;
}
