import { Refusal } from '../enforcement/refusal.ts';

/** Something to go wrong, for tests of how a client takes it. */
export interface Fault {
  /** An API action, with or without its service: `AssumeRole`, `sts:AssumeRole`, `s3:PutObject`, `iam:*`, `*`. */
  readonly action: string;
  /** How many calls it strikes; 1 if not given. */
  readonly times?: number;
  /** `before` (the default): nothing is done. `after`: it is done, and the answer doesn't tell. */
  readonly when?: FaultMoment;
  /**
   * `throttle` and `fail`: the service's own codes for too many requests and for its own failure. `hang`: no answer, on
   * an open connection. `cut`: the connection ends without one.
   */
  readonly answer:
    | 'throttle'
    | 'fail'
    | 'hang'
    | 'cut'
    | { readonly code: string; readonly status: number; readonly message: string };
}

export type FaultMoment = 'before' | 'after';

/** The call is not to be answered: what its connection does instead. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly how: 'hang' | 'cut';

  constructor(how: 'hang' | 'cut') {
    super(how);
    this.how = how;
  }
}

export interface Faults {
  add(fault: Fault): void;
  /** Throws what is to go wrong with this call at this moment (Refusal, NoAnswer); returns if nothing is. */
  strike(service: string, action: string, moment: FaultMoment): void;
}

interface Armed {
  readonly fault: Fault;
  readonly pattern: string;
  left: number;
}

export function createFaults(initial: readonly Fault[] = []): Faults {
  let armed: Armed[] = [];

  function add(fault: Fault): void {
    armed.push({ fault, pattern: fault.action.toLowerCase(), left: fault.times ?? 1 });
  }

  function strike(service: string, action: string, moment: FaultMoment): void {
    if (armed.length === 0) return;
    const found = armed.find(
      ({ fault, pattern }) => (fault.when ?? 'before') === moment && meets(pattern, service, action),
    );
    if (found === undefined) return;
    found.left--;
    if (found.left <= 0) armed = armed.filter((other) => other !== found);
    throw failureOf(found.fault, service);
  }

  for (const fault of initial) add(fault);
  return { add, strike };
}

function meets(pattern: string, service: string, action: string): boolean {
  const name = action.toLowerCase();
  return pattern === '*' || pattern === name || pattern === `${service}:${name}` || pattern === `${service}:*`;
}

function failureOf({ answer }: Fault, service: string): Refusal | NoAnswer {
  if (answer === 'hang' || answer === 'cut') return new NoAnswer(answer);
  if (answer === 'throttle') {
    return service === 's3'
      ? new Refusal('SlowDown', 503, 'Please reduce your request rate.')
      : new Refusal('Throttling', 400, 'Rate exceeded');
  }
  if (answer === 'fail') return serviceFailure(service);
  return new Refusal(answer.code, answer.status, answer.message);
}

/** What a service says when it is itself at fault. */
export function serviceFailure(service: string): Refusal {
  return service === 's3'
    ? new Refusal('InternalError', 500, 'We encountered an internal error. Please try again.')
    : new Refusal('ServiceFailure', 500, 'The request processing has failed because of an unknown error.');
}
