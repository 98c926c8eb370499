/** Texts of AWS files for property tests: what people and programs write, in every order, with every line end. */
import fc from 'fast-check';

export const profileNames = ['default', 'work', 'work-mfa', 'a', 'b.c', 'with space'] as const;

/** Keys that edits use and files hold; few, so that they meet. */
export const keys = ['region', 'output', 'role_arn', 'x'] as const;

/** What every client reads alike. */
export const plainValue = fc
  .stringMatching(/^[A-Za-z0-9][A-Za-z0-9 :/+=@.,"'[\]\\%-]{0,20}$/)
  .map((value) => value.trim())
  .filter((value) => value !== '');

/** All that may stand behind an equals sign on one line. */
const anyValue = fc.oneof(
  plainValue,
  fc.constantFrom('', '# no comment', 'eu-west-1 # comment?', 'a;b', '""', 'ü — ☃', '\ufffd'),
);

const indent = fc.constantFrom('', '', '', '  ', '\t', '    ');
const comment = fc
  .tuple(indent, fc.constantFrom('# comment', ';', '#[profile work]', '; region = x'))
  .map((p) => p.join(''));
const blank = fc.constantFrom('', '', '  ', '\t');
const separator = fc.constantFrom('=', ' = ', ' = ', '= ', ' =', ' : ', '\t=\t');

/** Behind `key = value`: more of the value; behind `key =`: a block. */
const continuation = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.tuple(fc.constantFrom('s', 'addressing_style'), plainValue).map(([k, v]) => `      ${k} = ${v}`),
    },
    { weight: 1, arbitrary: comment },
    { weight: 1, arbitrary: blank },
  ),
  { maxLength: 3 },
);

const entry = fc
  .tuple(
    indent,
    fc.constantFrom(...keys, 's3', 'Region', 'other'),
    separator,
    anyValue,
    fc.constantFrom('', '', ' '),
    continuation,
  )
  .map(([space, key, sign, value, end, more]) => [`${space}${key}${sign}${value}${end}`, ...more]);

export const configTitle = fc.oneof(
  fc.constantFrom(...profileNames.map((name) => (name === 'default' ? name : `profile "${name}"`))),
  fc.constantFrom(
    'profile work',
    'profile a',
    'profile  a',
    "profile 'b.c'",
    'profile with\\ space',
    'plugins',
    'services local',
    'sso-session s',
  ),
);

const section = (title: fc.Arbitrary<string>): fc.Arbitrary<string[]> =>
  fc
    .tuple(
      title,
      fc.constantFrom('', '', ' ', '  # comment', 'junk'),
      fc.array(
        fc.oneof(
          { weight: 4, arbitrary: entry },
          { weight: 1, arbitrary: fc.tuple(comment) },
          { weight: 1, arbitrary: fc.tuple(blank) },
        ),
        {
          maxLength: 6,
        },
      ),
    )
    .map(([name, end, lines]) => [`[${name}]${end}`, ...lines.flat()]);

/** A file as people have it, with duplicates and everything else that some client takes. */
export function fileText(title: fc.Arbitrary<string> = configTitle): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom('', '', '', '\ufeff'),
      fc.array(fc.oneof(comment, fc.constant('')), { maxLength: 2 }),
      fc.array(section(title), { maxLength: 5 }),
      fc.constantFrom('\n', '\n', '\r\n', '\r'),
      fc.boolean(),
    )
    .map(([mark, first, sections, lineEnd, ends]) => {
      const lines = [...first, ...sections.flat()];
      return mark + lines.join(lineEnd) + (ends && lines.length > 0 ? lineEnd : '');
    });
}
