/** A request that reads in one way only: whole in one piece, and in the shape that SDKs send. */
export interface SimpleRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Name, value, name, value… as sent, as Node's `IncomingMessage.rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/**
 * A path, and lines of a token, a colon, one space and visible ASCII (RFC 9112, 3 and 5). What HTTP allows besides, other
 * blanks, values that are empty or not ASCII, other methods and versions, isn't simple.
 */
const simpleHead =
  /^(?:GET|POST|PUT|DELETE) \/[!-~]* HTTP\/1\.1\r\n(?:[\w!#$%&'*+.^`|~-]+: [!-~](?:[ -~]*[!-~])?\r\n)+\r\n$/;
/** What makes a request more than one message: it is to be confirmed first, is cut into chunks, or changes its connection. */
const demandsMore = /\r\n(?:expect|transfer-encoding|upgrade|(?:proxy-)?connection(?!: keep-alive\r\n)):/i;
const lengthForm = /^\d{1,9}$/;

/**
 * Reads what came in one piece over a connection; undefined if it isn't just one request, and a simple one. That is no
 * judgement: a parser that knows all of HTTP has to read it.
 */
export function readSimpleRequest(bytes: Buffer): SimpleRequest | undefined {
  const headBytes = bytes.indexOf('\r\n\r\n', 0, 'latin1') + 4;
  if (headBytes < 4) return undefined;
  const head = bytes.toString('latin1', 0, headBytes);
  if (!simpleHead.test(head) || demandsMore.test(head)) return undefined;

  const rawHeaders: string[] = [];
  let hosts = 0;
  let lengthText: string | undefined;
  const firstLineEnd = head.indexOf('\r\n');
  for (let at = firstLineEnd + 2; at < headBytes - 2; ) {
    const colon = head.indexOf(':', at);
    const end = head.indexOf('\r\n', colon);
    const name = head.slice(at, colon);
    const value = head.slice(colon + 2, end);
    rawHeaders.push(name, value);
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
    if (name.length === 14 && name.toLowerCase() === 'content-length') {
      if (lengthText !== undefined || !lengthForm.test(value)) return undefined;
      lengthText = value;
    }
    at = end + 2;
  }
  if (hosts !== 1 || bytes.length - headBytes !== Number(lengthText ?? 0)) return undefined;

  const methodEnd = head.indexOf(' ');
  const target = head.slice(methodEnd + 1, head.indexOf(' ', methodEnd + 1));
  return { method: head.slice(0, methodEnd), target, rawHeaders, body: bytes.subarray(headBytes) };
}
