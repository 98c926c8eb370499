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

interface Part {
  /** What makes it a duplicate of another: the key, or the title. */
  readonly name: string;
  readonly lines: readonly string[];
}

const anyEntry: fc.Arbitrary<Part> = fc
  .tuple(
    indent,
    fc.constantFrom(...keys, 's3', 'Region', 'other'),
    separator,
    anyValue,
    fc.constantFrom('', '', ' '),
    continuation,
  )
  .map(([space, key, sign, value, end, more]) => ({
    name: key.toLowerCase(),
    lines: [`${space}${key}${sign}${value}${end}`, ...more],
  }));

const equals = fc.constantFrom('=', ' = ', ' = ', '= ');
const block = fc
  .uniqueArray(fc.constantFrom('endpoint_url', 'addressing_style', 'y'), { minLength: 1 })
  .chain((names) => fc.tuple(...names.map((name) => plainValue.map((value) => `    ${name} = ${value}`))));

/** Read alike by all clients: `=`, no comment behind a value, blocks with something in them, nothing else indented. */
const agreedEntry: fc.Arbitrary<Part> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...keys, 'other'), equals, plainValue)
      .map(([key, sign, value]) => ({ name: key, lines: [`${key}${sign}${value}`] })),
  },
  { weight: 1, arbitrary: block.map((lines) => ({ name: 's3', lines: ['s3 =', ...lines] })) },
);

const filler: fc.Arbitrary<Part> = fc.oneof(comment, blank).map((line) => ({ name: '', lines: [line] }));

export const configTitle = fc.constantFrom(
  ...profileNames.map((name) => (name === 'default' ? name : `profile "${name}"`)),
  'profile work',
  'profile a',
  'profile  a',
  "profile 'b.c'",
  'profile with\\ space',
  'plugins',
  'services local',
  'sso-session s',
);

/** Of the config file, as all clients read them. */
export const agreedTitle = fc.constantFrom(
  'default',
  'profile work',
  'profile work-mfa',
  'profile "a"',
  "profile 'b.c'",
  'plugins',
  'services local',
);

export const credentialsTitle = fc.constantFrom(...profileNames, 'profile work', 'saml');

interface Style {
  readonly entry: fc.Arbitrary<Part>;
  readonly behindTitle: fc.Arbitrary<string>;
  readonly start: fc.Arbitrary<string>;
  readonly lineEnd: fc.Arbitrary<string>;
  readonly hasDuplicates: boolean;
}

const behindTitle = fc.constantFrom('', '', ' ', '  # comment');
const anyStart = fc.constantFrom('', '', '', '\ufeff');
const anyLineEnd = fc.constantFrom('\n', '\n', '\r\n', '\r');

/** What some client takes, what the AWS CLI takes, and what all take alike. */
const STYLES = {
  any: {
    entry: anyEntry,
    behindTitle: fc.oneof(behindTitle, fc.constant('junk')),
    start: anyStart,
    lineEnd: anyLineEnd,
    hasDuplicates: true,
  },
  cli: { entry: anyEntry, behindTitle, start: fc.constant(''), lineEnd: anyLineEnd, hasDuplicates: false },
  agreed: {
    entry: agreedEntry,
    behindTitle,
    start: fc.constant(''),
    lineEnd: fc.constantFrom('\n', '\r\n'),
    hasDuplicates: false,
  },
} as const satisfies Record<string, Style>;

/** The text of a file. */
export function fileText(title: fc.Arbitrary<string>, styleName: keyof typeof STYLES): fc.Arbitrary<string> {
  const style: Style = STYLES[styleName];
  const comments = fc.array(fc.oneof(comment, fc.constant('')), { maxLength: 2 });
  return fc
    .tuple(style.start, comments, fc.array(section(title, style), { maxLength: 5 }), style.lineEnd, fc.boolean())
    .map(([start, first, parts, lineEnd, ends]) => {
      const lines = [
        ...first,
        ...(style.hasDuplicates ? parts : withoutDuplicates(parts)).flatMap((part) => part.lines),
      ];
      return start + lines.join(lineEnd) + (ends && lines.length > 0 ? lineEnd : '');
    });
}

function section(title: fc.Arbitrary<string>, style: Style): fc.Arbitrary<Part> {
  const content = fc.array(fc.oneof({ weight: 4, arbitrary: style.entry }, { weight: 2, arbitrary: filler }), {
    maxLength: 6,
  });
  return fc.tuple(title, style.behindTitle, content).map(([name, end, parts]) => ({
    name,
    lines: [
      `[${name}]${end}`,
      ...(style.hasDuplicates ? parts : withoutDuplicates(parts)).flatMap(({ lines }) => lines),
    ],
  }));
}

function withoutDuplicates(parts: readonly Part[]): readonly Part[] {
  return parts.filter(({ name }, index) => name === '' || parts.findIndex((other) => other.name === name) === index);
}
