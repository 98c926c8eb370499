import { Refusal } from '../../enforcement/refusal.ts';
import type { ByteRange } from './bodies.ts';

/**
 * The range of a body that a Range header asks for; undefined for the whole of it: no header, or one that isn't
 * understood, which is ignored (RFC 9110, 14.2), several ranges too (S3 gives one a request).
 *
 * @throws Refusal `InvalidRange` for one beyond the body's end
 */
export function rangeOf(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null) return undefined;
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return undefined;
  if (from === '') return suffix(Number(to), sizeBytes, header);
  const first = Number(from);
  const last = to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (to !== '' && Number(to) < first) return undefined;
  if (first >= sizeBytes) throw unsatisfiable(sizeBytes, header);
  return { first, last };
}

/** The last `length` bytes. */
function suffix(length: number, sizeBytes: number, header: string | undefined): ByteRange {
  if (length === 0 || sizeBytes === 0) throw unsatisfiable(sizeBytes, header);
  return { first: Math.max(0, sizeBytes - length), last: sizeBytes - 1 };
}

function unsatisfiable(sizeBytes: number, header: string | undefined): Refusal {
  return new Refusal('InvalidRange', 416, 'The requested range is not satisfiable', {
    RangeRequested: header ?? '',
    ActualObjectSize: String(sizeBytes),
  });
}
