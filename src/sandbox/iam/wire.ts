/** How IAM writes values on the wire. */

/** ISO 8601 in whole seconds. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Policy documents come URL-encoded after RFC 3986, which encodes five characters more than `encodeURIComponent`. */
export function encodedDocument(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
