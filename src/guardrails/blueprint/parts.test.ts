import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlinePart, managedPart, partsOfTags, tagsOfParts } from './parts.ts';

describe('parts', () => {
  it('names parts in tags', () => {
    const parts = ['made', 'trust', inlinePart('S3'), managedPart('arn:aws:iam::aws:policy/job-function/Billing')];
    expect(tagsOfParts('platform', parts)).toEqual([
      { key: 'stepup:setup', value: 'platform' },
      { key: 'stepup:parts', value: 'inline:S3 made managed:aws:policy/job-function/Billing trust' },
    ]);
  });

  it('knows an entity that no setup has touched', () => {
    expect(partsOfTags([{ key: 'team', value: 'a' }])).toBeUndefined();
  });

  it('reads back what it wrote, however long, within the length of a tag', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_+=.@-]{1,128}$/).map(inlinePart);
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 20 }), (parts) => {
        const tags = tagsOfParts('s', parts);
        expect(tags.every(({ value }) => value.length <= 256)).toBe(true);
        expect(partsOfTags([...tags].reverse())).toEqual({ setup: 's', parts: new Set(parts) });
      }),
    );
  });
});
