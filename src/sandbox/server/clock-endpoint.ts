import { authenticate } from '../../enforcement/authenticate.ts';
import { Refusal } from '../../enforcement/refusal.ts';
import type { SignedRequest } from '../../enforcement/signed-request.ts';
import { queryDialect } from '../../enforcement/sigv4/query-dialect.ts';
import type { Answer } from '../../loopback/answer.ts';
import { serviceFailure } from '../faults.ts';
import type { World } from '../world.ts';

export const clockPath = '/_stepup/clock';
/** The service that a request to move the clock is signed for. */
const service = { name: 'stepup', dialect: queryDialect, regions: 'any' } as const;

/**
 * `POST /_stepup/clock`, signed by the root key of the first account: moves the authority's clock by
 * `{"advanceSeconds": N}`, `{"set": "2026-01-31T12:00:00Z"}` or `{"reset": true}`, and answers where both clocks stand;
 * `{}` only asks. In JSON, errors too (`{"code", "message"}`).
 */
export function answerClock(signed: SignedRequest, firstAccountId: string, world: World): Answer {
  try {
    if (signed.method !== 'POST') throw new Refusal('MethodNotAllowed', 405, 'The clock is moved by POST.');
    const { caller, body } = authenticate(signed, service, world.authority);
    const isRoot = caller.type === 'long-term' && caller.owner.type === 'root';
    if (!isRoot || caller.owner.accountId !== firstAccountId) {
      throw new Refusal('AccessDenied', 403, `Only root of account ${firstAccountId} may move the clock.`);
    }
    move(body.toString('utf8'), world);
    return json(200, stateOf(world));
  } catch (error) {
    if (!(error instanceof Refusal)) world.onFailure(error);
    const { status, code, message } = error instanceof Refusal ? error : serviceFailure(service.name);
    return json(status, { code, message });
  }
}

function move(body: string, { clocks }: World): void {
  const { advanceSeconds, set, reset, ...rest } = parseObject(body);
  const given = [advanceSeconds, set, reset].filter((value) => value !== undefined);
  if (given.length > 1 || Object.keys(rest).length > 0) {
    throw invalid('Give one of advanceSeconds, set and reset.');
  }
  try {
    if (typeof advanceSeconds === 'number') clocks.advance(advanceSeconds * 1000);
    else if (typeof set === 'string' && isoForm.test(set)) clocks.set(Date.parse(set));
    else if (reset === true) clocks.reset();
    else if (given.length > 0) throw invalid('advanceSeconds is a number, set a time in ISO 8601, reset is true.');
  } catch (error) {
    throw error instanceof RangeError ? invalid(error.message) : error;
  }
}

const isoForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d)$/;

function parseObject(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw invalid('The body must be JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('The body must be an object.');
  return value as Record<string, unknown>;
}

function stateOf({ clocks }: World): object {
  return {
    machine: new Date(clocks.machine()).toISOString(),
    authority: new Date(clocks.authority()).toISOString(),
    aheadSeconds: clocks.aheadMs() / 1000,
  };
}

function json(status: number, value: object): Answer {
  return { status, headers: ['Content-Type', 'application/json'], body: `${JSON.stringify(value)}\n` };
}

function invalid(message: string): Refusal {
  return new Refusal('ValidationError', 400, message);
}
