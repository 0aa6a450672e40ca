import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { Bench } from "../differential/bench.ts";
import { type Case, commandLine, isKnownTo, readCases } from "../differential/cases.ts";
import { countsFile, type EraCounts, goldenEra } from "../differential/eras.ts";
import { eachOf } from "../differential/parallel.ts";
import { DirectPath } from "../differential/read-path.ts";
import { groupOf } from "../differential/report.ts";
import { readArguments, runScript, UsageError } from "../script.ts";
import {
  countsOf,
  formatGoldens,
  type Golden,
  type GoldenFile,
  goldenOf,
  keptOf,
  keyOf,
  readGoldens,
} from "./golden.ts";

const usage = `Records the real gh's answers to the differential suite's cases, so that tests can compare without it.

  npm run goldens -- --gh PATH [--only COMMAND] [--missing]

  --gh PATH        the real gh (default: $OCTOPOOL_GH_PATH); its era names the directory below test/goldens
  --only COMMAND   only the cases of one command, such as "search issues"; the others keep their records
  --missing        only the cases without a record; the others stay as they are
  --answered ERA   no gh: only see again which of an era's recorded cases Octopool answers
  --allow-shrink   also where Octopool no longer answers a case that it answered before

Every case is asked twice; those whose answers change with the seconds are left out. Goldens are never edited by hand.
`;

const cases = "test/differential";
const world = "test/differential/worlds";
const root = "test/goldens";
const concurrency = 3;
/** Commands with a file of their own; the rest shares one. */
const recorded =
  /^(api|pr (view|list|checks|diff|status)|issue (view|list|status)|run (list|view|watch)|workflow (list|view)|release (list|view)|repo (view|list)|label list|search (issues|prs|repos|commits|code))$/;

const { values } = readArguments("goldens", () =>
  parseArgs({
    options: {
      gh: { type: "string" },
      only: { type: "string" },
      missing: { type: "boolean", default: false },
      answered: { type: "string" },
      "allow-shrink": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  }),
);

await runScript("goldens", () => {
  if (values.answered !== undefined) return judgeAgain(values.answered);
  if (!values.help) return record(values.gh ?? process.env.OCTOPOOL_GH_PATH, values.only);
  process.stdout.write(usage);
  return 0;
});

/** @returns the exit code */
async function record(gh: string | undefined, only: string | undefined): Promise<number> {
  if (!gh) throw new UsageError("the real gh is needed: --gh PATH");
  const bench = await Bench.open({ gh, world });
  try {
    const version = await bench.ghVersion();
    const known = await knownCases(version);
    const name = only?.replace(" ", "-");
    const header = { gh: version, recorded: new Date().toISOString() };
    const directory = join(root, goldenEra(version));
    const before = await readGoldens(directory);
    const stays = new Set(values.missing ? before.flatMap(({ goldens }) => goldens.map(keyOf)) : []);
    const wanted = known.filter((each) => (name === undefined || fileOf(each) === name) && !stays.has(keyOf(each)));
    const ask = () =>
      eachOf(wanted, concurrency, async (each) => ({
        answer: await bench.askGh(each),
        recorded: new Date().toISOString(),
      }));
    const [first, second] = [await ask(), await ask()];
    const steady = wanted.flatMap((each, index) => {
      const [one, two] = [first[index], second[index]];
      if (!one || !two || !isDeepStrictEqual(keptOf(one.answer), keptOf(two.answer))) return [];
      const golden = goldenOf(each, one.answer, false);
      return [values.missing ? { ...golden, recorded: one.recorded } : golden];
    });
    const files = [...Map.groupBy(steady, fileOf)].map(([file, goldens]) => ({ name: file, header, goldens }));
    const others = values.missing ? before : before.filter((file) => name !== undefined && file.name !== name);
    const status = await judge(bench, { directory, version, before, files, others });
    if (status === 0)
      process.stdout.write(`${steady.length} goldens in ${directory}, ${wanted.length - steady.length} left out\n`);
    return status;
  } finally {
    await bench.close();
  }
}

/** Octopool's answers change with the engine; gh's output does not. */
async function judgeAgain(era: string): Promise<number> {
  const directory = join(root, era);
  const bench = await Bench.open({ world });
  try {
    const before = await readGoldens(directory);
    const [first] = before;
    if (first === undefined) throw new Error(`${directory} holds no goldens`);
    return await judge(bench, { directory, version: first.header.gh, before, files: before, others: [] });
  } finally {
    await bench.close();
  }
}

interface Judged {
  readonly directory: string;
  readonly version: string;
  readonly before: readonly GoldenFile[];
  readonly files: readonly GoldenFile[];
  /** Files that stay as they are. */
  readonly others: readonly GoldenFile[];
}

/**
 * Sees which cases Octopool answers, and writes the files where that is no fewer than before.
 * @returns the exit code
 */
async function judge(bench: Bench, { directory, version, before, files, others }: Judged): Promise<number> {
  const known = await knownCases(version);
  const readPath = new DirectPath(bench, version);
  const isAnswered = async (each: Case, recorded: string) =>
    (await readPath.ask(each, Date.parse(recorded))).cold.native === undefined;
  const again = await Promise.all(
    files.map(async (file) => ({
      ...file,
      goldens: await eachOf(file.goldens, concurrency, async (golden) => ({
        ...golden,
        answered: await isAnswered(golden, golden.recorded ?? file.header.recorded),
      })),
    })),
  );
  const judged = joined(others, again, known);
  const goldens = judged.flatMap((file) => file.goldens);
  const answeredBefore = new Set(before.flatMap((file) => file.goldens.filter(({ answered }) => answered).map(keyOf)));
  const lost = goldens.filter((golden) => !golden.answered && answeredBefore.has(keyOf(golden)));
  if (lost.length > 0) process.stderr.write(`goldens: no longer answered:\n${lost.map(commandLine).join("\n")}\n`);
  if (lost.length > 0 && !values["allow-shrink"]) {
    process.stderr.write("goldens: nothing was written\n");
    return 1;
  }
  const [{ header } = { header: { gh: version, recorded: new Date().toISOString() } }] = judged;
  const kept = new Set(goldens.map(keyOf));
  // Cases whose answers change with the seconds have no goldens, and yet the differential suite counts their natives.
  const unsteady = await eachOf(
    known.filter((each) => !kept.has(keyOf(each)) && !each.native),
    concurrency,
    (each) => isAnswered(each, header.recorded),
  );
  await write(directory, judged, countsOf(goldens, unsteady.filter((answered) => !answered).length));
  return 0;
}

/**
 * One file of each name: a record later than the file's first line has its own time. In the order of the
 * cases, so that recording all of them anew moves nothing, and with the reasons that they give today.
 */
function joined(files: readonly GoldenFile[], added: readonly GoldenFile[], known: readonly Case[]): GoldenFile[] {
  const places = new Map(known.map((each, index) => [keyOf(each), { index, native: each.native }]));
  const place = (each: Case) => places.get(keyOf(each))?.index ?? known.length;
  const reasoned = ({ native: _old, answered, recorded, ...golden }: Golden): Golden => {
    const native = places.get(keyOf(golden))?.native;
    return {
      ...golden,
      answered,
      ...(native !== undefined && { native }),
      ...(recorded !== undefined && { recorded }),
    };
  };
  return [...Map.groupBy([...files, ...added], ({ name }) => name).values()].flatMap(([first, ...later]) => {
    if (first === undefined) return [];
    const goldens = [...first.goldens, ...later.flatMap((file) => file.goldens)]
      .map(reasoned)
      .sort((one, two) => place(one) - place(two));
    return { ...first, goldens };
  });
}

async function knownCases(version: string): Promise<readonly Case[]> {
  return (await readCases(cases)).filter((each) => isKnownTo(each, version));
}

/** One file a command; files of commands that are gone go too. */
async function write(directory: string, files: readonly GoldenFile[], counts: EraCounts): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const name of await readdir(directory)) if (name.endsWith(".jsonl")) await rm(join(directory, name));
  for (const { name, header, goldens } of files) {
    await writeFile(join(directory, `${name}.jsonl`), formatGoldens(header, goldens));
  }
  await writeFile(join(directory, countsFile), `${JSON.stringify(counts, null, 2)}\n`);
}

function fileOf(each: Case): string {
  const group = groupOf(each);
  return recorded.test(group) ? group.replace(" ", "-") : "other";
}
