/** One line of the benchmark table: a figure of ours beside somebody else's, measured in one run. */
export interface Row {
  readonly what: string;
  readonly unit: 'a second' | 'ms' | 'MB' | 'times';
  readonly better: 'higher' | 'lower';
  readonly ours: number;
  /** What ours is held against; absent: ours alone. */
  readonly other?: { readonly name: string; readonly value: number };
  /** The ratio that was aimed at, 1 and more being better than the other side. */
  readonly aim?: number;
  readonly note?: string;
}

/** What a file `bench/NAME.ts` exports. */
export type Bench = () => Promise<readonly Row[]>;
