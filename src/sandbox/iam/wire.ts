/** How IAM writes values on the wire. */

/** Policy documents come URL-encoded after RFC 3986, which encodes five characters more than `encodeURIComponent`. */
export function encodedDocument(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
