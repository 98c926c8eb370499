import type { Metafile } from 'esbuild';

export function bundle(
  outdir: string,
): Promise<{ readonly short: Metafile; readonly whole: Metafile; readonly rules: string }>;
