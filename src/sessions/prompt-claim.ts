import { readText } from '../files/read.ts';

/** Who asks a person for a code, or was the last to. Escape the words before you print them. */
export interface Prompter {
  readonly pid: number;
  /** `terraform (pid 4711)`: what stands behind the question. */
  readonly program: string;
  /** `/dev/pts/3`; absent where the code comes from a program. */
  readonly terminal?: string;
}

/** What the processes that want one session tell each other: one small file, replaced whole. */
export interface PromptClaim {
  /** Grows by one with each prompt; who holds the newest asks, an older one is superseded. */
  readonly generation: number;
  readonly prompter: Prompter;
  /** Epoch milliseconds: when the prompt appeared, or the last key was pressed in it. */
  readonly lastSignMs: number;
  /** `asking`; `left`: ended without an answer (Ctrl-C); `done`; `failed`: no other prompt would do better. */
  readonly state: 'asking' | 'left' | 'done' | 'failed';
  readonly failure?: { readonly code: string; readonly fields: object };
}

/** The claim in this file; undefined when there is none or what is there isn't one: then nobody asks. */
export function readClaim(path: string): PromptClaim | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isClaim(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isClaim(value: unknown): value is PromptClaim {
  if (typeof value !== 'object' || value === null) return false;
  const claim = value as Partial<PromptClaim>;
  return (
    Number.isSafeInteger(claim.generation) &&
    typeof claim.lastSignMs === 'number' &&
    typeof claim.state === 'string' &&
    Number.isSafeInteger(claim.prompter?.pid) &&
    typeof claim.prompter?.program === 'string'
  );
}
