import type { PolicyDocument } from './document.ts';
import { PreparedStatement } from './statement.ts';

/** A document made ready to be asked, once, for any number of requests. */
export interface PreparedPolicy {
  readonly document: PolicyDocument;
  /** All of them, and by effect; in the document's order. */
  readonly statements: readonly PreparedStatement[];
  readonly denies: readonly PreparedStatement[];
  readonly allows: readonly PreparedStatement[];
}

export function preparePolicy(document: PolicyDocument): PreparedPolicy {
  const statements: PreparedStatement[] = [];
  const denies: PreparedStatement[] = [];
  const allows: PreparedStatement[] = [];
  for (const source of document.statements) {
    const statement = new PreparedStatement(source, document.version);
    statements.push(statement);
    (source.effect === 'Deny' ? denies : allows).push(statement);
  }
  return { document, statements, denies, allows };
}
