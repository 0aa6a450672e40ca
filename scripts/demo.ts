/**
 * `npm run demo`: a read's whole way on this machine, from the installed command to GitHub and back, from two machines'
 * worth of daemons. Exits 0 only if every answer was right.
 */
import { parseArgs } from "node:util";
import { processIo } from "../cli/io.ts";
import { findRealGh } from "../shared/find-gh.ts";
import { showNatives } from "./demo/natives.ts";
import { showReads } from "./demo/reads.ts";
import { type Screen, screenOf } from "./demo/screen.ts";
import { showWatching } from "./demo/watching.ts";
import { runScript } from "./script.ts";
import { octopoolBundle } from "./stack/machine.ts";
import type { Scenario } from "./stack/scenario.ts";

const usage = `Usage: npm run demo [-- --recorded FILE.jsonl | --live]

  --recorded FILE  answer with real GitHub answers, one recorded exchange a line
  --live           ask api.github.com with the token of your own gh
`;

/** A round trip to GitHub from a European or American office, its own work included. */
const roundTripMs = 250;

async function demo(screen: Screen): Promise<number> {
  const { values } = parseArgs({
    options: {
      recorded: { type: "string" },
      live: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    screen.say(usage.trimEnd());
    return 0;
  }
  const scenario = await scenarioOf(values);
  try {
    return (await show(scenario, screen)) ? 0 : 1;
  } finally {
    await scenario.close();
  }
}

/** Each is loaded only when it is asked for, as is the relay's runtime: they take most of a second. */
async function scenarioOf({ live, recorded }: { live: boolean; recorded?: string | undefined }): Promise<Scenario> {
  if (live) return (await import("./demo/live.ts")).liveScenario();
  if (recorded) return (await import("./demo/recorded.ts")).recordedScenario(recorded);
  return (await import("./demo/emulated.ts")).emulatedScenario();
}

async function show(scenario: Scenario, screen: Screen): Promise<boolean> {
  const { style, say } = screen;
  const { startStack } = await import("./stack/index.ts");
  const stack = await screen.during("Starting GitHub, the relay and two machines", () => startStack(scenario));
  try {
    const gh = realGh();
    const env = scenario.ghEnvironment;
    const machines = await screen.during("Logging in from two machines", async () => {
      const made = [await stack.machine("laptop", env), await stack.machine("ci-runner", env)] as const;
      for (const machine of made) await machine.run(["daemon", "start"]);
      return made;
    });
    const [laptop] = machines;
    scenario.putAway?.(roundTripMs);
    const away = scenario.putAway === undefined ? "" : `, ${roundTripMs} ms away`;
    say(`${style.bold("GitHub")}    ${scenario.title}${away}`);
    say(
      `${style.bold("Relay")}     the Worker on local workerd; its pool: ${scenario.identities.map(({ kind }) => kindNames[kind]).join(" and ")}`,
    );
    say(
      `${style.bold("Machines")}  ${machines.map(({ name }) => name).join(", ")}: gh is the one that octopool install-shim puts there\n`,
    );
    const right = await showReads(scenario, machines, screen);
    const handedOver = await showNatives(scenario, laptop, gh, screen);
    const watched = await showWatching(scenario, stack.relay.url, laptop, screen);
    const stats = await laptop.run(["stats", "--since", "1h"], style.enabled ? { CLICOLOR_FORCE: "1" } : {});
    say(`\n${style.bold("$ octopool stats")}\n${new TextDecoder().decode(stats.stdout)}${stats.stderr}`);
    for (const line of nextSteps(screen)) say(line);
    return right && handedOver && watched && stats.exitCode === 0;
  } finally {
    await screen.during("Stopping", () => stack.close());
  }
}

const kindNames = { pat: "a token", github_app: "a GitHub App" } as const;

function nextSteps({ style }: Screen): readonly string[] {
  return [
    style.bold("Next"),
    `  npm start                  ${style.dim("the same relay, kept running, with its dashboard")}`,
    `  npm install -g octopool    ${style.dim("then: octopool login https://YOUR-RELAY")}`,
    `  npm run deploy -- --check  ${style.dim("the needs of a relay of your own")}`,
  ];
}

function realGh(): string | undefined {
  try {
    return findRealGh({ env: process.env, ourselves: [process.execPath, octopoolBundle] });
  } catch {
    return undefined;
  }
}

await runScript("demo", () => demo(screenOf(processIo())));
