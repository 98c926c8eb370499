/**
 * The sandbox's state: tables of immutable plain-data entities, changed only by `commit`. One commit is one journal
 * record: after a kill it is there whole or not at all. Services never touch files; `journal.ts` does.
 */
import type { Tables } from './tables.ts';

export type TableName = keyof Tables;

export type Change = {
  [T in TableName]: { readonly table: T; readonly key: string; readonly value: Tables[T] | null };
}[TableName];

export interface Store {
  /** What is there, visible or not: for uniqueness checks and for enforcement. */
  get<T extends TableName>(table: T, key: string): Tables[T] | undefined;
  /** The same, but nothing for an entity younger than `visibleAfterMs` (IAM's eventual consistency). */
  visible<T extends TableName>(table: T, key: string): Tables[T] | undefined;
  /** Entities of a table whose key starts with `prefix`, in key order; only those visible. */
  list<T extends TableName>(table: T, prefix: string): readonly Tables[T][];
  /** Durable (written to the journal) when it returns; `null` deletes. */
  commit(changes: readonly Change[]): void;
}
