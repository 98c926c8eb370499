import { closeSync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** The calls that can fail on a full or broken disk; an argument, so that a test can fill or break it. */
export interface Disk {
  writeSync(descriptor: number, bytes: Buffer, offset: number, length: number, position: number): number;
  fdatasyncSync(descriptor: number): void;
  ftruncateSync(descriptor: number, length: number): void;
  /** Waits until names made, renamed or removed in the folder are on the disk: a file's own sync doesn't cover its name. */
  syncFolder(path: string): void;
}

export const machineDisk: Disk = { writeSync, fdatasyncSync, ftruncateSync, syncFolder };

function syncFolder(path: string): void {
  // Windows knows no descriptors of folders, and needs no such sync.
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
