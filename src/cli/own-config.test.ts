import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOwnConfig } from './own-config.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'own-'));
  mkdirSync(join(home, '.config', 'stepup'), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true }));

const path = () => join(home, '.config', 'stepup', 'config.json');
const read = () => readOwnConfig({ accountHomeDirectory: home });

describe("stepup's own configuration", () => {
  it('need not be there', () => {
    expect(read()).toEqual({ path: path(), codeHosts: [] });
  });

  it('names hosts, without regard to case', () => {
    writeFileSync(path(), '{"codeHosts": ["STS.corp.example:8443", "sts2.corp.example"], "later": 1}');
    expect(read().codeHosts).toEqual(['sts.corp.example:8443', 'sts2.corp.example']);
  });

  it.each([
    '',
    '[]',
    'null',
    '{"codeHosts": "x"}',
    '{"codeHosts": [1]}',
    '{"codeHosts": ["https://x"]}',
    '{"codeHosts": ["*"]}',
  ])('is refused as %s', (text) => {
    writeFileSync(path(), text);
    expect(read).toThrow('own-config');
  });

  it('is refused when others may write it', () => {
    writeFileSync(path(), '{"codeHosts": ["evil.example"]}');
    chmodSync(path(), 0o666);
    expect(read).toThrow('unsafe-path');
  });
});
