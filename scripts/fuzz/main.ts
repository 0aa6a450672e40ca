/**
 * Tries generated programs and commands on the real gh and on Octopool:
 * `npm run fuzz -- jq|template|argv|world --gh PATH`.
 */
import { appendFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { stopJq } from "../../daemon/gh/jq/index.ts";
import { readArguments, runScript, UsageError, wholeNumber } from "../script.ts";
import { type Kind, shrink } from "./kind.ts";
import { programs } from "./programs.ts";
import { Choices } from "./random.ts";

const usage = `Tries generated programs and commands on the real gh and on Octopool, and compares their output.

  npm run fuzz -- jq|template|argv|world [--gh PATH] [--seed N] [--count N] [--add | --keep N]

  jq, template   programs for --jq and --template over one JSON text
  argv           command lines over the differential suite's world
  world          commands over repositories with random content
  --gh PATH      the real gh (default: $OCTOPOOL_GH_PATH)
  --seed N       the same seed tries the same things (default 1)
  --count N      how many (default 1000)
  --add          add the differences, shrunk, to the cases that npm test replays
  --keep N       add N that were answered alike to them

Exit code 0 when nothing differs, 1 when anything does, 2 when it could not be tried.
`;

/** Each is opened, and loaded, only when it is asked for. */
const kinds: Readonly<Record<string, (gh: string) => Promise<number>>> = {
  jq: async (gh) => tryAll("jq", await programs(gh, (await import("./jq.ts")).jq)),
  template: async (gh) => tryAll("template", await programs(gh, (await import("./template.ts")).template)),
  argv: async (gh) => tryAll("argv", await (await import("./argv.ts")).argv(gh)),
  world: async (gh) => tryAll("world", await (await import("./world/index.ts")).world(gh)),
};

/** Where the cases of each kind stand. */
const caseFiles: Readonly<Record<string, string>> = {
  jq: "test/fuzz/jq.jsonl",
  template: "test/fuzz/template.jsonl",
  argv: "test/differential/fuzz.jsonl",
  world: "test/fuzz/world.jsonl",
};

const { values, positionals } = readArguments("fuzz", () =>
  parseArgs({
    allowPositionals: true,
    options: {
      gh: { type: "string" },
      seed: { type: "string", default: "1" },
      count: { type: "string", default: "1000" },
      add: { type: "boolean", default: false },
      keep: { type: "string", default: "0" },
      help: { type: "boolean", short: "h", default: false },
    },
  }),
);
const [seed, count, keep] = readArguments("fuzz", () => [
  wholeNumber(values.seed, "--seed", { min: 0, max: 999_999_999 }),
  wholeNumber(values.count, "--count", { min: 1, max: 10_000_000 }),
  wholeNumber(values.keep, "--keep", { min: 0, max: 100_000 }),
]);

async function main(): Promise<number> {
  const [name = ""] = positionals;
  const open = kinds[name];
  if (values.help || !open) {
    process.stdout.write(usage);
    return values.help ? 0 : 2;
  }
  const gh = values.gh ?? process.env.OCTOPOOL_GH_PATH;
  if (!gh) throw new Error("the real gh is needed: --gh PATH");
  return open(gh);
}

async function tryAll<T>(name: string, kind: Kind<T>): Promise<number> {
  try {
    return await compareAll(name, kind);
  } finally {
    await kind.close();
    await stopJq();
  }
}

async function compareAll<T>(name: string, kind: Kind<T>): Promise<number> {
  const tally = { same: 0, native: 0, different: 0 };
  const seen = new Set<string>();
  let kept = 0;
  const add = async (trial: T) => appendFile(caseFiles[name] ?? "", `${await kind.caseLine(trial)}\n`);
  for (let at = 0; at < count; at++) {
    const trial = kind.generate(new Choices(seed * 1_000_003 + at));
    const verdict = await kind.compare(trial);
    tally[verdict.kind]++;
    if (verdict.kind === "same" && kept < keep) {
      kept++;
      await add(trial);
    }
    if (verdict.kind !== "different") continue;
    const smallest = await shrink(kind, trial);
    const shown = kind.show(smallest);
    if (seen.has(shown)) continue;
    seen.add(shown);
    const again = await kind.compare(smallest);
    process.stdout.write(
      `≠ ${shown}\n${again.kind === "different" ? again.lines.map((line) => `    ${line}\n`).join("") : ""}`,
    );
    if (values.add) await add(smallest);
  }
  const { same, native, different } = tally;
  process.stdout.write(`tried ${count}: ${same} alike, ${native} left to gh, ${different} different\n`);
  return different === 0 ? 0 : 1;
}

await runScript("fuzz", async () => {
  try {
    return await main();
  } catch (error) {
    // An error that prevented the comparison is not a difference.
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
});
