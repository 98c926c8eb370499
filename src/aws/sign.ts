/**
 * Signature Version 4 for the one shape of request that stepup sends itself: a form posted to `/`. It is here, beside
 * the SDK, because the SDK takes longer to load than a whole login takes (docs/performance.md).
 * Source: IAM User Guide, "Create a signed AWS API request".
 */
import { createHash, createHmac } from 'node:crypto';
import type { Credentials } from './credentials.ts';

export interface FormToSign {
  readonly url: URL;
  readonly service: string;
  readonly region: string;
  readonly body: string;
  readonly credentials: Credentials;
  readonly nowMs: number;
}

const CONTENT_TYPE = 'application/x-www-form-urlencoded; charset=utf-8';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The headers to send with the form, `authorization` among them. */
export function signForm({ url, service, region, body, credentials, nowMs }: FormToSign): Record<string, string> {
  const timestamp = new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const date = timestamp.slice(0, 8);
  const scope = `${date}/${region}/${service}/aws4_request`;
  // In alphabetical order, as the canonical request wants them.
  const headers: Record<string, string> = {
    'content-type': CONTENT_TYPE,
    host: url.host,
    'x-amz-date': timestamp,
    ...(credentials.sessionToken === undefined ? {} : { 'x-amz-security-token': credentials.sessionToken }),
  };
  const signedHeaders = Object.keys(headers).join(';');
  const canonicalHeaders = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonicalRequest = [
    'POST',
    canonicalPath(url),
    '',
    canonicalHeaders.join(''),
    signedHeaders,
    sha256(body),
  ].join('\n');
  const stringToSign = ['AWS4-HMAC-SHA256', timestamp, scope, sha256(canonicalRequest)].join('\n');
  const signingKey = [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${credentials.secretAccessKey}`, date));
  const signature = hmac(signingKey, stringToSign).toString('hex');
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  };
}

/** The path, its segments encoded once more, since each service but S3 wants it twice. */
function canonicalPath(url: URL): string {
  return url.pathname
    .split('/')
    .map((segment) =>
      encodeURIComponent(segment).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/');
}
