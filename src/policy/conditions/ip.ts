import type { ConditionOperator, ValueTest } from './operator.ts';

/** IAM User Guide, condition operators: IP address. CIDR; an address without a prefix is /32 or, for IPv6, /128. */
export const ipOperators: readonly ConditionOperator[] = [
  { name: 'IpAddress', negated: false, compile },
  { name: 'NotIpAddress', negated: true, compile },
];

/** Four bytes or sixteen. */
type Address = readonly number[];

interface Network {
  readonly address: Address;
  /** Leading bits that count. */
  readonly prefix: number;
}

function compile(wanted: string): ValueTest | undefined {
  const network = parseNetwork(wanted);
  if (network === undefined) return undefined;
  const parse = network.address.length === 4 ? parseIpv4 : parseIpv6;
  return (value) => {
    const address = parse(value);
    return address !== undefined && isWithin(address, network);
  };
}

/** `203.0.113.0/24`, `2001:db8::/32` or an address alone; undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const bits = address.length * 8;
  const prefix = slash < 0 ? bits : parsePrefix(text.slice(slash + 1), bits);
  return prefix === undefined ? undefined : { address, prefix };
}

/** Of two addresses of one version: an IPv4 address is in no IPv6 network, and the other way round. */
function isWithin(address: Address, { address: network, prefix }: Network): boolean {
  const wholeBytes = prefix >> 3;
  for (let index = 0; index < wholeBytes; index += 1) {
    if (address[index] !== network[index]) return false;
  }
  const mask = (0xff00 >> (prefix & 7)) & 0xff;
  return mask === 0 || ((address[wholeBytes] ?? 0) & mask) === ((network[wholeBytes] ?? 0) & mask);
}

function parsePrefix(text: string, bits: number): number | undefined {
  if (!/^\d{1,3}$/.test(text)) return undefined;
  const prefix = Number(text);
  return prefix <= bits ? prefix : undefined;
}

function parseAddress(text: string): Address | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

function parseIpv4(text: string): Address | undefined {
  if (!IPV4.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

/** RFC 4291, with `::` once at most and an IPv4 tail allowed. */
function parseIpv6(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [first = '', second] = halves;
  const head = parseGroups(first, second === undefined);
  const tail = second === undefined ? [] : parseGroups(second, true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** `isEnd`: an IPv4 address may stand in place of the last two groups. */
function parseGroups(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (group.includes('.')) {
      const tail = isEnd && index === groups.length - 1 ? parseIpv4(group) : undefined;
      if (tail === undefined) return undefined;
      bytes.push(...tail);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    }
  }
  return bytes;
}
