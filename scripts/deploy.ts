/**
 * `npm run deploy`: brings a relay to Cloudflare, from nothing or from where it stands. Safe to repeat.
 * `npm run deploy -- --help` tells its options and variables.
 */
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs, styleText } from "node:util";
import { execa } from "execa";
import { createAsker, Stopped } from "./deploy/ask.ts";
import { check, render } from "./deploy/check.ts";
import { deploy } from "./deploy/deploy.ts";
import { createGitHub, githubApi } from "./deploy/github.ts";
import { help } from "./deploy/help.ts";
import { cloudflareApi } from "./deploy/plan.ts";
import { tokenFile } from "./deploy/token-file.ts";
import { smokeTest } from "./deploy/verify.ts";
import { createWrangler } from "./deploy/wrangler.ts";
import { runScript } from "./script.ts";

const { env, stdin, stdout, stderr } = process;
const say = (line: string) => void stdout.write(`${line}\n`);
const complain = (text: string) => void stderr.write(`deploy: ${text}\n`);

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        "dry-run": { type: "boolean", default: false },
        check: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        config: { type: "string", default: join(import.meta.dirname, "../wrangler.jsonc") },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.check && values["dry-run"]) throw new Error("--check and --dry-run are two things: choose one");
    if (values.json && !values.check) throw new Error("--json goes with --check");
    return values;
  } catch (error) {
    complain(`${error instanceof Error ? error.message : String(error)}\nSee npm run deploy -- --help`);
    return undefined;
  }
}

/** This checkout's own `octopool`, which asks nothing: what it does was answered before. */
async function octopool(args: readonly string[], more: Readonly<Record<string, string>>) {
  const { OCTOPOOL_TOKEN: _token, OCTOPOOL_POOL: _pool, ...inherited } = env;
  const { exitCode, all } = await execa(process.execPath, [join(import.meta.dirname, "../cli/main.ts"), ...args], {
    env: { ...inherited, ...more },
    extendEnv: false,
    stdin: "ignore",
    all: true,
    reject: false,
    timeout: octopoolTimeoutMs,
  });
  return { ok: exitCode === 0, output: all ?? "" };
}

/** gh may ask its keyring, and the relay GitHub. */
const octopoolTimeoutMs = 120_000;

async function main(): Promise<number> {
  const options = readOptions();
  if (!options) return 2;
  if (options.help) {
    say(help);
    return 0;
  }
  const { config, "dry-run": dryRun } = options;
  const wrangler = createWrangler({ config, dryRun, say, executable: env.OCTOPOOL_WRANGLER });
  const asker = createAsker({ input: stdin, output: stderr }, env);
  const api = env.OCTOPOOL_CLOUDFLARE_API ?? cloudflareApi;
  if (options.check) {
    const findings = await check({ wrangler, asker, config, api });
    const ok = findings.every(({ state }) => state !== "missing");
    say(options.json ? JSON.stringify({ ok, findings }, undefined, 2) : render(findings));
    return ok ? 0 : 1;
  }
  const host = env.OCTOPOOL_E2E_HOST;
  await deploy({
    wrangler,
    asker,
    config,
    dryRun,
    tokenFile: tokenFile(env),
    api,
    github: createGitHub(env.OCTOPOOL_GITHUB_API ?? githubApi, fetch),
    fetch,
    octopool,
    origin: host && !host.includes("://") ? `https://${host}` : host,
    say,
    step: (number, of, title) => {
      // In a pipe, a deployment tells what it does and no more; a dry run is read by people wherever it goes.
      if (stdout.isTTY || dryRun) say(`\n${styleText("bold", `[${number}/${of}] ${title}`, { stream: stdout })}`);
    },
    verification: { smoke: smokeTest, say, now: () => performance.now(), wait: setTimeout },
  });
  return 0;
}

const stopped = 130;
process.once("SIGINT", () => {
  complain("stopped half-way. It is safe to run it again: what is done is left alone.");
  process.exit(stopped);
});

await runScript("deploy", async () => {
  try {
    return await main();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    complain(error.message);
    return stopped;
  }
});
