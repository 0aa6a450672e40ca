/** What happens to a random repository between two looks at it. */
import type { Choices } from "../../scripts/fuzz/random.ts";
import { randomRepository } from "../../scripts/fuzz/world/repository.ts";
import type { RepositoryFile } from "../github-emulator/index.ts";

/** Members that change without the history of its commits, whose names follow from their content. */
const changing = [
  "issues",
  "pulls",
  "runs",
  "releases",
  "labels",
  "workflows",
  "topics",
  "description",
  "homepage",
  "license",
  "archived",
  "has_issues",
  "has_wiki",
  "protection",
  "collaborators",
] as const satisfies readonly (keyof RepositoryFile)[];

/** Those that a command shows, by its words. */
const shown: readonly (readonly [RegExp, readonly (typeof changing)[number][]])[] = [
  [/^pr |^search prs|pulls|commits/, ["pulls", "protection"]],
  [/^issue |^search issues|\/issues/, ["issues", "has_issues"]],
  [/^run |actions/, ["runs", "workflows"]],
  [/^workflow /, ["workflows", "runs"]],
  [/release/, ["releases"]],
  [/label/, ["labels"]],
];

/** By these a thing stays the same one. */
const names = ["number", "id", "tag", "name"];

/** One to three of its members, with something gone, something edited, or all of it another's; most are of the command. */
export function changed(random: Choices, repository: RepositoryFile, args: readonly string[]): RepositoryFile {
  const other = randomRepository(random);
  const near = shown.find(([words]) => words.test(args.join(" ")))?.[1] ?? changing;
  let after = repository;
  for (let left = 1 + random.below(3); left > 0; left--) {
    const member = random.pick(random.chance(0.8) ? near : changing);
    after = { ...after, [member]: edited(random, after[member], other[member]) };
  }
  return after;
}

function edited(random: Choices, value: unknown, other: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0 || random.chance(0.3)) return other;
  const at = random.below(value.length);
  const there: unknown = value[at];
  const example: unknown = Array.isArray(other) ? other[0] : undefined;
  if (!isRecord(there) || !isRecord(example) || random.chance(0.3)) return value.toSpliced(at, 1);
  const taken = Object.entries(example).filter(([name]) => !names.includes(name) && random.chance(0.4));
  return value.with(at, { ...there, ...Object.fromEntries(taken) });
}

const isRecord = (value: unknown): value is object => typeof value === "object" && value !== null;
