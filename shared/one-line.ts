/** Text that came from elsewhere, made fit for a line on a terminal. The thin client loads this file. */

/**
 * Without control characters, which could move the cursor, retitle the window or forge a line, and without marks that
 * turn the direction of writing. Line breaks and tabs become spaces.
 */
export function oneLine(text: string): string {
  return text.replace(/[\n\r\t]+/g, " ").replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "");
}
