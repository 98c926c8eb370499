import type { PolicyDocument } from './document.ts';
import { PreparedStatement } from './statement.ts';

/** A document made ready to be asked, once, for any number of requests. */
export interface PreparedPolicy {
  readonly document: PolicyDocument;
  /** Both in the document's order. */
  readonly denies: readonly PreparedStatement[];
  readonly allows: readonly PreparedStatement[];
}

export function preparePolicy(document: PolicyDocument): PreparedPolicy {
  const denies: PreparedStatement[] = [];
  const allows: PreparedStatement[] = [];
  for (const statement of document.statements) {
    (statement.effect === 'Deny' ? denies : allows).push(new PreparedStatement(statement, document.version));
  }
  return { document, denies, allows };
}
