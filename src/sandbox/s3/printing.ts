import type { Refusal } from '../../enforcement/refusal.ts';
import type { Answer } from '../../loopback/answer.ts';
import type { Randomness } from '../operation.ts';
import type { S3Answer } from './operation.ts';
import { printS3Error } from './xml.ts';

/** By these S3 knows a request: `x-amz-request-id` and `x-amz-id-2`. */
export interface RequestIds {
  readonly request: string;
  readonly host: string;
}

export function newIds(random: Randomness): RequestIds {
  const bytes = random.bytes(56);
  return { request: bytes.toString('hex', 0, 8).toUpperCase(), host: bytes.toString('base64', 8) };
}

export function printAnswer({ status, headers = {}, body = '' }: S3Answer, ids: RequestIds): Answer {
  const own = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
  const isXml = typeof body === 'string' && body !== '' && headers['Content-Type'] === undefined;
  return { status, headers: [...idHeaders(ids), ...(isXml ? xmlType : []), ...own], body };
}

/** `<Error>` with the refusal's own elements, and what every S3 error has. */
export function printRefusal({ code, status, message, details }: Refusal, ids: RequestIds, resource: string): Answer {
  const body = printS3Error({
    Code: code,
    Message: message,
    ...details,
    Resource: resource,
    RequestId: ids.request,
    HostId: ids.host,
  });
  return { status, headers: [...idHeaders(ids), ...xmlType], body };
}

const xmlType = ['Content-Type', 'application/xml'];

function idHeaders(ids: RequestIds): readonly string[] {
  return ['x-amz-request-id', ids.request, 'x-amz-id-2', ids.host, 'Server', 'AmazonS3'];
}
