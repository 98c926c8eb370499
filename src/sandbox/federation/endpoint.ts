import { Refusal } from '../../enforcement/refusal.ts';
import type { Answer } from '../../loopback/answer.ts';
import { NoAnswer } from '../faults.ts';
import type { Parameters } from '../operation.ts';
import type { World } from '../world.ts';
import { pageHeaders, refusalPage, signedInPage } from './page.ts';
import { refused, signInCaller } from './session.ts';
import type { SignIns } from './sign-ins.ts';

/** Seconds that SessionDuration may ask for. */
const shortest = 900;
const longest = 43_200;

/** True for the one action whose answer is a page for a person's browser. */
export function isSignInPage(parameters: Parameters): boolean {
  return parameters.get('Action') === 'login';
}

/**
 * The sign-in federation endpoint: `getSigninToken` changes temporary credentials into a token that works once, `login`
 * changes that into a page (AWS: the console). Nothing here is signed; the credentials themselves are the proof.
 */
export function answerFederation(parameters: Parameters, signIns: SignIns, world: World): Answer {
  const action = parameters.get('Action') ?? '';
  const isPage = isSignInPage(parameters);
  try {
    world.faults.strike('signin', action, 'before');
    const answer = isPage ? logIn(parameters, signIns, world) : getSigninToken(action, parameters, signIns, world);
    world.faults.strike('signin', action, 'after');
    return answer;
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    if (!(error instanceof Refusal)) world.onFailure(error);
    const { status, message } = error instanceof Refusal ? error : { status: 500, message: 'The sandbox failed.' };
    return isPage
      ? { status, headers: pageHeaders, body: refusalPage(message) }
      : { status, headers: ['Content-Type', 'text/plain; charset=utf-8', ...noStore], body: `${message}\n` };
  }
}

const noStore = ['Cache-Control', 'no-store'];

function getSigninToken(action: string, parameters: Parameters, signIns: SignIns, world: World): Answer {
  if (action !== 'getSigninToken') throw refused(`There is no action ${JSON.stringify(action)}.`);
  const caller = signInCaller(required(parameters, 'Session'), world.authority);
  const durationSeconds = sessionDuration(parameters.get('SessionDuration'));
  if (durationSeconds !== undefined) {
    if (caller.type === 'federated')
      throw refused('SessionDuration cannot be given for credentials of GetFederationToken.');
    // doubt: AWS names role chaining; for AssumeRole's own limit it counts GetSessionToken's credentials as chaining too.
    if (caller.enteredBy === 'user-session' || caller.enteredBy === 'role-session') {
      throw refused('SessionDuration cannot be given for a role that was assumed by role chaining.');
    }
  }
  const nowMs = world.clocks.authority();
  const endsAtMs = durationSeconds === undefined ? caller.expiresAtMs : nowMs + durationSeconds * 1000;
  const body = JSON.stringify({ SigninToken: signIns.add({ caller, endsAtMs }, nowMs) });
  return { status: 200, headers: ['Content-Type', 'application/json', ...noStore], body };
}

function logIn(parameters: Parameters, signIns: SignIns, world: World): Answer {
  const destination = required(parameters, 'Destination');
  const signIn = signIns.take(required(parameters, 'SigninToken'), world.clocks.authority());
  if (signIn === undefined) throw refused('The sign-in token is not valid: it works once, and for fifteen minutes.');
  return { status: 200, headers: pageHeaders, body: signedInPage(signIn, destination, parameters.get('Issuer')) };
}

function required(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined || value === '') throw refused(`${name} is missing.`);
  return value;
}

function sessionDuration(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (seconds < shortest || seconds > longest)
    throw refused(`SessionDuration must be from ${shortest} to ${longest} seconds.`);
  return seconds;
}
