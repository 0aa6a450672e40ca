/** Instants and durations as Go prints them. */

/** Go's text for a time that was never set. */
export const zeroTime = "0001-01-01T00:00:00Z";

/** time.Duration.String for whole seconds: `1h0m3s`, `1m0s`, `7s`. */
export function formatDuration(seconds: number): string {
  const [hours, minutes] = [Math.trunc(seconds / 3600), Math.trunc((seconds % 3600) / 60)];
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}

/** Seconds from one instant to another; undefined when either is not set. */
export function secondsBetween(from: string, to: string): number | undefined {
  if (from === zeroTime || to === zeroTime) return undefined;
  const milliseconds = Date.parse(to) - Date.parse(from);
  return Number.isFinite(milliseconds) ? milliseconds / 1000 : undefined;
}
