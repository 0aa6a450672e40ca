/**
 * `npm run deploy`: brings a relay to Cloudflare, from nothing or from where it stands. Safe to repeat.
 *   -- --dry-run   prints what it would do; asks Cloudflare, changes nothing
 *   -- --check     tells what is missing; ends with 1 when something is
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createAsker } from "./deploy/ask.ts";
import { findings, render } from "./deploy/check.ts";
import { deploy } from "./deploy/deploy.ts";
import { readState } from "./deploy/state.ts";
import { tokenFile } from "./deploy/token-file.ts";
import { createWrangler } from "./deploy/wrangler.ts";

const { values } = parseArgs({
  options: {
    "dry-run": { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    config: { type: "string", default: join(import.meta.dirname, "../wrangler.jsonc") },
    help: { type: "boolean", short: "h", default: false },
  },
});

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { config, "dry-run": dryRun, check, help } = values;
  if (help) {
    say(
      "npm run deploy [-- --dry-run | --check] [--config FILE]\n\nAnswers may also come from the environment, by the setting's name.",
    );
    return 0;
  }
  const wrangler = createWrangler({ config, dryRun, say, executable: process.env.OCTOPOOL_WRANGLER });
  if (check) {
    const found = findings(await readState(wrangler, config));
    say(render(found));
    return found.some(({ state }) => state === "missing") ? 1 : 0;
  }
  const asker = createAsker({ input: process.stdin, output: process.stderr }, process.env);
  await deploy({ wrangler, asker, config, dryRun, tokenFile: tokenFile(process.env), say });
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`deploy: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
