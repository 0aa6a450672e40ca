/** Commands over random repositories: what a page of GitHub holds is tried, as the other kinds try what users type. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import type { RepositoryFile } from "../../../test/github-emulator/index.ts";
import { Bench } from "../../differential/bench.ts";
import { type Case, caseSchema, commandLine, readCases } from "../../differential/cases.ts";
import { DirectPath } from "../../differential/read-path.ts";
import { judge } from "../judge.ts";
import type { FuzzVerdict, Kind } from "../kind.ts";
import type { Choices } from "../random.ts";
import { randomCommand } from "./commands.ts";
import { viewer } from "./draw.ts";
import { randomRepository, users } from "./repository.ts";

interface Trial {
  readonly repository: RepositoryFile;
  readonly command: Case;
}

/** Mostly none. */
const terminals: readonly NonNullable<Case["env"]>[] = [
  {},
  {},
  {},
  { GH_FORCE_TTY: "90" },
  { GH_FORCE_TTY: "60", CLICOLOR_FORCE: "1", COLORTERM: "truecolor" },
];

export async function world(gh: string): Promise<Kind<Trial>> {
  let version: Promise<string> | undefined;
  const versionBy = (bench: Bench) => {
    version ??= bench.ghVersion();
    return version;
  };
  return {
    generate: await trials(),
    *smaller({ repository, command }) {
      for (const smaller of smallerValues(repository)) yield { repository: smaller, command };
      if (Object.keys(command.env ?? {}).length > 0) yield { repository, command: { ...command, env: {} } };
    },
    compare: async ({ repository, command }): Promise<FuzzVerdict> => {
      await using opened = await openBench(repository, gh);
      const readPath = new DirectPath(opened.bench, await versionBy(opened.bench));
      const verdict = await judge(opened.bench, readPath, command);
      return verdict.kind === "different"
        ? { ...verdict, lines: [...verdict.lines, JSON.stringify(repository)] }
        : verdict;
    },
    show: ({ command }) => commandLine(command),
    caseLine: async ({ repository, command }) => {
      await using opened = await openBench(repository, gh);
      const now = Date.now();
      const { stdout, stderr, exitCode } = await opened.bench.askGh(command);
      const said = { stdout: stdout.toString(), saysWhy: stderr.length > 0, exitCode };
      const asked = { gh: await versionBy(opened.bench), now, repository, command };
      return JSON.stringify({ ...asked, ...said } satisfies WorldCase);
    },
    close: async () => {},
  };
}

/** Draws repositories, each with a command over it. */
export async function trials(): Promise<(random: Choices) => Trial> {
  const cases = await Promise.all(["test/differential", "test/differential/own/cases.jsonl"].map(readCases));
  const fields = jsonFields(cases.flat());
  return (random) => {
    const env = random.pick(terminals);
    const repository = randomRepository(random);
    const args = randomCommand(random, repository, (words) => fields.get(words) ?? []);
    return { repository, command: { args, env } };
  };
}

/** A trial with the answer that a gh gave to it. */
type WorldCase = z.infer<typeof worldCaseSchema>;
export const worldCaseSchema = z.object({
  /** Its version. */
  gh: z.string(),
  /** When it ran, in ms since the epoch. */
  now: z.number(),
  repository: z.custom<RepositoryFile>((value) => typeof value === "object" && value !== null),
  command: caseSchema,
  stdout: z.string(),
  /** It wrote to standard error. */
  saysWhy: z.boolean(),
  exitCode: z.int(),
});

/** Octopool's answer to the same command at the same time; undefined where it leaves it to gh. */
export async function answerOf({ gh, now, repository, command }: WorldCase) {
  await using opened = await openBench(repository);
  const cold = await new DirectPath(opened.bench, gh).askCold(command, now);
  if (cold.native !== undefined) return undefined;
  const { stdout, stderr, exitCode } = cold.answer;
  return { stdout: Buffer.from(stdout).toString(), saysWhy: stderr.length > 0, exitCode };
}

/** An emulated GitHub of that repository, with a member of its organization, and a fork. */
export async function openBench(repository: RepositoryFile, gh?: string) {
  const directory = await mkdtemp(join(tmpdir(), "octopool-fuzz-"));
  const file = join(directory, "world.json");
  const tokens = [{ token: "fuzz-viewer-token", login: viewer }];
  const organizations = [{ login: "tide", members: [viewer, "bob"], teams: [{ name: "Crew", slug: "crew" }] }];
  const fork = { name: "bob/pool", fork_of: repository.name };
  await writeFile(file, JSON.stringify({ users, organizations, tokens, repositories: [repository, fork] }));
  const bench = await Bench.open({ ...(gh !== undefined && { gh }), world: file });
  const close = async () => {
    await bench.close();
    await rm(directory, { recursive: true });
  };
  return { bench, [Symbol.asyncDispose]: close };
}

/** Names that cases give `--json`, by the words of the command. */
function jsonFields(cases: readonly Case[]): Map<string, readonly string[]> {
  const named = cases.flatMap(({ args, native }) => {
    const list = args[args.indexOf("--json") + 1];
    return native !== undefined || !args.includes("--json") || list === undefined
      ? []
      : list.split(",").map((field) => ({ words: args.slice(0, 2).join(" "), field }));
  });
  const groups = Map.groupBy(
    named.filter(({ field }) => /^[A-Za-z]+$/.test(field)),
    ({ words }) => words,
  );
  return new Map([...groups].map(([words, all]) => [words, [...new Set(all.map(({ field }) => field))]]));
}

/** The value without one of its members, or with a smaller one; the largest cuts first. */
function* smallerValues<T extends object>(value: T): Generator<T> {
  for (const [key, member] of Object.entries(value)) {
    if (["name", "number", "id"].includes(key)) continue;
    if (Array.isArray(member)) {
      if (member.length > 0) yield { ...value, [key]: [] };
      for (const at of member.keys()) if (member.length > 1) yield { ...value, [key]: member.toSpliced(at, 1) };
    } else {
      const { [key as keyof T]: _left, ...rest } = value;
      yield rest as T;
    }
  }
  for (const [key, member] of Object.entries(value)) {
    if (!Array.isArray(member)) continue;
    for (const [at, each] of member.entries()) {
      if (typeof each !== "object" || each === null) continue;
      for (const smaller of smallerValues(each)) yield { ...value, [key]: member.with(at, smaller) };
    }
  }
}
