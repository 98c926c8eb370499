import fc from 'fast-check';
import { parseToObject } from 'hcl2-parser';
import { describe, expect, it } from 'vitest';
import { block, Expression, type HclValue, jsonEncoded } from './hcl.ts';

/** What the parser makes of one block `x { … }`. */
function read(attributes: Readonly<Record<string, HclValue>>): Record<string, unknown> {
  const [parsed, error] = parseToObject(block('x', attributes)) as [{ x: [Record<string, unknown>] } | null, unknown];
  if (parsed === null) throw new Error(`no HCL: ${JSON.stringify(error)}`);
  return parsed.x[0];
}

const text = fc.oneof(
  fc.string({ unit: 'binary-ascii' }),
  fc.constantFrom('${aws:username}', '%{if}', '$${', '"', '\\', '\n\t', '$', 'é', '日本'),
);
const { document } = fc.letrec((tie) => ({
  document: fc.oneof(
    text,
    fc.array(tie('document'), { maxLength: 3 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('document'),
      { maxKeys: 3 },
    ),
  ),
}));

describe('HCL', () => {
  it('holds any document as Terraform reads it', () => {
    fc.assert(
      fc.property(document, (value) => {
        expect(read({ value: value as HclValue })).toEqual({ value });
      }),
    );
  });

  it('leaves a document that looks like an expression a document', () => {
    expect(read({ tags: { expression: 'file("/etc/passwd")', text: 'x' } })).toEqual({
      tags: { expression: 'file("/etc/passwd")', text: 'x' },
    });
    expect(read({ role: new Expression('aws_iam_role.a.name') })).toEqual({ role: '${aws_iam_role.a.name}' });
  });

  it('writes a policy as a document, its variables as text', () => {
    const { policy } = read({ policy: jsonEncoded('{"Resource":"arn:aws:s3:::b/${aws:username}"}') });
    expect(policy).toBe('${jsonencode({\n    "Resource" = "arn:aws:s3:::b/$${aws:username}"\n  })}');
  });
});
