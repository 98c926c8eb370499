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
    recall: (name) => read(path).get(name),
    remember: (name, text) => {
      try {
        makePrivateFolder(dirname(path));
        const all = new Map([...read(path), [name, text]]);
        writeFileAtomic(path, `${JSON.stringify(Object.fromEntries(all))}\n`);
      } catch {
        // It is asked again next time.
      }
    },
  };
}

function read(path: string): ReadonlyMap<string, string> {
  try {
    const value: unknown = JSON.parse(readText(path) ?? '{}');
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return new Map(entries.filter(([, text]) => typeof text === 'string'));
  } catch {
    return new Map();
  }
}
