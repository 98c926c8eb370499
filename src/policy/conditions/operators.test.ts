import { describe, expect, test } from 'vitest';
import type { RequestContext } from '../context.ts';
import { conditionOperators } from './operators.ts';

const NO_CONTEXT: RequestContext = new Map();

/** The positive comparison: a negated operator is turned round by the condition, not by its values. */
function compare(operator: string, wanted: string, value: string): boolean | 'no value of this type' {
  const test = conditionOperators.get(operator)!.compile(wanted, true);
  return test === undefined ? 'no value of this type' : test(value, NO_CONTEXT);
}

describe('numbers', () => {
  test.each([
    ['1', '1', true],
    ['1', '1.0', true],
    ['1', '1.', true],
    ['0.5', '.5', true],
    ['1', '+1', true],
    ['0', '-0', true],
    ['-1', '1', false],
    ['0.1', '0.10000000000000000001', false],
    ['12345678901234567890', '12345678901234567890.000', true],
    ['12345678901234567890', '12345678901234567891', false],
    ['-12345678901234567890.5', '-12345678901234567890.50', true],
    ['1', '1e0', false],
    ['1', ' 1', false],
    ['1', '0x1', false],
    ['1', 'Infinity', false],
    ['1', '', false],
    ['1', '.', false],
  ])('%s equals %s: %s', (wanted, value, equal) => {
    expect(compare('NumericEquals', wanted, value)).toBe(equal);
  });

  test.each(['', '.', 'NaN', 'Infinity', '1e3', '1,000', '--1', '٣', '9'.repeat(101)])('%s is none', (wanted) => {
    expect(compare('NumericEquals', wanted, '1')).toBe('no value of this type');
  });

  test.each([
    ['NumericLessThan', '-1', '-2'],
    ['NumericLessThan', '100000000000000000000', '99999999999999999999.9'],
    ['NumericGreaterThan', '99999999999999999999.9', '100000000000000000000'],
    ['NumericGreaterThanEquals', '3', '3.0'],
    ['NumericLessThanEquals', '3', '3.0'],
  ])('%s %s: %s', (operator, wanted, value) => {
    expect(compare(operator, wanted, value)).toBe(true);
  });
});

describe('dates', () => {
  test.each([
    ['2026-01-01T00:00:00Z', '1767225600'],
    ['2026-01-01T00:00:00Z', '2026-01-01'],
    ['2026-01-01T00:00:00Z', '2026-01'],
    ['2026-01-01T00:00:00Z', '2026'],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00Z'],
    ['2026-01-01T00:00:00Z', '2026-01-01t00:00:00z'],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00'],
    ['2026-01-01T00:00:00Z', '2025-12-31T22:00:00-02:00'],
    ['2026-01-01T00:00:00Z', '2026-01-01T05:30:00+0530'],
    ['2026-01-01T00:00:00Z', '2026-01-01T02:00:00+02'],
    ['2026-01-01T00:00:00.5Z', '1767225600.5'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
    ['0050-01-01', '0050-01-01T00:00:00Z'],
    ['0', '1970-01-01'],
  ])('%s equals %s', (wanted, value) => {
    expect(compare('DateEquals', wanted, value)).toBe(true);
    expect(compare('DateEquals', value, wanted)).toBe(true);
  });

  test.each([
    '',
    'now',
    '2026-13-01',
    '2026-00-01',
    '2026-02-29',
    '2026-01-32',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01 00:00:00',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+5',
    '20260101T000000Z',
    '2026-01-01T00:00:00.0000000001Z',
    '1e9',
    '1'.repeat(19),
  ])('%s is none', (text) => {
    expect(compare('DateEquals', text, '2026')).toBe('no value of this type');
    expect(compare('DateNotEquals', '2026', text)).toBe(false);
  });
});

describe('addresses', () => {
  test.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.1.2.3/8', '10.9.9.9', true],
    ['192.0.2.128/25', '192.0.2.127', false],
    ['192.0.2.0/31', '192.0.2.1', true],
    ['192.0.2.0/32', '192.0.2.1', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['::/0', '2001:db8::', true],
    ['::/0', '192.0.2.1', false],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['2001:db8::/127', '2001:db8::1', true],
    ['2001:db8::/127', '2001:db8::2', false],
    ['2001:DB8:a::b', '2001:db8:A:0:0:0:0:B', true],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201', true],
    ['::ffff:192.0.2.0/120', '192.0.2.1', false],
  ])('%s holds %s: %s', (wanted, value, within) => {
    expect(compare('IpAddress', wanted, value)).toBe(within);
  });

  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.0.0.1',
    '1.2.3.4/33',
    '1.2.3.4/',
    '1.2.3.4/-1',
    '1.2.3.4/8/8',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '::/129',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '12345::',
    'g::',
    '1.2.3.4::',
    '::1.2.3',
    '::1.2.3.4:5',
    'fe80::1%eth0',
  ])('%s is none', (text) => {
    expect(compare('IpAddress', text, '1.2.3.4')).toBe('no value of this type');
    expect(compare('IpAddress', '0.0.0.0/0', text) || compare('IpAddress', '::/0', text)).toBe(false);
  });
});

describe('ARNs', () => {
  test.each([
    ['arn:aws:s3:::vault', 'arn:aws:s3:::vault', true],
    ['arn:aws:s3:::vault*', 'arn:aws:s3:::vault/a:b/c', true],
    ['arn:aws:sns:*:*:t?pic', 'arn:aws:sns:eu-west-1:111111111111:topic', true],
    ['arn:*:*:*:*:*', 'arn:aws:s3:::vault', true],
    ['arn:aws:s3:*', 'arn:aws:s3:::vault', false],
    ['arn:aws:iam::*:role/x', 'arn:aws:iam::1:x:role/x', false],
    ['arn:aws:s3:::Vault', 'arn:aws:s3:::vault', false],
    ['arn:aws:s3:::vault', '', false],
  ])('%s matches %s: %s', (wanted, value, matches) => {
    expect(compare('ArnLike', wanted, value)).toBe(wanted.split(':').length < 6 ? 'no value of this type' : matches);
  });
});

describe('bytes and Booleans', () => {
  test.each([
    ['BinaryEquals', 'AAEC', 'AAEC', true],
    ['BinaryEquals', '', '', true],
    ['BinaryEquals', 'AAEC', 'AAED', false],
    ['BinaryEquals', 'AA==', 'AB==', true],
    ['BinaryEquals', 'AAEC', 'AAE', false],
    ['BinaryEquals', 'AAE', 'AAE', 'no value of this type'],
    ['Bool', 'true', 'TRUE', true],
    ['Bool', 'False', 'false', true],
    ['Bool', 'true', 'yes', false],
    ['Bool', '1', '1', 'no value of this type'],
  ])('%s %s: %s', (operator, wanted, value, outcome) => {
    expect(compare(operator, wanted, value)).toBe(outcome);
  });
});
