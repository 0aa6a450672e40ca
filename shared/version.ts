/** The version of this build. The bundles have it compiled in; unbuilt sources have `0.0.0-source`. */

declare const OCTOPOOL_VERSION: string | undefined;

/** `major.minor.patch`, or `0.0.0-source` for sources that run unbuilt. */
export const version: string = typeof OCTOPOOL_VERSION === "string" ? OCTOPOOL_VERSION : "0.0.0-source";

/** Whether `candidate` is a later release than `reference`; sources, and texts that are no version, are neither. */
export function isNewer(candidate: string, reference: string): boolean {
  const [a, b] = [numbersOf(candidate), numbersOf(reference)];
  if (a === undefined || b === undefined) return false;
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value > other;
  }
  return false;
}

function numbersOf(text: string): readonly number[] | undefined {
  const match = text.endsWith("-source") ? null : /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})/.exec(text);
  return match?.slice(1).map(Number);
}
