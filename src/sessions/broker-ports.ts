/** What the broker needs of the world: clocks, files, AWS and a person, each as an argument. */
import type { Credentials, SessionCredentials } from '../aws/credentials.ts';
import type { SecretStore } from '../keys/secret-store.ts';
import type { AwsFiles, Environment } from '../profiles/aws-files.ts';
import type { SessionFault } from './kept-session.ts';
import type { OnePromptOptions, PromptTurn } from './one-prompt.ts';
import type { Base, ProvidedBase, RoleStep } from './route.ts';

/** What the broker knows of a base that has a key, without opening the store that the key is in. */
export interface KeyedBase {
  readonly profile: string;
  readonly sessionProfile: string;
  /** Undefined for a key in a store that hasn't been used yet. */
  readonly keyId: string | undefined;
  /** The custom endpoint that its sessions come from; undefined for AWS's own. */
  readonly endpoint: string | undefined;
}

/** Why a person is asked: nothing there, or what is wrong with what is. */
export type AskingReason = 'none' | SessionFault | 'refused';

export interface BrokerLogin {
  readonly base: KeyedBase;
  readonly reason: AskingReason;
  /** The role that it is for, for the prompt. */
  readonly roleArn?: string;
  /** What a person can run at a terminal, where there is none here. */
  readonly command: readonly string[];
  readonly turn: PromptTurn;
}

export interface AssumeRequest {
  /** The profile whose endpoint and region the call uses. */
  readonly profile: string;
  readonly step: RoleStep;
  readonly sessionName: string;
  readonly durationSeconds: number;
}

export interface BrokerPorts {
  readonly env: Environment;
  readonly now: () => number;
  readonly readFiles: () => AwsFiles;
  readonly folders: { readonly roleSessions: string; readonly gates: string };
  readonly prompting: Pick<
    OnePromptOptions<unknown>,
    'folder' | 'self' | 'onWaiting' | 'isStopped' | 'signal' | 'silenceMs'
  >;
  /** Of role sessions whose profile names none. */
  readonly defaultSessionName: string;
  /** Seconds that role sessions last where the profile doesn't say. */
  readonly roleDurationSeconds: number;
  /** What must be left of kept credentials where the wish doesn't say. */
  readonly leadSeconds: number;
  readonly describeBase: (files: AwsFiles, base: Extract<Base, { type: 'keyed' }>) => KeyedBase;
  /** The custom STS endpoint that a profile's calls go to; undefined for AWS's own. */
  readonly customEndpoint: (files: AwsFiles, profile: string) => string | undefined;
  readonly longTermKey: (base: string) => Promise<Credentials>;
  /** The store of this name, as the base describes it, that a session is kept in. */
  readonly sessionStore: (store: string, base: string) => Promise<SecretStore>;
  /** Asks a person, gets the session, and keeps it in the session's profile. */
  readonly login: (request: BrokerLogin) => Promise<void>;
  readonly assumeRole: (request: AssumeRequest, from: Credentials) => Promise<SessionCredentials>;
  /** AssumeRole by the key itself, with a code on the call. */
  readonly assumeRoleWithCode: (request: AssumeRequest & BrokerLogin) => Promise<SessionCredentials>;
  /** By the SDK's own providers. */
  readonly provided: (base: ProvidedBase) => Promise<Credentials>;
}
