/**
 * The two AWS files together: where they are, what they hold, and each profile as the AWS CLI puts it together from
 * both. Reading is synchronous and needs nothing but the two files: it is on the path of every cached answer.
 */
import { join } from 'node:path';
import { readText } from '../files/read.ts';
import { type Document, parseDocument, type Section } from './document.ts';
import type { FileKind, SectionTitle } from './section-title.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface AwsFilePaths {
  readonly config: string;
  readonly credentials: string;
}

/** Where a value stands. */
export interface Place {
  readonly file: FileKind;
  readonly path: string;
  /** What stands between the brackets. */
  readonly section: string;
  /** Counts from 1. */
  readonly line: number;
}

export interface Setting {
  readonly value: string;
  /** The entries of a block (`s3 =`). */
  readonly block?: ReadonlyMap<string, string>;
  readonly place: Place;
}

export type Settings = ReadonlyMap<string, Setting>;

/** A profile as it is written; what it means is said by `resolve.ts`. */
export interface Profile {
  readonly name: string;
  /** The keys of each file. Of several sections of one profile the later ones count. */
  readonly config: Settings;
  readonly credentials: Settings;
  /** Of both: a key of the credentials file wins. */
  readonly settings: Settings;
}

export interface AwsFiles {
  readonly paths: AwsFilePaths;
  readonly config: Document;
  readonly credentials: Document;
  /** In the order in which they appear: the config file's first. */
  readonly profiles: ReadonlyMap<string, Profile>;
  /** By name: `[services x]` and `[sso-session x]` of the config file. */
  readonly services: ReadonlyMap<string, Settings>;
  readonly ssoSessions: ReadonlyMap<string, Settings>;
}

/**
 * Where the files are: `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` if they are set, else in `~/.aws`. A leading
 * `~` and variables (`$NAME`, `${NAME}`) are put in, as botocore does.
 * @param homeDirectory what `~` is
 */
export function awsFilePaths(env: Environment, homeDirectory: string): AwsFilePaths {
  const path = (variable: string, name: string): string => {
    const given = env[variable];
    if (given === undefined || given === '') return join(homeDirectory, '.aws', name);
    return given
      .replace(/\$(?:(\w+)|\{(\w+)\})/g, (all, bare: string | undefined, braced: string | undefined) => {
        return env[bare ?? braced ?? ''] ?? all;
      })
      .replace(/^~(?=$|[\\/])/, homeDirectory);
  };
  return {
    config: path('AWS_CONFIG_FILE', 'config'),
    credentials: path('AWS_SHARED_CREDENTIALS_FILE', 'credentials'),
  };
}

/**
 * Reads both files; one that isn't there is empty.
 * @throws StepupError `aws-file-syntax`, `unsafe-path` (no UTF-8), `file-system`
 */
export function readAwsFiles(paths: AwsFilePaths): AwsFiles {
  return parseAwsFiles(paths, readText(paths.config) ?? '', readText(paths.credentials) ?? '');
}

/** The same from texts. @throws StepupError `aws-file-syntax` */
export function parseAwsFiles(paths: AwsFilePaths, configText: string, credentialsText: string): AwsFiles {
  const config = parseDocument(configText, 'config', paths.config);
  const credentials = parseDocument(credentialsText, 'credentials', paths.credentials);
  return {
    paths,
    config,
    credentials,
    profiles: joinProfiles(gather(config, 'profile'), gather(credentials, 'profile')),
    services: gather(config, 'services'),
    ssoSessions: gather(config, 'sso-session'),
  };
}

/** `aws_secret_access_key in [work] of ~/.aws/credentials, line 3`: without the key, where a value stands. */
export function describePlace({ section, path, line }: Place): string {
  return `[${section}] of ${path}, line ${line}`;
}

function joinProfiles(
  config: ReadonlyMap<string, Settings>,
  credentials: ReadonlyMap<string, Settings>,
): Map<string, Profile> {
  const none: Settings = new Map();
  const profiles = new Map<string, Profile>();
  for (const name of [...config.keys(), ...credentials.keys()]) {
    const inConfig = config.get(name) ?? none;
    const inCredentials = credentials.get(name) ?? none;
    profiles.set(name, {
      name,
      config: inConfig,
      credentials: inCredentials,
      settings: joinSettings(inConfig, inCredentials),
    });
  }
  return profiles;
}

function joinSettings(config: Settings, credentials: Settings): Settings {
  if (credentials.size === 0) return config;
  return config.size === 0 ? credentials : new Map([...config, ...credentials]);
}

/** The settings of all sections of a type, by name; those of `[DEFAULT]` in each, as botocore has it. */
function gather(document: Document, type: SectionTitle['type']): Map<string, Settings> {
  const defaults = new Map<string, Setting>();
  const found = new Map<string, Map<string, Setting>>();
  for (const section of document.sections) {
    if (section.title.type === 'defaults') addSettings(defaults, section, document);
  }
  for (const section of document.sections) {
    const { title } = section;
    if (title.type !== type) continue;
    const settings = found.get(title.name) ?? new Map(defaults);
    addSettings(settings, section, document);
    found.set(title.name, settings);
  }
  return found;
}

function addSettings(settings: Map<string, Setting>, section: Section, { file, path }: Document): void {
  for (const { key, value, block, at } of section.entries) {
    const place = { file, path, section: section.name, line: at + 1 };
    settings.set(key, block === undefined ? { value, place } : { value, block, place });
  }
}
