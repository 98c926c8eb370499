/** What the bench and its processes say to each other, as JSON over Node's own channel. */
export interface Target {
  readonly port: number;
  readonly keys: Keys;
  /** The form to post; each request signs it anew. */
  readonly form: string;
  /** What a good answer contains. */
  readonly expected: string;
}

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** To the generator: load this target for so long. */
export interface LoadOrder {
  readonly target: Target;
  readonly connections: number;
  readonly durationMs: number;
}

/** From the generator. */
export interface LoadReport {
  readonly answered: number;
  readonly seconds: number;
  /** The first answer that wasn't good, if any was. */
  readonly wrong?: string;
}
