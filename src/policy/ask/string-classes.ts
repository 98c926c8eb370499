/**
 * Every way in which one string can match and not match some groups of patterns, with a string for each: "matches one
 * of the first group and none of the second: `eu-x`". It is what makes a "no" of the symbolic question sound: a combination that isn't in the
 * answer is one that no string has.
 *
 * The groups are run side by side as automata over all strings at once; a set of positions in each group is a state
 * of the walk. For the patterns that people write (words, prefixes, `*middle*`) the number of states is about the sum
 * of the lengths; in the worst case it is exponential in the number of stars, so the walk has a bound.
 */

/** One place of a pattern. `star`: any run of characters; `one`: any character; both may leave the colon out (ARN parts). */
export type PatternToken =
  | { readonly type: 'character'; readonly character: string; readonly ignoreCase: boolean }
  | { readonly type: 'star' | 'one'; readonly exceptColon: boolean };

/** From its first place to its last; a literal is all characters. */
export type StringPattern = readonly PatternToken[];

export interface StringClasses {
  /** A string for each combination that the walk met, shortest first. The empty string is always one of them. */
  readonly examples: readonly string[];
  /** False when the walk stopped at its bound: combinations may be missing. */
  readonly complete: boolean;
}

/** States after which the walk gives up: a few tens of milliseconds. */
const MAX_STATES = 20_000;
/** Combinations after which it gives up: more would drown the search that uses them. */
const MAX_CLASSES = 256;

/**
 * All attainable combinations of matches; a string matches a group if it matches one of its patterns. Time: at most
 * {@link MAX_STATES} times the groups times the characters that matter in a state.
 */
export function stringClasses(
  groups: readonly (readonly StringPattern[])[],
  maxStates: number = MAX_STATES,
): StringClasses {
  const automata = groups.map((patterns) => new GroupAutomaton(patterns));
  const other = characterOutside(groups.flat());
  const start = automata.map((automaton) => automaton.start);
  const seen = new Set<string>([start.join()]);
  const classes = new Map<string, string>();
  const queue: { readonly states: readonly number[]; readonly text: string }[] = [{ states: start, text: '' }];
  for (const { states, text } of queue) {
    const signature = states.map((state, index) => (automata[index]?.accepts(state) === true ? '1' : '0')).join('');
    if (!classes.has(signature)) classes.set(signature, text);
    if (classes.size > MAX_CLASSES) return { examples: [...classes.values()], complete: false };
    for (const character of charactersThatMatter(automata, states, other)) {
      const next = states.map((state, index) => automata[index]?.step(state, character) ?? DEAD);
      const key = next.join();
      if (seen.has(key)) continue;
      if (seen.size >= maxStates) return { examples: [...classes.values()], complete: false };
      seen.add(key);
      queue.push({ states: next, text: text + character });
    }
  }
  return { examples: [...classes.values()], complete: true };
}

/** Where no position is left: the pattern can't match any more. */
const DEAD = 0;

/** Stands behind each pattern of a group: who gets here has matched it. */
const END = 'end';

/** A group as one deterministic automaton, built as it is walked. A state is the number of a set of positions. */
class GroupAutomaton {
  readonly start: number;
  /** The patterns one behind the other. */
  readonly #tokens: readonly (PatternToken | typeof END)[];
  readonly #positions: (readonly number[])[] = [[]];
  readonly #numbers = new Map<string, number>([['', DEAD]]);
  readonly #steps = new Map<string, number>();

  constructor(patterns: readonly StringPattern[]) {
    const starts: number[] = [];
    const tokens: (PatternToken | typeof END)[] = [];
    for (const pattern of patterns) {
      starts.push(tokens.length);
      tokens.push(...pattern, END);
    }
    this.#tokens = tokens;
    this.start = this.#numberOf(this.#closure(starts));
  }

  accepts(state: number): boolean {
    return (this.#positions[state] ?? []).some((position) => this.#tokens[position] === END);
  }

  step(state: number, character: string): number {
    const key = `${state} ${character}`;
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    const reached: number[] = [];
    for (const [position, token] of this.#tokensAt(state)) {
      if (takes(token, character)) reached.push(token.type === 'star' ? position : position + 1);
    }
    const next = this.#numberOf(this.#closure(reached));
    this.#steps.set(key, next);
    return next;
  }

  /** The characters that lead elsewhere than an arbitrary one does. */
  charactersThatMatter(state: number): readonly string[] {
    return this.#tokensAt(state).flatMap(([, token]) => {
      if (token.type === 'character') return token.ignoreCase ? caseVariants(token.character) : [token.character];
      return token.exceptColon ? [':'] : [];
    });
  }

  #tokensAt(state: number): readonly (readonly [position: number, token: PatternToken])[] {
    return (this.#positions[state] ?? []).flatMap((position) => {
      const token = this.#tokens[position];
      return token === undefined || token === END ? [] : [[position, token] as const];
    });
  }

  /** A star may also match nothing: its next position is reached with it. */
  #closure(positions: readonly number[]): readonly number[] {
    const all = new Set<number>();
    for (const start of positions) {
      for (let position = start; ; position++) {
        all.add(position);
        const token = this.#tokens[position];
        if (token === undefined || token === END || token.type !== 'star') break;
      }
    }
    return [...all].sort((one, two) => one - two);
  }

  #numberOf(positions: readonly number[]): number {
    const key = positions.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#positions.length);
    return this.#positions.push(positions) - 1;
  }
}

function takes(token: PatternToken, character: string): boolean {
  if (token.type !== 'character') return !(token.exceptColon && character === ':');
  if (!token.ignoreCase) return token.character === character;
  return token.character.toLowerCase() === character.toLowerCase();
}

function charactersThatMatter(
  automata: readonly GroupAutomaton[],
  states: readonly number[],
  other: string,
): ReadonlySet<string> {
  const characters = new Set<string>([other]);
  for (const [index, state] of states.entries()) {
    for (const character of automata[index]?.charactersThatMatter(state) ?? []) characters.add(character);
  }
  return characters;
}

/** Letters that fold onto a letter of another name: the Kelvin, Ångström and Ohm signs and the capital sharp s. */
const FURTHER_VARIANTS: Readonly<Record<string, string>> = { k: '\u212a', å: '\u212b', ω: '\u2126', ß: '\u1e9e' };

function caseVariants(character: string): readonly string[] {
  const lower = character.toLowerCase();
  const further = FURTHER_VARIANTS[lower];
  const variants = [character, lower, character.toUpperCase(), ...(further === undefined ? [] : [further])];
  return variants.filter((variant) => variant.length === 1 && variant.toLowerCase() === lower);
}

/** Easy to read in an example, and unlikely in a pattern. */
const FAVOURITES = 'xzqwvyjkXZQ0123456789';

/** A character that no pattern names, so it stands for all of those. */
function characterOutside(patterns: readonly StringPattern[]): string {
  const named = new Set<string>([':']);
  for (const token of patterns.flat()) {
    if (token.type === 'character') for (const variant of caseVariants(token.character)) named.add(variant);
    if (token.type === 'character') named.add(token.character);
  }
  const favourite = [...FAVOURITES].find((character) => !named.has(character));
  if (favourite !== undefined) return favourite;
  // Han characters: assigned, printable, without case, and more of them than patterns have characters.
  for (let code = 0x4e00; ; code++) {
    const character = String.fromCharCode(code);
    if (!named.has(character)) return character;
  }
}
