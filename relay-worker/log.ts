/** What the operator's log hears of trouble: one line, without the values a statement was given. */
export function logTrouble(what: string, error: unknown): void {
  const root = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  console.error(`relay: ${what}:`, root instanceof Error ? root.message : "unknown");
}
