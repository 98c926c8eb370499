/** Stores that can hold a secret text under a name. A driver is a file of its own and a line in `stores.ts`. */
export const storeKinds = ['keychain', 'age', 'pass', 'command'] as const;
export type StoreKind = (typeof storeKinds)[number];

/**
 * What every store does. Names are ours (`key/work`, `session/work`), secrets are UTF-8 text. A store asks a person to
 * unlock it by its own means, and may take as long as the person does.
 */
export interface SecretStore {
  readonly kind: StoreKind;
  /**
   * The secret of this name; undefined only where the store was open and holds none.
   * @throws StepupError `store-unavailable` (no such store here), `store-locked` (it is there and wasn't opened)
   */
  read(name: string): Promise<string | undefined>;
  /** Keeps a secret, in place of an older one. @throws as `read` */
  write(name: string, secret: string): Promise<void>;
  /** True if there was one. @throws as `read` */
  remove(name: string): Promise<boolean>;
}
