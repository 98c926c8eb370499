import type { PolicyDocument, PolicyKind } from './document.ts';
import { readDocument } from './document-syntax.ts';
import { JsonError, type JsonText, parseJson } from './json.ts';
import { malformed, SYNTAX_ERRORS } from './malformed.ts';
import { childPath } from './source.ts';

/**
 * Characters, white space not counted, beyond which no document of a kind gets through anywhere. What holds for one
 * user, role or managed policy is less, depends on quotas, and is for the keeper of the documents to know; AWS's own
 * managed policies are bound by no quota, so that only the size of the API's parameter binds them.
 */
const MAX_SIZE: Readonly<Record<PolicyKind, number>> = {
  identity: 131_072,
  boundary: 131_072,
  session: 131_072,
  trust: 8192,
  scp: 10_240,
  rcp: 10_240,
  resource: 32_768,
};

/**
 * A policy document from its JSON text. Throws StepupError `malformed-policy` with line, column and JSON path, and in
 * `aws` what AWS would answer.
 */
export function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  demandSize(text, kind);
  const json = readJson(text, kind);
  return readDocument(json.value, kind, {
    locate: (path, container, key, what) => ({ path, ...json.positionOf(container, key, what) }),
  });
}

function demandSize(text: string, kind: PolicyKind): void {
  const limit = MAX_SIZE[kind];
  if (text.length <= limit) return;
  const size = text.replace(/\s/g, '').length;
  if (size <= limit) return;
  const quota = kind === 'trust' ? 'ACLSizePerRole' : 'PolicySize';
  const flaw = {
    aws: `Cannot exceed quota for ${quota}: ${limit}`,
    problem: `the policy has ${size} characters, white space not counted; at most ${limit} are taken`,
    location: { path: '$', line: 1, column: 1 },
  };
  throw malformed(flaw, 'LimitExceeded');
}

/** IAM's words for text that is no JSON are others for a trust policy than for the rest. */
function readJson(text: string, kind: PolicyKind): JsonText {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const aws = error.kind === 'syntax' && kind === 'trust' ? 'This policy contains invalid Json' : SYNTAX_ERRORS;
    const path = error.path.reduce<string>(childPath, '$');
    throw malformed({ aws, problem: error.message, location: { path, ...error.position } });
  }
}
