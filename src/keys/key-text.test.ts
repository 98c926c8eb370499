import { describe, expect, it } from 'vitest';
import { keyFrom, keyFromCsv, keyFromText } from './key-text.ts';

const KEY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const { accessKeyId: id, secretAccessKey: secret } = KEY;

describe('a key', () => {
  it.each([
    ['the CSV of the console', `\ufeffAccess key ID,Secret access key\r\n${id},${secret}\r\n`],
    [
      'the CSV of an older console',
      `User name,Password,Access key ID,Secret access key,Console login link\n"alice, a.",,${id},${secret},https://x\n`,
    ],
    ['quoted cells', `"Secret Access Key","Access Key Id"\n"${secret}","${id}"`],
  ])('is read from %s', (_, csv) => {
    expect(keyFromCsv(csv, 'a.csv')).toEqual(KEY);
  });

  it.each([
    ['two lines', `${id}\n${secret}\n`],
    ['two lines of Windows', ` ${id}\r\n ${secret}`],
    ['what aws-vault keeps', JSON.stringify({ AccessKeyID: id, SecretAccessKey: secret, SessionToken: '' })],
  ])('is read from %s', (_, text) => {
    expect(keyFromText(text, 'stdin')).toEqual(KEY);
  });

  it('is read from what IAM answers, with the day it was made', () => {
    const answer = {
      UserName: 'alice',
      AccessKeyId: id,
      Status: 'Active',
      SecretAccessKey: secret,
      CreateDate: '2026-01-02T03:04:05Z',
    };
    expect(keyFromText(JSON.stringify({ AccessKey: answer }, undefined, 2), 'stdin')).toEqual({
      ...KEY,
      createdAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    });
  });

  it.each([
    [() => keyFromCsv('User,Password\na,b', 'x'), 'no columns'],
    [() => keyFromCsv(`Access key ID,Secret access key\n${id},${secret}\n${id},${secret}\n`, 'x'), 'several keys'],
    [() => keyFromCsv('Access key ID,Secret access key\n', 'x'), 'missing'],
    [() => keyFromText('', 'x'), 'missing'],
    [() => keyFromText('{"AccessKeyId": ', 'x'), 'missing'],
    [() => keyFromText(`${id}\n${secret}\nmore`, 'x'), 'more than two'],
    [
      () => keyFromText(JSON.stringify({ AccessKeyId: id, SecretAccessKey: secret, SessionToken: 't' }), 'x'),
      'temporary',
    ],
    [() => keyFrom('ASIAIOSFODNN7EXAMPLE', secret, 'x'), 'temporary'],
    [() => keyFrom('AKIA', secret, 'x'), 'length'],
    [() => keyFrom(id, 'a b', 'x'), 'spaces'],
  ])('is none in %s', (read, problem) => {
    expect(read).toThrow(
      expect.objectContaining({
        code: 'key-malformed',
        fields: { source: 'x', problem: expect.stringContaining(problem) },
      }),
    );
  });
});
