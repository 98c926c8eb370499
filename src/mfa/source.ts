/** Where codes come from. A source is a small object; adding one touches one new file and one line in `sources.ts`. */

/** What the one who gives the code is told, so that nobody types a code for something that they didn't start. */
export interface CodeRequest {
  readonly profile: string;
  /** Twelve digits, where the device's ARN or AWS tells. */
  readonly accountId?: string;
  /** Where AWS told it. */
  readonly userName?: string;
  readonly serialNumber: string;
  /** The role that the session is for, if it is asked for on behalf of one. */
  readonly roleArn?: string;
  /** The host that the code is sent to. */
  readonly host: string;
  /** `stepup login (pid 42), started by bash (pid 7)`. */
  readonly askedBy: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** Codes that AWS refused in this run, or that it took not long ago: no use to send them again. */
  readonly refused: readonly string[];
  /** Of a code that was given last and not sent, for AWS had taken it this long ago. */
  readonly usedSecondsAgo?: number;
}

export interface CodeSource {
  readonly name: string;
  /** True for a source that shows the request to a person, who then should read whose code it is. */
  readonly tellsPerson: boolean;
  /** True where this machine's clock makes the code: where that is wrong, so is every code. */
  readonly madeHere: boolean;
  /** A program that runs into a time limit of its own if nobody answers: while it runs, the person is being asked. */
  readonly endsByItself?: true;
  /** How often this source is worth asking when AWS refuses its code. */
  readonly tries: number;
  /**
   * Six digits. Throws `interrupted` when the person leaves, `code-malformed` for something else than a code; a
   * source that can ask again does so itself.
   */
  readonly code: (request: CodeRequest, signal: AbortSignal | undefined) => Promise<string>;
}

/** A code that was given beforehand: one try. */
export function givenCode(code: string, name: string): CodeSource {
  return { name, tellsPerson: false, madeHere: false, tries: 1, code: async () => code };
}
