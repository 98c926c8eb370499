import { STATUS_CODES } from 'node:http';
import { type Answer, headersWithLength } from './answer.ts';

/**
 * Status line and headers of an answer that was checked, one character a byte, with the empty line behind them (RFC 9112,
 * 4 and 5). `keepAliveSeconds`: how long the connection then waits for another request; undefined: it ends.
 */
export function printHead(answer: Answer, lengthBytes: number, keepAliveSeconds: number | undefined): string {
  let head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'unknown'}\r\n`;
  const headers = headersWithLength(answer, lengthBytes);
  for (let at = 0; at < headers.length; at += 2) {
    head += `${headers[at]}: ${headers[at + 1]}\r\n`;
  }
  const connection = keepAliveSeconds === undefined ? 'close' : `keep-alive\r\nKeep-Alive: timeout=${keepAliveSeconds}`;
  return `${head}Date: ${httpDate()}\r\nConnection: ${connection}\r\n\r\n`;
}

let printedSecond = Number.NaN;
let printed = '';

/** Printed once a second. */
function httpDate(): string {
  const nowMs = Date.now();
  const second = Math.floor(nowMs / 1_000);
  if (second !== printedSecond) {
    printedSecond = second;
    printed = new Date(nowMs).toUTCString();
  }
  return printed;
}
