import { XMLParser } from 'fast-xml-parser';
import { escapeXml } from '../server/xml.ts';
import { malformedXml } from './refusals.ts';

/** S3's XML: an array is its element, repeated (no `<member>`); undefined prints nothing. */
export type S3Xml = string | number | boolean | undefined | readonly S3Xml[] | { readonly [element: string]: S3Xml };

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

export function printS3Document(root: string, content: string | { readonly [element: string]: S3Xml }): string {
  const xml = typeof content === 'string' ? escapeXml(content) : printS3Elements(content);
  return `${declaration}<${root} xmlns="${namespace}">${xml}</${root}>`;
}

export function printS3Error(elements: { readonly [element: string]: S3Xml }): string {
  return `${declaration}<Error>${printS3Elements(elements)}</Error>`;
}

function printS3Elements(elements: { readonly [element: string]: S3Xml }): string {
  return Object.entries(elements)
    .map(([name, value]) => printElement(name, value))
    .join('');
}

function printElement(name: string, value: S3Xml): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return `<${name}>${escapeXml(value)}</${name}>`;
  if (typeof value !== 'object') return `<${name}>${value}</${name}>`;
  if (isList(value)) return value.map((item) => printElement(name, item)).join('');
  return `<${name}>${printS3Elements(value)}</${name}>`;
}

function isList(value: readonly S3Xml[] | { readonly [element: string]: S3Xml }): value is readonly S3Xml[] {
  return Array.isArray(value);
}

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/**
 * The document's root element: text, or an object of its children, each again so; a repeated child is an array.
 *
 * @throws Refusal `MalformedXML`; also for a DOCTYPE, since no client sends one and entities can be made to explode
 */
export function parseS3Document(body: Buffer, root: string): unknown {
  const text = body.toString('utf8');
  if (text.includes('<!DOCTYPE')) throw malformedXml();
  let document: Record<string, unknown>;
  try {
    document = parser.parse(text, true) as Record<string, unknown>;
  } catch {
    throw malformedXml();
  }
  if (!Object.hasOwn(document, root)) throw malformedXml();
  return document[root];
}
