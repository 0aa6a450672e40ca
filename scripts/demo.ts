/**
 * `npm run demo`: the whole road of a read on this machine, from the command to GitHub and back, from two machines'
 * worth of daemons. Exits 0 only if every answer was right.
 */
import { parseArgs } from "node:util";
import { findRealGh } from "../shared/find-gh.ts";
import { emulatedScenario } from "./demo/emulated.ts";
import { liveScenario } from "./demo/live.ts";
import { showNatives } from "./demo/natives.ts";
import { showReads } from "./demo/reads.ts";
import { recordedScenario } from "./demo/recorded.ts";
import { startStack } from "./stack/index.ts";
import { octopoolBundle } from "./stack/machine.ts";

const usage = `Usage: npm run demo [-- --recorded FILE.jsonl | --live]

  --recorded FILE  answer with real GitHub answers, one recorded exchange a line
  --live           ask api.github.com with the token of your own gh
`;

async function demo(): Promise<number> {
  const { values } = parseArgs({
    options: {
      recorded: { type: "string" },
      live: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const scenario = values.live
    ? await liveScenario()
    : values.recorded
      ? await recordedScenario(values.recorded)
      : await emulatedScenario();
  try {
    say(`GitHub: ${scenario.title}`);
    const stack = await startStack(scenario);
    try {
      say(
        `Relay:  the Worker on local workerd, a pool of ${scenario.identities.map(({ kind }) => kind).join(" and ")}`,
      );
      const laptop = await stack.machine("laptop", scenario.ghEnvironment);
      const runner = await stack.machine("ci-runner", scenario.ghEnvironment);
      say(`Logged in from two machines: ${laptop.name}, ${runner.name}\n`);
      const right = await showReads(scenario, [laptop, runner], say);
      const handedOver = await showNatives(scenario, laptop, realGh(), say);
      const stats = await laptop.run(["stats", "--since", "1h"]);
      say(`\n$ octopool stats\n${new TextDecoder().decode(stats.stdout)}${stats.stderr}`);
      return right && handedOver && stats.exitCode === 0 ? 0 : 1;
    } finally {
      await stack.close();
    }
  } finally {
    await scenario.close();
  }
}

function realGh(): string | undefined {
  try {
    return findRealGh({ env: process.env, ourselves: [process.execPath, octopoolBundle] });
  } catch {
    return undefined;
  }
}

process.exitCode = await demo();
