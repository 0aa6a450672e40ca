import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import * as z from "zod";
import { readArguments, runScript, UsageError, wholeNumber } from "../script.ts";
import { Bench } from "./bench.ts";
import { type Case, hostSchema, isKnownTo, readCases } from "./cases.ts";
import { type CaseVerdict, compareAll } from "./differential.ts";
import { goldenEra, readCounts } from "./eras.ts";
import { DirectPath, type ReadPath } from "./read-path.ts";
import { asJson, commandTable, describeDifference, fullReport, summarize, summaryLines } from "./report.ts";

const usage = `Runs gh commands through the real gh and through Octopool over one emulated GitHub, and compares
standard output byte for byte, exit codes, and whether anything was said on standard error.

  npm run differential -- --gh PATH [--world FILE|DIR] [--cases FILE.jsonl|DIR] [--json]

  --gh PATH          the real gh, the oracle (default: $OCTOPOOL_GH_PATH)
  --world FILE|DIR   the emulated GitHub's world (default: the project's own worlds)
  --cases FILE|DIR   one case a line: {"args":[…],"env":{…}?,"cwd":"repo"|null?,"stdin":"…"?}
  --host HOST        ask acme.ghe.com (a tenant) or git.example.org (a GitHub Enterprise Server) by GH_HOST
  --only PREFIX      only cases whose command begins so, such as "pr view"
  --report FILE      also write everything, natives included, grouped by command
  --path direct|full direct: the engine in this process over the emulator (default); full: installed shim, daemon,
                     relay on workerd, emulator (needs npm run build)
  --concurrency N    cases at a time (default 3)
  --json             one JSON document instead of text

Exit code 0 when all are identical, 1 when any differs or more are native than are committed, 2 when it could not be tried.
`;

const ownCases = "test/differential";

const { values } = readArguments("differential", () =>
  parseArgs({
    options: {
      gh: { type: "string" },
      world: { type: "string", default: "test/differential/worlds" },
      cases: { type: "string", default: ownCases },
      host: { type: "string" },
      only: { type: "string", default: "" },
      report: { type: "string" },
      path: { type: "string", default: "direct" },
      concurrency: { type: "string", default: "3" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  }),
);

await runScript("differential", async () => {
  if (values.help) return help();
  try {
    return await main();
  } catch (error) {
    // An error that prevented the comparison is not a difference.
    throw new UsageError(explain(error), { cause: error });
  }
});

function explain(error: unknown): string {
  if (error instanceof z.ZodError) return `the world does not follow the schema:\n${z.prettifyError(error)}`;
  return error instanceof Error ? error.message : String(error);
}

function help(): number {
  process.stdout.write(usage);
  return 0;
}

async function main(): Promise<number> {
  const gh = values.gh ?? process.env.OCTOPOOL_GH_PATH;
  if (!gh) throw new Error("the real gh is needed: --gh PATH");
  if (values.path !== "direct" && values.path !== "full") throw new Error("--path is direct or full");
  const concurrency = wholeNumber(values.concurrency, "--concurrency", { min: 1, max: 64 });
  const read = (await readCases(values.cases)).filter(({ args }) => args.join(" ").startsWith(values.only));
  const all = values.host === undefined ? read : onHost(read, hostSchema.parse(values.host));
  const bench = await Bench.open({ gh, world: values.world, tcp: values.path === "full" });
  let readPath: ReadPath | undefined;
  try {
    const version = await bench.ghVersion();
    readPath = values.path === "full" ? await openFullPath(bench) : new DirectPath(bench, version, true);
    const { cases, untried } = choose(all, version, readPath);
    const verdicts = await compareAll(bench, readPath, cases, {
      concurrency,
      onVerdict: (verdict, done) => announce(verdict, done, cases.length),
    });
    if (values.report) await writeFile(values.report, fullReport(verdicts));
    process.stdout.write(values.json ? `${JSON.stringify(asJson(verdicts), null, 2)}\n` : closing(verdicts, untried));
    const shrunk = await shrunkAnswers(verdicts, version);
    if (shrunk !== undefined) process.stderr.write(`differential: ${shrunk}\n`);
    return summarize(verdicts).different === 0 && shrunk === undefined ? 0 : 1;
  } finally {
    await readPath?.close();
    await bench.close();
  }
}

/** The project's own cases have a committed count of natives that no row of the table explains. */
async function shrunkAnswers(verdicts: readonly CaseVerdict[], version: string): Promise<string | undefined> {
  if (values.host !== undefined || values.cases !== ownCases || values.only !== "" || values.path !== "direct")
    return undefined;
  const committed = await readCounts(`test/goldens/${goldenEra(version)}`);
  const { avoidableNative } = summarize(verdicts);
  if (committed === undefined || avoidableNative <= committed.avoidableNative) return undefined;
  return `${avoidableNative} natives that no row of the table explains, ${committed.avoidableNative} are committed`;
}

/** Differences as they are found; a count of finished cases on a terminal. */
function announce(verdict: CaseVerdict, done: number, all: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} / ${all} `);
  if (verdict.different && !values.json) process.stdout.write(`${describeDifference(verdict)}\n`);
}

/** The cases that can be asked of another host, with its token. */
function onHost(cases: readonly Case[], host: z.infer<typeof hostSchema>): readonly Case[] {
  const movable = cases.filter(({ env, hosts, changes }) => !(env?.GH_TOKEN || env?.GH_HOST || hosts || changes));
  return movable.map((each) => ({
    ...each,
    hosts: ["github.com", host],
    env: { ...each.env, GH_HOST: host },
    ...(each.cwd === "repo" && { checkout: { ...each.checkout, host } }),
  }));
}

/** The relay's runtime is loaded only when it is used. */
async function openFullPath(bench: Bench): Promise<ReadPath> {
  const { FullPath } = await import("./full-path.ts");
  return FullPath.open(bench);
}

/** The cases that can be compared here, and why others cannot. */
function choose(all: readonly Case[], version: string, readPath: ReadPath): { cases: Case[]; untried: string[] } {
  const reasonOf = (each: Case): string | undefined =>
    isKnownTo(each, version) ? readPath.excludes(each) : `gh ${version} does not know it`;
  const judged = all.map((each) => ({ each, reason: reasonOf(each) }));
  return {
    cases: judged.flatMap(({ each, reason }) => (reason === undefined ? [each] : [])),
    untried: judged.flatMap(({ reason }) => reason ?? []),
  };
}

function closing(verdicts: readonly CaseVerdict[], untried: readonly string[]): string {
  const reasons = [...Map.groupBy(untried, (reason) => reason)].map(
    ([reason, all]) => `not tried ${all.length}: ${reason}\n`,
  );
  return `${commandTable(verdicts)}\n${summaryLines(verdicts)}\n${reasons.join("")}`;
}
