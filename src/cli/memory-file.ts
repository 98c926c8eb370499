/**
 * A small file of ours that remembers texts by name. Losing it costs a question or a request, so one that can't be
 * read is empty, and one that can't be written is nobody's trouble.
 */
import { dirname } from 'node:path';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { makePrivateFolder } from '../files/modes.ts';
import { readText } from '../files/read.ts';

export interface MemoryFile {
  readonly recall: (name: string) => string | undefined;
  readonly remember: (name: string, text: string) => void;
}

export function memoryFile(path: string): MemoryFile {
  return {
    recall: (name) => read(path)[name],
    remember: (name, text) => {
      try {
        makePrivateFolder(dirname(path));
        writeFileAtomic(path, `${JSON.stringify({ ...read(path), [name]: text })}\n`);
      } catch {
        // It is asked again next time.
      }
    },
  };
}

function read(path: string): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(readText(path) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === 'string'));
  } catch {
    return {};
  }
}
