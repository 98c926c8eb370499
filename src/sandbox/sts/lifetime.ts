/** From when until when: whole seconds, as AWS's answers have them. */
export function lifetime(
  nowMs: number,
  seconds: number,
): { readonly issuedAtMs: number; readonly expiresAtMs: number } {
  const issuedAtMs = Math.floor(nowMs / 1000) * 1000;
  return { issuedAtMs, expiresAtMs: issuedAtMs + seconds * 1000 };
}
