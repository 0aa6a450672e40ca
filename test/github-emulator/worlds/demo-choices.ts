/** The people of the demo and the deterministic choices it is made with. */
export const maintainers = ["ada-okafor", "bjorn-lind", "chen-wei", "dalia-haddad"];
export const contributors = ["emre-kaya", "freya-moss", "goran-ilic", "hana-sato", "ines-free"];
export const people = [...maintainers, ...contributors];
export const areas = ["src/bridge", "src/colour", "src/schedule", "docs", "test"];

const startMs = Date.UTC(2025, 5, 2, 8);
const hour = 3_600_000;
let state = 0x2f6e2b1;

/** Starts the choices over, so that every world made is the same. */
export function restart(): void {
  state = 0x2f6e2b1;
}

export function below(limit: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

export function pick<T>(items: readonly T[]): T {
  const item = items[below(items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

/** Hours after the demo's beginning. */
export function at(hours: number): string {
  return `${new Date(startMs + hours * hour).toISOString().slice(0, 19)}Z`;
}
