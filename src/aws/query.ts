/**
 * One call of AWS's Query protocol (STS, IAM): a signed form there, XML back. Small on purpose: a login is one such
 * call, and loading the SDK for it would take longer than the call.
 */
import { XMLParser } from 'fast-xml-parser';
import { StepupError } from '../errors.ts';
import type { Credentials } from './credentials.ts';
import type { Endpoint, EndpointService } from './endpoints.ts';
import { translateRefusal } from './refusal.ts';
import { type HttpAnswer, post, type SendOptions } from './send.ts';
import { signForm } from './sign.ts';

/** Whom to talk to, and as whom. */
export interface Connection extends SendOptions {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  /** Epoch milliseconds, by the machine's clock. */
  readonly now: () => number;
}

const VERSIONS: Readonly<Record<EndpointService, string>> = { sts: '2011-06-15', iam: '2010-05-08' };

/** An element: its text, or its children by name. Lists (`<member>`) are arrays where there are several. */
export type XmlElement = string | { readonly [name: string]: XmlElement | readonly XmlElement[] | undefined };

const parser = new XMLParser({ ignoreAttributes: true, ignoreDeclaration: true, parseTagValue: false });

/**
 * Calls `action` and answers the content of its `<ACTIONResult>`, nothing for actions that have none. Throws what `post` and `translateRefusal` name, and
 * `answer-not-aws` for an answer in another shape.
 */
export async function callQuery(
  action: string,
  parameters: Readonly<Record<string, string | undefined>>,
  connection: Connection,
): Promise<XmlElement | undefined> {
  const { endpoint, credentials } = connection;
  const form = new URLSearchParams({ Action: action, Version: VERSIONS[endpoint.service] });
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) form.set(name, value);
  }
  const body = form.toString();
  const signed = signForm({
    url: endpoint.url,
    service: endpoint.service,
    region: endpoint.signingRegion,
    body,
    credentials,
    nowMs: connection.now(),
  });
  const answer = await post(endpoint, signed, body, connection);
  const document = parseXml(answer.body);
  const response = child(document, `${action}Response`);
  if (answer.status === 200 && response !== undefined) return child(response, `${action}Result`);
  throw refusalOf(action, answer, document, parameters['SerialNumber'], connection);
}

/** The error for an answer that AWS calls a success and that lacks what AWS always gives. */
export function incomplete({ endpoint }: Connection): StepupError {
  return new StepupError('answer-not-aws', { host: endpoint.url.host, status: 200 });
}

/** The child elements' text, by name; absent where there is none. */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  const found = child(element, name);
  return typeof found === 'string' ? found : undefined;
}

export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  if (element === undefined || typeof element === 'string' || !Object.hasOwn(element, name)) return undefined;
  const found = element[name];
  return Array.isArray(found) ? found[0] : (found as XmlElement | undefined);
}

/** The `<member>` elements of a list. */
export function membersOf(list: XmlElement | undefined): readonly XmlElement[] {
  if (list === undefined || typeof list === 'string') return [];
  const members = list['member'];
  if (members === undefined) return [];
  return Array.isArray(members) ? members : [members as XmlElement];
}

function parseXml(text: string): XmlElement | undefined {
  // AWS sends no document type; without one there are no entities to expand.
  if (!text.trimStart().startsWith('<') || text.includes('<!DOCTYPE')) return undefined;
  try {
    return parser.parse(text) as XmlElement;
  } catch {
    return undefined;
  }
}

function refusalOf(
  operation: string,
  answer: HttpAnswer,
  document: XmlElement | undefined,
  serialNumber: string | undefined,
  { endpoint, credentials, now }: Connection,
): StepupError {
  const error = child(child(document, 'ErrorResponse'), 'Error');
  const awsCode = textOf(error, 'Code');
  const { host } = endpoint.url;
  if (awsCode === undefined) return new StepupError('answer-not-aws', { host, status: answer.status });
  return translateRefusal({
    operation,
    awsCode,
    status: answer.status,
    message: textOf(error, 'Message') ?? '',
    host,
    accessKeyId: credentials.accessKeyId,
    serialNumber,
    nowMs: now(),
    serverTimeMs: answer.serverTimeMs,
  });
}
