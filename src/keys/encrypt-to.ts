/** Something secret for somebody else, as an age file that only they open (age-encryption.org/v1). */
import { armor, Encrypter } from 'age-encryption';

/** The text, encrypted to a recipient (`age1…`), in the form that mail and chat let through. */
export async function encryptTo(recipient: string, text: string): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(text));
}

/** Whether somebody can be encrypted to: age's recipients carry a checksum. */
export function isAgeRecipient(text: string): boolean {
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}
