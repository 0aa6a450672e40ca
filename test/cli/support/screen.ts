/** The output of a command for people, in a form that a test can state as a table. */

/** Each line's columns: two spaces or more part them. */
export function cells(text: string): string[][] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.trim().split(/ {2,}/));
}
