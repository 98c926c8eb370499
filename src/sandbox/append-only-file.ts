import { closeSync, fstatSync, openSync } from 'node:fs';
import { type Disk, machineDisk } from './disk.ts';

/** A file that grows by whole appends: each is on the disk when `append` returns, or nothing of it is in the file. */
export class AppendOnlyFile {
  readonly #descriptor: number;
  readonly #disk: Disk;
  #length: number;
  #unusable: unknown;

  /** Opens an existing file, or makes one (mode 0600). */
  constructor(path: string, disk: Disk = machineDisk) {
    this.#descriptor = openSync(path, 'a+', 0o600);
    this.#disk = disk;
    this.#length = fstatSync(this.#descriptor).size;
  }

  get length(): number {
    return this.#length;
  }

  /** Throws the disk's error, ENOSPC say; the file is then as it was. */
  append(bytes: Buffer): void {
    if (this.#unusable !== undefined) throw this.#unusable;
    try {
      for (let written = 0; written < bytes.length; ) {
        written += this.#disk.writeSync(
          this.#descriptor,
          bytes,
          written,
          bytes.length - written,
          this.#length + written,
        );
      }
      this.#disk.fdatasyncSync(this.#descriptor);
    } catch (error) {
      this.#takeBack(error);
      throw error;
    }
    this.#length += bytes.length;
  }

  /** Cuts the file to its first `length` bytes. */
  truncate(length: number): void {
    this.#disk.ftruncateSync(this.#descriptor, length);
    this.#disk.fdatasyncSync(this.#descriptor);
    this.#length = length;
  }

  /** No append counts any more: each throws `cause`. */
  condemn(cause: unknown): void {
    this.#unusable = cause;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #takeBack(cause: unknown): void {
    try {
      this.truncate(this.#length);
    } catch {
      // Half an append may be left: whatever came after it would be unreadable.
      this.condemn(cause);
    }
  }
}
