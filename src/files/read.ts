/** Reading files whole. Apart from the writers, whose locks and random names cost more to load than a read takes. */
import { readFileSync, statSync } from 'node:fs';
import { StepupError } from '../errors.ts';
import { fileSystemError, systemErrorCode } from './modes.ts';

/** What pipes gave, by their paths. */
const piped = new Map<string, string>();

/**
 * The bytes of a file; undefined if there is no such file.
 * @throws StepupError `unsafe-path` if it is a folder or a named pipe; `file-system`
 */
export function readBytes(path: string): Buffer | undefined {
  return read(path, () => {
    refuseNamedPipe(path);
    return readFileSync(path);
  });
}

/**
 * Text as it is on the disk, a byte order mark included; undefined if there is no such file. What a pipe gave is kept:
 * it gives that once only, and a command may read its files again.
 * @throws StepupError `unsafe-path` if it isn't UTF-8, or is a folder or a named pipe; `file-system`
 */
export function readText(path: string): string | undefined {
  // Node reads a text in one step, bytes in many.
  const text = read(path, () => {
    refuseNamedPipe(path);
    const given = piped.get(path) ?? readFileSync(path, 'utf8');
    if (isHandedOn(path) && statSync(path).isFIFO()) piped.set(path, given);
    return given;
  });
  return text?.includes('\ufffd') ? readDoubtfulText(path, text) : text;
}

/**
 * What isn't UTF-8 was replaced, and would not be written back as it was; the sign for that may also stand there itself.
 * A pipe tells it once only: there, the sign counts as a replacement.
 */
function readDoubtfulText(path: string, first: string): string | undefined {
  if (!isRegularFile(path)) throw notUtf8(path, first);
  const bytes = readBytes(path);
  const text = bytes?.toString('utf8');
  if (bytes === undefined || text === undefined || Buffer.from(text, 'utf8').equals(bytes)) return text;
  throw notUtf8(path, text);
}

function notUtf8(path: string, text: string): StepupError {
  const before = text.slice(0, text.indexOf('\ufffd')).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return new StepupError('unsafe-path', { path, problem: 'not-utf-8', line: before.length, column });
}

/** False for a pipe, which gives what it holds to its first reader; true for what isn't there. */
export function isRegularFile(path: string): boolean {
  return read(path, () => statSync(path).isFile()) ?? true;
}

/**
 * To open one waits for a writer, in the kernel, where no signal handler of ours runs: Ctrl-C wouldn't end it. What a shell
 * gives for `<(pass show aws)` has its writer.
 */
function refuseNamedPipe(path: string): void {
  if (!statSync(path).isFIFO() || isHandedOn(path)) return;
  throw new StepupError('unsafe-path', { path, problem: 'not-a-regular-file' });
}

/** A name of what was open already when we were started. */
function isHandedOn(path: string): boolean {
  return path.startsWith('/dev/') || path.startsWith('/proc/');
}

/** What this reads; undefined if there is no such file. */
function read<Content>(path: string, content: () => Content): Content | undefined {
  try {
    return content();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return undefined;
    if (code === 'EISDIR') {
      throw new StepupError('unsafe-path', { path, problem: 'not-a-regular-file' }, { cause: error });
    }
    throw fileSystemError(error, path, 'read');
  }
}
