/** What random repositories are drawn from: texts, accounts, moments. */
import type { Choices } from "../random.ts";

/** The account whose gh is asked. */
export const viewer = "alice";
export const people = [viewer, "bob", "carol", "nameless"];
const logins = [viewer, "bob", "carol", "dave-the-second", "gone", "dependabot[bot]", "Copilot", "nameless"];

const words = [
  "Fix",
  "tabs\tand",
  "日本語の題",
  "cafe\u0301",
  "👩‍👩‍👧 family",
  "<b>&amp;",
  "a".repeat(70),
  "#7",
  "`code`",
  "\u001b[31mred",
  "zero\u200bwidth",
  "\\n",
  "--flag",
  '"quoted"',
  "null",
  "word ".repeat(12).trim(),
];
export const bodies = [
  null,
  "",
  "One line.",
  "Two\r\nlines\r\n",
  "# Title\n\n- a\n- b\n\n```sh\nls\n```\n",
  "  padded  \n\n\n",
  "<!-- hidden -->",
  "text ".repeat(60),
];
const contents = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"] as const;
export const associations = [
  "OWNER",
  "MEMBER",
  "COLLABORATOR",
  "CONTRIBUTOR",
  "NONE",
  "FIRST_TIME_CONTRIBUTOR",
] as const;
/** GitHub numbers what is written later higher. */
export const byTime =
  <K extends string>(key: K) =>
  (a: Readonly<Record<K, string>>, b: Readonly<Record<K, string>>) =>
    a[key].localeCompare(b[key]);

/** Few different moments, so that some things happen at the same one. */
export class Draw {
  readonly random: Choices;

  constructor(random: Choices) {
    this.random = random;
  }

  some<T>(most: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.random.below(most + 1) }, (_, index) => make(index));
  }

  maybe<T>(probability: number, make: () => T): T | undefined {
    return this.random.chance(probability) ? make() : undefined;
  }

  subset<T>(items: readonly T[], most: number): T[] {
    return [...new Set(this.some(Math.min(most, items.length), () => this.random.pick(items)))];
  }

  title(): string {
    return this.some(2, () => this.random.pick(words)).join(" ") || "Untitled";
  }

  at(): string {
    const { random } = this;
    const seconds = random.pick([0, 0, 1, 59, 60, 3599, 86_399]);
    return new Date(Date.UTC(2025, random.below(12), 1 + random.below(4), 9, 0, seconds)).toISOString();
  }

  author(): string {
    return this.random.pick(logins);
  }

  reactions(): Partial<Record<(typeof contents)[number], string[]>> {
    return Object.fromEntries(this.subset(contents, 2).map((content) => [content, this.subset(people, 2)]));
  }
}
