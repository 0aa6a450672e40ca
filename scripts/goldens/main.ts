import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { Bench } from "../differential/bench.ts";
import { type Case, isKnownTo, readCases } from "../differential/cases.ts";
import { eachOf } from "../differential/parallel.ts";
import { groupOf } from "../differential/report.ts";
import { formatGoldens, type Golden, type GoldenHeader, goldenOf } from "./golden.ts";

const usage = `Records what the real gh 2.46 answers to the differential suite's cases, so that tests can compare without it.

  npm run goldens -- --gh PATH

  --gh PATH   the real gh (default: $OCTOPOOL_GH_PATH)

Every case is asked twice; those whose answers change with the seconds are left out. Goldens are never edited by hand.
`;

const cases = "test/differential";
const world = "test/differential/worlds";
const directory = "test/goldens";
const CONCURRENCY = 3;
/** Commands with a file of their own; the rest shares one. */
const recorded =
  /^(api|pr (view|list|checks|diff|status)|issue (view|list|status)|run (list|view|watch)|workflow (list|view)|release (list|view)|repo (view|list)|label list|search (issues|prs|repos|commits|code))$/;

const { values } = parseArgs({
  options: { gh: { type: "string" }, help: { type: "boolean", short: "h", default: false } },
});

if (values.help) process.stdout.write(usage);
else await record(values.gh ?? process.env.OCTOPOOL_GH_PATH);

async function record(gh: string | undefined): Promise<void> {
  if (!gh) {
    process.stderr.write("goldens: the real gh is needed: --gh PATH\n");
    process.exitCode = 2;
    return;
  }
  const bench = await Bench.open({ gh, world });
  try {
    const version = await bench.ghVersion();
    const wanted = (await readCases(cases)).filter((each) => isKnownTo(each, version));
    const header = { gh: version, recorded: new Date().toISOString() };
    const ask = () => eachOf(wanted, CONCURRENCY, async (each) => goldenOf(each, await bench.askGh(each)));
    const [first, second] = [await ask(), await ask()];
    const steady = first.filter((golden, index) => isDeepStrictEqual(golden, second[index]));
    await write(header, steady);
    process.stdout.write(`${steady.length} goldens in ${directory}, ${first.length - steady.length} left out\n`);
  } finally {
    await bench.close();
  }
}

/** One file a command; files of commands that are gone go too. */
async function write(header: GoldenHeader, goldens: readonly Golden[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const name of await readdir(directory)) if (name.endsWith(".jsonl")) await rm(join(directory, name));
  for (const [name, all] of Map.groupBy(goldens, fileOf)) {
    await writeFile(join(directory, `${name}.jsonl`), formatGoldens(header, all));
  }
}

function fileOf(each: Case): string {
  const group = groupOf(each);
  return recorded.test(group) ? group.replace(" ", "-") : "other";
}
