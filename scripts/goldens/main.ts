import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { Bench } from "../differential/bench.ts";
import { type Case, commandLine, isKnownTo, readCases } from "../differential/cases.ts";
import { countsFile, goldenEra } from "../differential/eras.ts";
import { eachOf } from "../differential/parallel.ts";
import { groupOf } from "../differential/report.ts";
import { DirectRoad } from "../differential/road.ts";
import { readArguments, runScript, UsageError } from "../script.ts";
import { countsOf, formatGoldens, type Golden, type GoldenHeader, goldenOf, keptOf, readGoldens } from "./golden.ts";

const usage = `Records what the real gh answers to the differential suite's cases, so that tests can compare without it.

  npm run goldens -- --gh PATH

  --gh PATH        the real gh (default: $OCTOPOOL_GH_PATH); its era names the directory below test/goldens
  --answered ERA   no gh: only see again which of an era's recorded cases Octopool answers
  --allow-shrink   also where Octopool no longer answers what it answered before

Every case is asked twice; those whose answers change with the seconds are left out. Goldens are never edited by hand.
`;

const cases = "test/differential";
const world = "test/differential/worlds";
const root = "test/goldens";
const CONCURRENCY = 3;
/** Commands with a file of their own; the rest shares one. */
const recorded =
  /^(api|pr (view|list|checks|diff|status)|issue (view|list|status)|run (list|view|watch)|workflow (list|view)|release (list|view)|repo (view|list)|label list|search (issues|prs|repos|commits|code))$/;

const { values } = readArguments("goldens", () =>
  parseArgs({
    options: {
      gh: { type: "string" },
      answered: { type: "string" },
      "allow-shrink": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  }),
);

await runScript("goldens", () => {
  if (values.answered !== undefined) return judgeAgain(values.answered);
  if (!values.help) return record(values.gh ?? process.env.OCTOPOOL_GH_PATH);
  process.stdout.write(usage);
  return 0;
});

/** @returns the exit code */
async function record(gh: string | undefined): Promise<number> {
  if (!gh) throw new UsageError("the real gh is needed: --gh PATH");
  const bench = await Bench.open({ gh, world });
  try {
    const version = await bench.ghVersion();
    const wanted = (await readCases(cases)).filter((each) => isKnownTo(each, version));
    const header = { gh: version, recorded: new Date().toISOString() };
    const directory = join(root, goldenEra(version));
    const ask = () => eachOf(wanted, CONCURRENCY, (each) => bench.askGh(each));
    const [first, second] = [await ask(), await ask()];
    const road = new DirectRoad(bench, version);
    const steady = wanted.flatMap((each, index) => {
      const [one, two] = [first[index], second[index]];
      return one && two && isDeepStrictEqual(keptOf(one), keptOf(two)) ? [{ each, answer: one }] : [];
    });
    const goldens = await eachOf(steady, CONCURRENCY, async ({ each, answer }) => {
      const { cold } = await road.ask(each, Date.parse(header.recorded));
      return goldenOf(each, answer, cold.native === undefined);
    });
    const unsteady = await countNatives(road, leftOut(wanted, goldens), header);
    const lost = await noLongerAnswered(directory, goldens);
    if (lost.length > 0 && !values["allow-shrink"]) {
      process.stderr.write(`goldens: no longer answered, nothing was written:\n${lost.join("\n")}\n`);
      return 1;
    }
    await write(directory, header, goldens, unsteady);
    process.stdout.write(`${goldens.length} goldens in ${directory}, ${wanted.length - goldens.length} left out\n`);
    return 0;
  } finally {
    await bench.close();
  }
}

/** What Octopool answers changes with the engine; what gh printed does not. */
async function judgeAgain(era: string): Promise<number> {
  const directory = join(root, era);
  const bench = await Bench.open({ world });
  try {
    const files = await readGoldens(directory);
    const [first] = files;
    if (first === undefined) throw new Error(`${directory} holds no goldens`);
    const { header } = first;
    const road = new DirectRoad(bench, header.gh);
    const recordings = files.flatMap(({ goldens }) => goldens);
    const goldens = await eachOf(recordings, CONCURRENCY, async (golden) => {
      const { cold } = await road.ask(golden, Date.parse(header.recorded));
      return { ...golden, answered: cold.native === undefined };
    });
    const wanted = (await readCases(cases)).filter((each) => isKnownTo(each, header.gh));
    const unsteady = await countNatives(road, leftOut(wanted, goldens), header);
    const lost = await noLongerAnswered(directory, goldens);
    process.stdout.write(lost.map((line) => `no longer answered: ${line}\n`).join(""));
    if (lost.length > 0 && !values["allow-shrink"]) return 1;
    await write(directory, header, goldens, unsteady);
    return 0;
  } finally {
    await bench.close();
  }
}

/** Cases whose answers change with the seconds: no goldens, and yet the differential suite counts their natives. */
function leftOut(wanted: readonly Case[], goldens: readonly Golden[]): readonly Case[] {
  const kept = new Set(goldens.map(keyOf));
  return wanted.filter((each) => !kept.has(keyOf(each)));
}

/** How many of `all` are native although no row of the compatibility table says so. */
async function countNatives(road: DirectRoad, all: readonly Case[], header: GoldenHeader): Promise<number> {
  const natives = await eachOf(all, CONCURRENCY, async (each) => {
    const { cold } = await road.ask(each, Date.parse(header.recorded));
    return cold.native !== undefined && !each.native;
  });
  return natives.filter(Boolean).length;
}

/** Command lines that were answered when they were recorded last, and are not now. */
async function noLongerAnswered(directory: string, goldens: readonly Golden[]): Promise<string[]> {
  const before = (await readGoldens(directory)).flatMap((file) => file.goldens);
  const answered = new Set(before.filter((golden) => golden.answered).map(keyOf));
  return goldens.filter((golden) => !golden.answered && answered.has(keyOf(golden))).map(commandLine);
}

function keyOf({ args, env, cwd, checkout, stdin }: Case): string {
  return JSON.stringify([args, env, cwd, checkout, stdin]);
}

/** One file a command; files of commands that are gone go too. */
async function write(
  directory: string,
  header: GoldenHeader,
  goldens: readonly Golden[],
  unsteady: number,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const name of await readdir(directory)) if (name.endsWith(".jsonl")) await rm(join(directory, name));
  for (const [name, all] of Map.groupBy(goldens, fileOf)) {
    await writeFile(join(directory, `${name}.jsonl`), formatGoldens(header, all));
  }
  await writeFile(join(directory, countsFile), `${JSON.stringify(countsOf(goldens, unsteady), null, 2)}\n`);
}

function fileOf(each: Case): string {
  const group = groupOf(each);
  return recorded.test(group) ? group.replace(" ", "-") : "other";
}
