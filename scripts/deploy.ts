/**
 * `npm run deploy`: brings a relay to Cloudflare, from nothing or from where it stands. Safe to repeat.
 * `npm run deploy -- --help` tells its options and variables.
 */
import { setTimeout } from "node:timers/promises";
import { styleText } from "node:util";
import { deployByCommandLine, stopped } from "./deploy/command-line.ts";
import { octopoolProcess } from "./deploy/octopool.ts";
import { smokeTest } from "./deploy/verify.ts";
import { wranglerProcess } from "./deploy/wrangler.ts";
import { runScript } from "./script.ts";

const { argv, env, stdin, stdout, stderr } = process;

process.once("SIGINT", () => {
  stderr.write("deploy: stopped half-way. It is safe to run it again: finished steps are left alone.\n");
  process.exit(stopped);
});

await runScript("deploy", () =>
  deployByCommandLine(argv.slice(2), {
    env,
    terminal: { input: stdin, output: stderr },
    stdout,
    bold: (title) => styleText("bold", title, { stream: stdout }),
    wrangler: wranglerProcess(env, env.OCTOPOOL_WRANGLER),
    fetch,
    octopool: octopoolProcess(env),
    verification: { smoke: smokeTest, now: () => performance.now(), wait: setTimeout },
  }),
);
