import type { ChangeLog } from './journal.ts';
import { SortedTable } from './sorted-table.ts';
import type { Change, Store, TableName } from './store.ts';
import type { Tables } from './tables.ts';

/** The tables in memory, and before them the log. */
export interface State extends Store {
  /** Puts back what the log held; nothing is written. */
  restore(change: Change): void;
  /** Carries every further commit to this log, once what it held is restored. */
  attach(log: ChangeLog): void;
  /** Closes the log; the state must not be changed any more. */
  close(): void;
}

export interface StateOptions {
  readonly visibleAfterMs: number;
  /** The authority's clock: a test that moves it need not wait for an entity to be seen. */
  readonly now: () => number;
}

/** What IAM shows late: the entities that other services learn of from it. */
const shownLate = new Set<TableName>(['names', 'users', 'groups', 'roles', 'policies', 'accessKeys']);

/** Without a log the state lives as long as the process. */
export function createState({ visibleAfterMs, now }: StateOptions): State {
  const tables = new Map<TableName, SortedTable<unknown>>();
  const seenFrom = new Map<string, { readonly createdAtMs: number; readonly seenAtMs: number }>();
  let log: ChangeLog | undefined;

  function tableOf<T extends TableName>(name: T): SortedTable<Tables[T]> {
    let table = tables.get(name);
    if (table === undefined) {
      table = new SortedTable<unknown>();
      tables.set(name, table);
    }
    // Only `apply` fills a table, with what its change says.
    return table as SortedTable<Tables[T]>;
  }

  function apply({ table, key, value }: Change): void {
    const rows: SortedTable<unknown> = tableOf(table);
    if (value === null) rows.delete(key);
    else rows.set(key, value);
  }

  function markAsNew({ table, key, value }: Change): void {
    if (value === null) seenFrom.delete(`${table} ${key}`);
    else if (tableOf(table).get(key) === undefined) {
      const createdAtMs = now();
      seenFrom.set(`${table} ${key}`, { createdAtMs, seenAtMs: createdAtMs + visibleAfterMs });
    }
  }

  function isSeen(table: TableName, key: string): boolean {
    if (visibleAfterMs === 0) return true;
    const mark = seenFrom.get(`${table} ${key}`);
    if (mark === undefined) return true;
    const nowMs = now();
    // A clock that was set back to before the entity was made must not hide it for ages.
    if (nowMs >= mark.createdAtMs && nowMs < mark.seenAtMs) return false;
    seenFrom.delete(`${table} ${key}`);
    return true;
  }

  function* everything(): Generator<Change> {
    for (const [table, rows] of tables) {
      for (const [key, value] of rows.entries()) yield { table, key, value } as Change;
    }
  }

  return {
    get: (table, key) => tableOf(table).get(key),
    visible: (table, key) => (isSeen(table, key) ? tableOf(table).get(key) : undefined),
    list<T extends TableName>(table: T, prefix: string) {
      const rows: Tables[T][] = [];
      for (const [key, row] of tableOf(table).entries(prefix)) if (isSeen(table, key)) rows.push(row);
      return rows;
    },
    commit(changes) {
      if (changes.length === 0) return;
      log?.append(changes);
      for (const change of changes) {
        if (visibleAfterMs > 0 && shownLate.has(change.table)) markAsNew(change);
        apply(change);
      }
      log?.settle(everything);
    },
    restore: apply,
    attach(newLog) {
      log = newLog;
    },
    close() {
      log?.close();
      log = undefined;
    },
  };
}
