/** The command line of `npm run deploy`: its options and variables, and the exit code. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createAsker, Stopped, type Terminal } from "./ask.ts";
import { check, render } from "./check.ts";
import { deploy } from "./deploy.ts";
import type { RelayDeployment } from "./deployment.ts";
import { createGitHub, githubApi } from "./github.ts";
import { help } from "./help.ts";
import { cloudflareApi } from "./plan.ts";
import { tokenFile } from "./token-file.ts";
import { createWrangler, type RunWrangler } from "./wrangler.ts";

/** The things outside of its own code that a deployment uses. */
interface Outside extends Pick<RelayDeployment, "fetch" | "octopool"> {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Questions are asked on standard error. */
  readonly terminal: Terminal;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Of a step's title. */
  readonly bold: (title: string) => string;
  readonly wrangler: RunWrangler;
  readonly verification: Omit<RelayDeployment["verification"], "say">;
}

/** Exit code of a deployment that its user stopped. */
export const stopped = 130;

/**
 * @returns the exit code
 * @throws Error for people, about the cause that ended it half-way
 */
export async function deployByCommandLine(args: readonly string[], outside: Outside): Promise<number> {
  const { terminal } = outside;
  const complain = (text: string) => void terminal.output.write(`deploy: ${text}\n`);
  const options = readOptions(args, complain);
  if (!options) return 2;
  try {
    return await run(options, outside);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    complain(error.message);
    return stopped;
  }
}

type Options = NonNullable<ReturnType<typeof readOptions>>;

function readOptions(args: readonly string[], complain: (text: string) => void) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        "dry-run": { type: "boolean", default: false },
        check: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        config: { type: "string", default: join(import.meta.dirname, "../../wrangler.jsonc") },
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

async function run(options: Options, outside: Outside): Promise<number> {
  const { env, terminal, stdout, bold, verification, ...reached } = outside;
  const say = (line: string) => void stdout.write(`${line}\n`);
  if (options.help) {
    say(help);
    return 0;
  }
  const { config, "dry-run": dryRun } = options;
  const wrangler = createWrangler({ config, dryRun, say, run: reached.wrangler });
  const asker = createAsker(terminal, env);
  const api = env.OCTOPOOL_CLOUDFLARE_API ?? cloudflareApi;
  if (options.check) {
    const findings = await check({ wrangler, asker, config, api });
    const ok = findings.every(({ state }) => state !== "missing");
    say(options.json ? JSON.stringify({ ok, findings }, undefined, 2) : render(findings));
    return ok ? 0 : 1;
  }
  const host = env.OCTOPOOL_E2E_HOST;
  await deploy({
    ...reached,
    wrangler,
    asker,
    config,
    dryRun,
    tokenFile: tokenFile(env),
    api,
    github: createGitHub(env.OCTOPOOL_GITHUB_API ?? githubApi, reached.fetch),
    origin: host && !host.includes("://") ? `https://${host}` : host,
    say,
    step: (number, of, title) => {
      // In a pipe, a deployment tells its steps and no more; a dry run is read by people wherever it goes.
      if (stdout.isTTY || dryRun) say(`\n${bold(`[${number}/${of}] ${title}`)}`);
    },
    verification: { ...verification, say },
  });
  return 0;
}
