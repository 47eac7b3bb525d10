/** Where to leave what must happen at the end of a test or of a scenario; a test's own context is one. */
export interface Cleanup {
  after(action: () => unknown): void;
}
