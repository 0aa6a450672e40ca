/** A home, a copy of wrangler.jsonc, and an account that the stand-in wrangler keeps, for one deployment. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { deployByCommandLine } from "../../../scripts/deploy/command-line.ts";
import { octopoolProcess } from "../../../scripts/deploy/octopool.ts";
import type { RunWrangler } from "../../../scripts/deploy/wrangler.ts";
import { tellFailure } from "../../../scripts/script.ts";
import { smoke } from "../../../scripts/smoke.ts";
import { compileCache } from "../../support/compile-cache.ts";
import { removeTree } from "../../support/remove-tree.ts";
import { type StandInAccount, standIn, type WranglerCall } from "./wrangler-stand-in.ts";

export const root = join(import.meta.dirname, "../../..");
export const accountToken = "theAccountTokenIsASecret";

const nothing: StandInAccount = {
  loggedIn: true,
  accounts: [{ id: "acc0", name: "Acme" }],
  token: accountToken,
  databases: [],
  applied: [],
  secrets: [],
  buckets: {},
  worker: "none",
  bundle: 271_779,
};

export const answers = {
  ALLOWED_GITHUB_ORG: "acme",
  GITHUB_OAUTH_CLIENT_ID: "Iv1.abc",
  OCTOPOOL_GITHUB_ORG_TOKEN: "ghp_theOrgTokenIsASecret",
  GITHUB_OAUTH_CLIENT_SECRET: "theClientSecretIsASecret",
};

type Env = Readonly<Record<string, string>>;

interface Deployed {
  readonly exitCode: number;
  readonly output: string;
}

export interface DeployWorld {
  readonly home: string;
  readonly config: string;
  readonly tokenFile: string;
  readonly env: Env;
  account(): Promise<StandInAccount>;
  set(account: Partial<StandInAccount>): Promise<void>;
  calls(): Promise<WranglerCall[]>;
  /** Commands that change something, without their `--config`. */
  changes(): Promise<string[]>;
  forgetCalls(): Promise<void>;
  /** A deployment within this process: there is no terminal, and wrangler is the stand-in unless another is given. */
  deploy(args?: readonly string[], env?: Env, wrangler?: RunWrangler): Promise<Deployed>;
  /** The same as people start it, with a process for each run of the stand-in. */
  start(args?: readonly string[], env?: Env): Promise<Deployed>;
  remove(): Promise<void>;
}

const asks = /^(?:whoami|auth token|d1 list|d1 execute|secret list|r2 bucket lifecycle list|deploy --dry-run)\b/;

export async function makeWorld(): Promise<DeployWorld> {
  const home = await mkdtemp(join(tmpdir(), "octopool-deploy-"));
  const config = join(home, "wrangler.jsonc");
  const file = join(home, "account.json");
  // Elsewhere than the sources, so that their paths must be whole.
  const text = await readFile(join(root, "wrangler.jsonc"), "utf8");
  await writeFile(config, text.replaceAll('"relay-worker/', `"${root}/relay-worker/`));
  await cp(join(root, "package.json"), join(home, "package.json"));
  const { PATH = "" } = process.env;
  const env = {
    PATH,
    HOME: home,
    ...compileCache,
    OCTOPOOL_WRANGLER: join(import.meta.dirname, "wrangler-stand-in.mjs"),
    STAND_IN_ACCOUNT: file,
    // No server listens there.
    OCTOPOOL_CLOUDFLARE_API: "http://127.0.0.1:9",
    OCTOPOOL_GITHUB_API: "http://127.0.0.1:9",
  };
  const account = async (): Promise<StandInAccount> => JSON.parse(await readFile(file, "utf8"));
  const calls = async (): Promise<WranglerCall[]> => {
    const lines = await readFile(`${file}.calls`, "utf8").catch(() => "");
    return lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  };
  await writeFile(file, JSON.stringify(nothing));
  return {
    home,
    config,
    tokenFile: join(home, ".config/octopool/operator-token"),
    env,
    account,
    set: (changed) => writeFile(file, JSON.stringify({ ...nothing, ...changed })),
    calls,
    changes: async () =>
      (await calls())
        .map(({ args }) => args.slice(0, args.indexOf("--config")).join(" "))
        .filter((call) => !asks.test(call)),
    forgetCalls: () => rm(`${file}.calls`, { force: true }),
    deploy: (args = [], more = {}, wrangler = undefined) =>
      deployHere(["--config", config, ...args], { ...env, ...more }, wrangler),
    start: async (args = [], more = {}) => {
      const { exitCode, all } = await execa(
        process.execPath,
        [join(root, "scripts/deploy.ts"), "--config", config, ...args],
        { env: { ...env, ...more }, extendEnv: false, stdin: "ignore", all: true, reject: false },
      );
      return { exitCode: exitCode ?? -1, output: all ?? "" };
    },
    remove: () => removeTree(home),
  };
}

async function deployHere(args: readonly string[], env: Env, wrangler = within(env)): Promise<Deployed> {
  const written: string[] = [];
  const write = (chunk: unknown, _encoding: string, done: () => void) => {
    written.push(String(chunk));
    done();
  };
  const exitCode = await deployByCommandLine(args, {
    env,
    terminal: { input: new PassThrough(), output: new Writable({ write }) },
    stdout: new Writable({ write }),
    bold: (title) => title,
    wrangler,
    fetch,
    octopool: octopoolProcess(env),
    verification: { smoke: smokeHere, now: () => performance.now(), wait: setTimeout },
  }).catch((error: unknown) => {
    const told = tellFailure("deploy", error);
    written.push(told.sentence);
    return told.exitCode;
  });
  return { exitCode, output: written.join("").replace(/\n$/, "") };
}

/** The stand-in without a process. */
export function within(env: Env): RunWrangler {
  return async (args, start) => {
    const { exitCode, ...said } = standIn(args, { env: { ...env, ...start.env }, input: start.input ?? "" });
    // As execa gives them.
    const [stdout = "", stderr = ""] = [said.stdout, said.stderr].map((text) => text.replace(/\n$/, ""));
    return { ok: exitCode === 0, stdout, stderr };
  };
}

async function smokeHere(origin: string) {
  const lines: string[] = [];
  const ok = await smoke(origin, (line) => void lines.push(line));
  return { ok, output: lines.join("\n") };
}
