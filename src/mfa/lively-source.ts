import type { CodeSource } from './source.ts';

/** Well below the silence after which another prompt takes over. */
const EVERY_MS = 5_000;

/**
 * The same source, which gives a sign again and again while a program of it is asked: an open dialog is a prompt that
 * nobody need take over. It gives none while this process is stopped, and the program's own time limit ends it.
 */
export function livelySource(source: CodeSource, sign: () => void): CodeSource {
  return {
    ...source,
    code: async (request, signal) => {
      const timer = setInterval(sign, EVERY_MS);
      try {
        return await source.code(request, signal);
      } finally {
        clearInterval(timer);
      }
    },
  };
}
