/** How full the file system is that holds the state folder. */
export interface DiskUsage {
  /** Share of what this process may use that is in use, 0 to 1. */
  readonly usedShare: number;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** The disk under the station's records. */
export interface Disk {
  /** Rejects with a LinegateError 'device' when the computer cannot tell. */
  usage(): Promise<DiskUsage>;
}
