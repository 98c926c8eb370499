import { Refusal } from '../../enforcement/refusal.ts';

/**
 * The parameters of `application/x-www-form-urlencoded` text: a query string, or the body of a Query-protocol call.
 *
 * @throws Refusal `MalformedQueryString` for escapes that are no UTF-8, and (doubt: AWS doesn't say which of two would
 * count) for a name that comes twice
 */
export function parseForm(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    const ampersand = text.indexOf('&', start);
    end = ampersand === -1 ? text.length : ampersand;
    if (start === end) continue;
    const pair = text.slice(start, end);
    const equals = pair.indexOf('=');
    const name = decodeForm(equals === -1 ? pair : pair.slice(0, equals));
    if (parameters.has(name)) throw malformed(`The parameter ${name} is given twice`);
    parameters.set(name, equals === -1 ? '' : decodeForm(pair.slice(equals + 1)));
  }
  return parameters;
}

const needsDecoding = /[%+]/;

function decodeForm(text: string): string {
  if (!needsDecoding.test(text)) return text;
  try {
    return decodeURIComponent(text.includes('+') ? text.replaceAll('+', ' ') : text);
  } catch {
    throw malformed('The query string is malformed');
  }
}

function malformed(message: string): Refusal {
  return new Refusal('MalformedQueryString', 400, message);
}
