import { isRefusal } from './refusal.ts';

/** Takes away what may be gone already: AWS's NoSuchEntity is as good as done. Throws what the work throws otherwise. */
export async function unlessGone(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isRefusal(error, 'NoSuchEntity')) throw error;
  }
}
