/**
 * The values of one condition key, by the key's name in lower case; undefined: the key isn't in the request.
 * A `Map<string, readonly string[]>` is one; so is anything lazy. An empty list counts as absent.
 */
export interface RequestContext {
  get(keyInLowerCase: string): readonly string[] | undefined;
}
