import type { XmlValue } from '../operation.ts';

const needsEscape = /[&<>"\r\x00-\x08\x0b\x0c\x0e-\x1f]/;
const escaped = /[&<>"\r\x00-\x08\x0b\x0c\x0e-\x1f]/g;
const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Text as element content. A carriage return would be read as a line feed, and XML 1.0 has no form at all for other
 * control characters: they become numeric references, as AWS prints them.
 */
export function escapeXml(text: string): string {
  if (!needsEscape.test(text)) return text;
  return text.replace(escaped, (character) => named[character] ?? `&#x${character.charCodeAt(0).toString(16)};`);
}

/** The elements of an object in the Query protocol's form: see {@link XmlValue}. */
export function printElements(elements: { readonly [element: string]: XmlValue }): string {
  let xml = '';
  for (const name in elements) {
    const value = elements[name];
    if (value !== undefined) xml += `<${name}>${printContent(value)}</${name}>`;
  }
  return xml;
}

function printContent(value: Exclude<XmlValue, undefined>): string {
  if (typeof value === 'string') return escapeXml(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) {
    let xml = '';
    for (const member of value) if (member !== undefined) xml += `<member>${printContent(member)}</member>`;
    return xml;
  }
  if (value instanceof Map) return printMap(value);
  // Arrays and Maps are gone: Map's `instanceof` alone doesn't narrow its read-only interface.
  return printElements(value as { readonly [element: string]: XmlValue });
}

function printMap(map: ReadonlyMap<string, XmlValue>): string {
  let xml = '';
  for (const [key, value] of map) {
    if (value !== undefined) xml += `<entry><key>${escapeXml(key)}</key><value>${printContent(value)}</value></entry>`;
  }
  return xml;
}

function isList(value: object): value is readonly XmlValue[] {
  return Array.isArray(value);
}
