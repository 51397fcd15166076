/** What comes of it: a value, or what it throws now or later. */
export async function attempt(run: () => unknown): Promise<unknown> {
  try {
    return { value: await run() };
  } catch (error) {
    return { error };
  }
}
