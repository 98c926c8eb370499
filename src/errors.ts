/**
 * The one error type of stepup. An error is a stable code and its fields; the sentence that a person reads is made
 * at the edge, in `cli/wording.ts`, where the compiler asks for a wording of every code below.
 *
 * To add an error: add a line here, and the wording there. Fields never hold a secret or a code.
 */
export interface ErrorFields {
  /** The command line or an option's value can't be understood. */
  usage: { readonly problem: string; readonly hint?: string };
  /** A policy document does not parse; `aws` is what AWS would answer (`MalformedPolicyDocument: …`). */
  'malformed-policy': {
    readonly aws: string;
    readonly problem: string;
    readonly path: string;
    readonly line?: number;
    readonly column?: number;
    /** Which document, where there are several: `inline policy S3 of user alice`. */
    readonly document?: string;
  };
  /** A request to evaluate lacks something or holds something else than it should; `path` is a JSON path. */
  'malformed-request': { readonly path: string; readonly problem: string };
  /** The data of an account isn't what GetAccountAuthorizationDetails answers; `path` is a JSON path. */
  'malformed-account': { readonly path: string; readonly problem: string };
  /** Somebody holds a managed policy whose document isn't among the account's data. */
  'account-policy-missing': { readonly arn: string; readonly holder: string };
  /** `stepup.yaml` can't be used as it is; `path` is a JSON path. */
  'setup-file': {
    readonly file: string;
    readonly path: string;
    readonly problem: string;
    readonly line?: number;
    readonly column?: number;
  };
  /** A user's rights aren't taken: the role that should have them isn't proved to be a way to them. */
  'setup-entry-unproved': { readonly arn: string; readonly problems: readonly string[] };
  /** A new setup file would lie where something is already. */
  'setup-file-there': { readonly path: string };
  /** AWS's quota of a document's size is below what the setup asks for; sizes are characters. */
  'setup-too-large': {
    readonly what: string;
    readonly size: number;
    readonly limit: number;
    readonly remedy: 'fewer-roles' | 'trust-quota' | 'managed-policy';
  };
  /** A plan that would lock somebody out; nothing of it was done. */
  'setup-refused': { readonly refusals: readonly SetupRefusal[] };
  /** A user of the setup has two access keys already: none can be made for handing over. */
  'setup-keys-full': { readonly arn: string };
  /** The credentials for an account of the setup are another account's. */
  'setup-wrong-account': { readonly label: string; readonly accountId: string; readonly caller: string };
  /** Somebody else made this user or role while the plan was carried out. */
  'setup-overtaken': { readonly arn: string };
  /** Ctrl-C, or the end of input, at a prompt. */
  interrupted: { readonly during: string };
  /** The system refused an operation on a file; `code` is its own (`EACCES`, `ENOSPC`). */
  'file-system': { readonly code: string; readonly path: string; readonly operation: string };
  /** Another process held the lock for longer than we wait; who it is comes from the lock file and is only a hint. */
  'lock-timeout': {
    readonly path: string;
    readonly waitedMs: number;
    readonly holder?: { readonly pid: number; readonly program: string };
  };
  /** This system has no kernel lock that we know how to take, so nothing that needs one is written. */
  'lock-unavailable': { readonly problem: string };
  /** A path that we won't read secrets from or write to, because of what lies there or who could change it. */
  'unsafe-path': {
    readonly path: string;
    readonly problem: PathProblem;
    /** Where in the file, counted from 1, when its content is the problem. */
    readonly line?: number;
    readonly column?: number;
  };
  /** An AWS file does not parse; it is not written. Line and column count from 1. */
  'aws-file-syntax': {
    readonly path: string;
    readonly line: number;
    readonly column: number;
    readonly problem: AwsFileProblem;
  };
  /** A section for a profile of this name would have to be made. */
  'profile-name-unwritable': { readonly name: string };
  /** A key or value that the AWS CLI and the SDKs would not read back as it is; `what` is the key. */
  'aws-file-unwritable': { readonly what: string; readonly problem: 'characters' | 'empty' };
  /** An edit that would change what other lines of the file mean (an indented line after it, for example). */
  'aws-file-edit-unsafe': { readonly path: string; readonly section: string };
  /** A section that somebody else made; stepup doesn't overwrite it, forced or not. */
  'section-not-ours': {
    readonly path: string;
    readonly section: string;
    readonly line: number;
    readonly because: 'long-term-key' | 'role' | 'credential-process' | 'sso' | 'login-session' | 'web-identity';
  };
  /** No file has this profile; `namedBy` is the profile that refers to it. */
  'profile-not-found': { readonly profile: string; readonly namedBy?: string; readonly files: readonly string[] };
  /** Profiles that refer to each other in a ring; the first is named again at the end. */
  'profile-loop': { readonly chain: readonly string[] };
  /** A profile that the AWS CLI would refuse as well, or that has a key of ours with a value that can't be. */
  'profile-invalid': {
    readonly profile: string;
    readonly problem: ProfileProblem;
    /** The key that is wrong or missing. */
    readonly key: string;
    /** Where; absent when nothing is there. */
    readonly path?: string;
    readonly line?: number;
  };
  /** A program that an AWS file names can't be run as it is written: `key` is where, `program` what was found there. */
  'program-named-badly': {
    readonly key: string;
    readonly path: string;
    readonly line: number;
    readonly problem: 'no-command' | 'not-absolute';
    readonly program?: string;
  };
  /** The file that names a program, or the way to it, is one that others may change. */
  'program-source-unsafe': {
    readonly key: string;
    readonly program: string;
    readonly path: string;
    readonly fault: { readonly path: string; readonly problem: PathProblem };
  };
  /** A file outside of `~/.aws` names a program, and the person hasn't approved of this content of it. */
  'program-source-unapproved': {
    readonly key: string;
    readonly program: string;
    readonly path: string;
    readonly sha256: string;
  };
  /** Another program listens on this port of 127.0.0.1. */
  'port-in-use': { readonly port: number };
  /** Another sandbox holds the data folder. */
  'sandbox-data-in-use': { readonly folder: string };
  /** A file of the data folder isn't what a sandbox wrote, from byte `offset` on. */
  'sandbox-data-corrupt': { readonly file: string; readonly offset: number; readonly problem: string };
  /** The folder given for a sandbox's data holds other things (`entry` is one of them). */
  'sandbox-data-foreign': { readonly folder: string; readonly entry: string };
  /** The data folder was written by a newer sandbox, which this one can't read. */
  'sandbox-data-newer': { readonly file: string; readonly version: number; readonly supported: number };
  /** A local endpoint's client was answered before the credentials were there: a person is being asked, or AWS is slow. */
  'credentials-pending': Record<string, never>;
  /** Nobody has published where this partition's console is. */
  'console-unknown-partition': { readonly partition: string };
  /** The federation endpoint gave no sign-in token for these credentials. */
  'console-refused': { readonly host: string; readonly status: number };
  /** A store is there, and wasn't opened: locked, refused, or the wrong passphrase. `detail` is the store's own text. */
  'store-locked': { readonly store: string; readonly detail: string };
  /** This machine has no such store, or it doesn't answer. */
  'store-unavailable': { readonly store: string; readonly detail: string };
  /** What the store holds under the name of a profile's key isn't a key. */
  'stored-key-unreadable': { readonly store: string; readonly profile: string };
  /** The key in the file isn't the one that this was begun with: another program has replaced it meanwhile. */
  'key-changed': { readonly profile: string };
  /** A move to a store would leave the key readable, or the AWS CLI would use something else than the new line. */
  'key-stays-visible': {
    readonly profile?: string;
    readonly because: 'other-text' | 'role' | 'login-session' | 'sso' | 'web-identity' | 'credential-process';
    readonly path: string;
    readonly line: number;
  };
  /** A store holds a key of another id under the profile's name already. */
  'store-holds-another-key': { readonly store: string; readonly profile: string; readonly accessKeyId: string };
  /** The files tell of a session in a store that doesn't have it. */
  'session-not-in-store': { readonly profile: string; readonly base: string };
  /** A store gave back something else than it was given. */
  'store-unfaithful': { readonly store: string; readonly profile: string };
  /** The profile isn't one that a key can be added to; `has` is what it has. */
  'key-exists': { readonly profile: string; readonly has: 'plain-key' | 'stored-key' };
  /** What should be a key isn't one; `source` says where it was read, `problem` what is wrong. */
  'key-malformed': { readonly source: string; readonly problem: string };
  /** The age store wants its passphrase, and there is no terminal; the variables name other ways to give it. */
  'passphrase-needed': { readonly variables: readonly string[] };
  /** This call may ask nobody, and only a code would help. `command` is what a person can run, never with a code in it. */
  'person-needed': {
    readonly profile: string;
    readonly command: string;
    /** The session is there, but a role that it opened before refuses it now. */
    readonly isRefused?: boolean;
  };
  /** A base that carries no MFA keys, or none that fit, stands before a gate: no code typed here would open it. */
  'gate-closed-to-base': {
    readonly profile: string;
    readonly roleArn: string;
    readonly base: string;
    readonly baseType:
      | 'sso'
      | 'login-session'
      | 'credential-process'
      | 'web-identity'
      | 'environment'
      | 'container'
      | 'instance'
      | 'session';
  };
  /** The base gives no credentials by itself: `command` renews them, if stepup knows it. */
  'base-without-credentials': { readonly base: string; readonly detail: string; readonly command?: string };
  /** The same, and it is AWS that said no. */
  'base-refused': ErrorFields['base-without-credentials'];
  /** Only a base that has a long-term key can hand out one. */
  'no-long-term-key': { readonly profile: string };
  /** This process runs with the credentials of another profile already. */
  'nested-exec': { readonly outer: string };
  /** Key and code would come from one place. `source` is the code source's name. */
  'factors-together': { readonly profile: string; readonly place: string; readonly source: string };
  /** The program of a code source that was named isn't there. */
  'code-source-missing': { readonly source: string; readonly program: string; readonly folders: readonly string[] };
  /** Which account of a YubiKey, or which entry of `pass`, makes the codes isn't clear; `entries` are those there. */
  'code-entry-unclear': { readonly source: 'ykman' | 'pass'; readonly entries: readonly string[] };
  /** The program of a code source gave no code. */
  'code-program-failed': { readonly program: string; readonly detail: string };
  /** `exec` could not start the program. */
  'program-not-started': { readonly program: string; readonly detail: string };
  /** A value that the named shell has no safe way to write. */
  'unquotable-value': { readonly variable: string; readonly shell: string };
  /** An endpoint or region that makes no URL; `origin` says where it was set. */
  'endpoint-invalid': { readonly value: string; readonly origin: string };
  /** No answer from the endpoint; `problem` says at which step, `detail` is the system's own code or text. */
  'endpoint-unreachable': {
    readonly host: string;
    readonly problem: 'name' | 'refused' | 'timeout' | 'tls' | 'broken-off';
    readonly detail: string;
    /** The request was on its way when the connection broke: AWS may have used up its code. */
    readonly sent: boolean;
    /** Where a custom endpoint was set. */
    readonly customOrigin?: string;
    /** A proxy is named by this environment variable, which stepup doesn't use. */
    readonly proxyVariable?: string;
  };
  /** Something answered that isn't AWS: a captive portal, a proxy, another server. */
  'answer-not-aws': { readonly host: string; readonly status: number };
  /** A code may not be sent to this endpoint. */
  'code-destination': {
    /** What would go there; a code where it isn't said. */
    readonly what?: 'session' | 'credentials';
    readonly url: string;
    readonly because: 'plain-http' | 'foreign-host' | 'other-partition';
    readonly customOrigin?: string;
    /** stepup's own file in which a host can be allowed. */
    readonly allowFile: string;
  };
  /** stepup's own configuration file can't be understood. */
  'own-config': { readonly path: string; readonly problem: string };
  /** AWS said no, in a way that has no words of its own here. */
  'aws-refused': {
    readonly operation: string;
    readonly awsCode: string;
    readonly status: number;
    readonly message: string;
  };
  /** AWS doesn't know the access key, or it is inactive, or the session it belongs to. */
  'key-unknown': { readonly accessKeyId: string; readonly message: string };
  /** The secret doesn't belong to the access key id. */
  'secret-wrong': { readonly accessKeyId: string };
  /** The temporary credentials have ended. */
  'session-expired': { readonly accessKeyId: string };
  /** This machine's clock is `aheadSeconds` ahead of AWS's (negative: behind). */
  'clock-wrong': { readonly host: string; readonly aheadSeconds: number };
  /** As in `clock-wrong`, by the date of answers to requests that were taken: further apart than AWS would take one. */
  'answer-misdated': { readonly aheadSeconds: number };
  /** The code is no good: AWS refused it, and doesn't tell why, or it is known here to be used. */
  'code-refused': {
    readonly serialNumber: string;
    /** As in `clock-wrong`, if AWS said its time. */
    readonly aheadSeconds?: number;
    /** This machine's clock made it. */
    readonly madeHere?: boolean;
    /** AWS took it this long ago, from this machine; it wasn't sent again. */
    readonly usedSecondsAgo?: number;
  };
  /** AWS found no TOTP device of that serial number at this user. */
  'device-refused': { readonly serialNumber: string };
  /** The code is not six digits; `source` says where it came from. */
  'code-malformed': { readonly source: string; readonly problem: 'empty' | 'not-six-digits' };
  /** Somebody must be asked (`question`), and there is no terminal; `command` answers it beforehand. */
  'no-terminal': {
    readonly question: string;
    readonly command: readonly string[];
    /** Why nothing else than a terminal would do here. */
    readonly because?: 'container' | 'ssh' | 'wsl' | 'no-display' | 'no-dialog-program';
  };
  /** What was given as a device's serial number is none. */
  'serial-invalid': { readonly value: string; readonly origin: string };
  /** A login needs a long-term key, and the profile has none. */
  'login-without-key': { readonly profile: string; readonly found: 'nothing' | 'temporary-credentials' };
  /** The user has no MFA device. */
  'no-mfa-device': { readonly profile: string };
  /** The device, or each of the user's devices, is FIDO: AWS lets none of them into STS. */
  'fido-only': { readonly serialNumbers: readonly string[] };
  /** No serial number is known, and AWS won't list the devices; `guess` follows AWS's habit of naming. */
  'device-unknown': { readonly profile: string; readonly because: string; readonly guess?: string };
  /** Whoever signed may not make a call of IAM. `policy` is the document that would allow it, as JSON text. */
  'iam-policy-missing': {
    readonly action: string;
    readonly message: string;
    readonly userName: string;
    /** What setup calls it. */
    readonly policyName: string;
    readonly policy: string;
    /** The profile whose identity signed on the user's behalf (`--with`); undefined: the user itself. */
    readonly signedBy?: string;
    /** What was run, for the same with `--with`. */
    readonly command: string;
    /** Gets a session with a fresh code, where a device is known. */
    readonly login?: string;
  };
  /** What is to be done for a user, and these credentials are no user's: root, or a role. */
  'not-a-user': { readonly profile: string; readonly arn: string };
  /** The user has as many devices as AWS allows. */
  'device-limit': { readonly userName: string; readonly most: number };
  /** A virtual device of this name is in use. */
  'device-name-taken': { readonly serialNumber: string };
  /** Without this device no code opens anything any more. */
  'last-device': { readonly serialNumber: string; readonly userName: string };
  /** The user has no such device. */
  'device-not-there': { readonly serialNumber: string; readonly userName: string };
  /** The user has a second key beside the profile's, so AWS makes no third. */
  'key-limit': { readonly userName: string; readonly accessKeyId: string };
  /** A key that was to be this user's answers for somebody else. */
  'key-of-another-user': { readonly accessKeyId: string; readonly userName: string; readonly arn: string };
  /** A rotation of this user's key, begun through another profile, isn't finished. */
  'rotation-of-another-profile': { readonly userName: string; readonly profile: string };
  /** The journal of an unfinished rotation can't be understood. */
  'rotation-journal-unreadable': { readonly path: string };
  /** Something that can't be: a defect of stepup, not of its input. */
  internal: { readonly problem: string };
}

/** Why a plan of the guardrails isn't carried out: see `guardrails/refusal.ts`, which finds them. */
export type SetupRefusal =
  /** The operator's own session is of this role, and the plan gates it or takes something from it. */
  | { readonly type: 'own-role'; readonly arn: string; readonly operator: string }
  /** The operator is this user, and the plan takes rights from it. */
  | { readonly type: 'own-user'; readonly arn: string; readonly operator: string }
  /** Services, workloads, other accounts or identity providers enter this role; a gate would shut them out. */
  | { readonly type: 'role-in-use'; readonly arn: string; readonly principals: readonly string[] }
  /** Sessions of these roles enter this role, and can bring no code. */
  | { readonly type: 'role-entered'; readonly arn: string; readonly roles: readonly string[] }
  /** The operator is a session of this role, into which nobody would get any more, or these under some conditions. */
  | {
      readonly type: 'last-way-in';
      readonly arn: string;
      readonly operator: string;
      readonly perhaps: readonly string[];
    }
  /** AWS made this role for one of its services. */
  | { readonly type: 'service-linked'; readonly arn: string }
  /** It belongs to another setup. */
  | { readonly type: 'other-setup'; readonly arn: string; readonly setup: string }
  /** It is there under another path, or in other capitals. */
  | { readonly type: 'arn-differs'; readonly arn: string; readonly there: string };

/** What is wrong with a line of an AWS file: see `profiles/document.ts`. */
export type AwsFileProblem =
  | 'text-before-first-section'
  | 'section-without-end'
  | 'section-without-name'
  | 'line-without-equals-sign'
  | 'line-without-key'
  | 'nested-line-without-equals-sign';

/** What is wrong with a profile: see `profiles/resolve.ts`. */
export type ProfileProblem =
  | 'two-sources'
  | 'no-source'
  | 'source-without-credentials'
  | 'unknown-credential-source'
  | 'half-a-key'
  | 'incomplete'
  | 'section-missing'
  | 'not-a-number'
  | 'not-tags'
  | 'not-a-policy'
  | 'file-missing'
  | 'not-a-command';

/** What is wrong with a path: see `files/modes.ts`. */
export type PathProblem =
  | 'missing'
  | 'symbolic-link'
  | 'not-a-regular-file'
  | 'not-a-folder'
  | 'owned-by-another'
  | 'writable-by-others'
  | 'readable-by-others'
  | 'not-utf-8';

export type ErrorCode = keyof ErrorFields;

/** `error.code` narrows `error.fields` (see {@link isStepupError}). */
export class StepupError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'StepupError';
  readonly code: Code;
  readonly fields: ErrorFields[Code];

  constructor(code: Code, fields: ErrorFields[Code], options?: { readonly cause?: unknown }) {
    super(code, options);
    this.code = code;
    this.fields = fields;
  }
}

/** True for a StepupError of this code; without a code, for any. */
export function isStepupError<Code extends ErrorCode = ErrorCode>(
  error: unknown,
  code?: Code,
): error is StepupError<Code> {
  return error instanceof StepupError && (code === undefined || error.code === code);
}
