/** An error's message. The thin client loads this file, so it imports nothing. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
