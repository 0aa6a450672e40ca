/**
 * The slots of a chart over time: few enough to distinguish, and at round times, so that a slot stays the same slot.
 */
const hour = 3600;
const minutes = [1, 2, 5, 10, 15, 30].map((length) => length * 60);
const hours = [1, 3, 6, 12, 24].map((length) => length * hour);
/** One more for the slot that the window's beginning cuts. */
const mostSlots = 48;
/** Longer windows take whole hours, which are folded; shorter ones are read from the trail. */
const longestByMinutes = 4 * hour;

/** @returns seconds; a divisor of a day, so that slots begin at round times in UTC */
export function slotSeconds(windowSeconds: number): number {
  const lengths = windowSeconds > longestByMinutes ? hours : minutes;
  return lengths.find((length) => Math.ceil(windowSeconds / length) + 1 <= mostSlots) ?? 24 * hour;
}

/** When the slots of a window begin, ms since the epoch. */
export function slotStarts(since: number, until: number, slotMs: number): number[] {
  const first = Math.floor(since / slotMs) * slotMs;
  return Array.from({ length: Math.floor((until - first) / slotMs) + 1 }, (_, at) => first + at * slotMs);
}
