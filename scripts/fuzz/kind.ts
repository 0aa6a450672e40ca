import type { Choices } from "./random.ts";

/** The result of a trial: the difference between Octopool and the real gh, if there is one. */
export type FuzzVerdict =
  | { readonly kind: "same" | "native" }
  | { readonly kind: "different"; readonly lines: readonly string[] };

/** One sort of things that are tried. */
export interface Kind<T> {
  generate(random: Choices): T;
  /** Simpler trials that may show the same, the simplest first. */
  smaller(trial: T): Iterable<T>;
  compare(trial: T): Promise<FuzzVerdict>;
  /** As a person would type it. */
  show(trial: T): string;
  /** A line of a case file, with the real gh's answer. */
  caseLine(trial: T): Promise<string>;
  close(): Promise<void>;
}

/** The simplest trial that still differs. */
export async function shrink<T>(kind: Kind<T>, trial: T, attempts = 300): Promise<T> {
  let current = trial;
  let left = attempts;
  for (let found = true; found && left > 0; ) {
    found = false;
    for (const smaller of kind.smaller(current)) {
      if (left-- <= 0) break;
      if ((await kind.compare(smaller)).kind !== "different") continue;
      current = smaller;
      found = true;
      break;
    }
  }
  return current;
}
