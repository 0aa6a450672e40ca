import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Bench } from "../differential/bench.ts";
import { type Case, readCases } from "../differential/cases.ts";
import { eachOf } from "../differential/parallel.ts";
import { groupOf } from "../differential/report.ts";
import { type Golden, goldenOf } from "./golden.ts";

const usage = `Records what the real gh 2.46 answers to the differential suite's cases, so that tests can compare without it.

  npm run goldens -- --gh PATH

  --gh PATH   the real gh (default: $OCTOPOOL_GH_PATH)

Cases whose answers tell the time are left out. Goldens are never edited by hand.
`;

const cases = "test/differential";
const world = "test/differential/worlds";
const directory = "test/goldens";
const CONCURRENCY = 3;

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
  const wanted = (await readCases(cases)).filter((each) => !each.timely);
  const bench = await Bench.open({ gh, world });
  try {
    const goldens = await eachOf(wanted, CONCURRENCY, async (each) => goldenOf(each, await bench.askGh(each)));
    await write(goldens);
    process.stdout.write(`${goldens.length} goldens in ${directory}\n`);
  } finally {
    await bench.close();
  }
}

/** One file a command; files of commands that are gone go too. */
async function write(goldens: readonly Golden[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const name of await readdir(directory)) if (name.endsWith(".jsonl")) await rm(join(directory, name));
  for (const [name, all] of Map.groupBy(goldens, fileOf)) {
    await writeFile(join(directory, `${name}.jsonl`), all.map((each) => `${JSON.stringify(each)}\n`).join(""));
  }
}

const recorded = /^(api|pr|issue|run|workflow|release|repo|label|search)( \w+)?$/;

function fileOf(each: Case): string {
  const group = groupOf(each);
  return recorded.test(group) ? group.replace(" ", "-") : "other";
}
