/** Wrangler, as the deployment runs it. Secrets go to its standard input; its arguments never hold one. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import * as z from "zod";

const ours = join(import.meta.dirname, "../../node_modules/.bin/wrangler");

export interface WranglerRun {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** The record that `wrangler deploy` wrote. */
  readonly record?: DeployRecord | undefined;
}

type DeployRecord = z.infer<typeof recordSchema>;

// The file that WRANGLER_OUTPUT_FILE_PATH names is made for programs, other than wrangler's output.
const recordSchema = z.object({
  type: z.literal("deploy"),
  targets: z.array(z.string()).default([]),
  bundle_size: z.object({ gzip_bytes: z.number() }).optional(),
});

interface Change {
  /** For its standard input. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** With the terminal, so that wrangler can ask: to log in, or whether to take over a host name. */
  readonly terminal?: boolean;
}

export interface Wrangler {
  /** Asks; changes nothing, so it runs in a dry run too. */
  ask(args: readonly string[]): Promise<WranglerRun>;
  /**
   * Changes something: in a dry run it is only told.
   *
   * @throws Error with wrangler's words when it fails
   */
  change(args: readonly string[], change?: Change): Promise<WranglerRun>;
  /** The same, in that account. */
  inAccount(account: string): Wrangler;
}

interface WranglerOptions {
  readonly config: string;
  readonly dryRun: boolean;
  readonly say: (line: string) => void;
  /** Account's id; empty leaves the choice to wrangler. */
  readonly account?: string;
  readonly run: RunWrangler;
}

/** Runs wrangler once: a process of its own, except where a test answers for it. */
export type RunWrangler = (args: readonly string[], start: Start) => Promise<Omit<WranglerRun, "record">>;

interface Start {
  /** Over the environment that every run has. */
  readonly env: Readonly<Record<string, string>>;
  /** Its standard input; undefined: it has the terminal. */
  readonly input: string | undefined;
}

/** @param executable another one than the workspace's own */
export function wranglerProcess(env: NodeJS.ProcessEnv, executable = ours): RunWrangler {
  return async (args, start) => {
    const { exitCode, stdout, stderr } = await execa(executable, args, {
      env: { ...env, ...start.env },
      extendEnv: false,
      ...(start.input === undefined ? { stdio: "inherit" } : { input: start.input }),
      reject: false,
    });
    return { ok: exitCode === 0, stdout: text(stdout), stderr: text(stderr) };
  };
}

const text = (output: unknown) => (typeof output === "string" ? output : "");

export function createWrangler(options: WranglerOptions): Wrangler {
  const { dryRun, say, account = "" } = options;
  return {
    ask: (args) => run(options, args),
    change: async (args, change = {}) => {
      const { secrets, terminal = false } = change;
      const input = secrets === undefined ? "" : "   (the values on its standard input)";
      say(`${dryRun ? "would run" : "run"}: wrangler ${args.join(" ")}${input}`);
      if (dryRun) return { ok: true, stdout: "", stderr: "" };
      const ran = await run(options, args, change);
      if (ran.ok) return ran;
      // With the terminal, wrangler has said it already.
      const why = terminal ? "" : `:\n${withoutSecrets(said(ran), secrets ?? {})}`;
      throw new Error(`wrangler ${args.join(" ")} failed${why}`);
    },
    inAccount: (id) => (id === account ? createWrangler(options) : createWrangler({ ...options, account: id })),
  };
}

/** Wrangler's message, for people: without colours and the path of its log. */
export function said({ stdout, stderr }: WranglerRun): string {
  return stripVTControlCharacters(stderr.trim() || stdout.trim()).replace(/\n*🪵.*$/su, "");
}

/** Wrangler's output as JSON; undefined when it printed something else. */
export function parseJson<T>(schema: z.ZodType<T>, output: string): T | undefined {
  try {
    // Wrangler may print notices before its JSON.
    return schema.safeParse(JSON.parse(output.slice(Math.max(0, output.search(/^[[{]/m))))).data;
  } catch {
    return undefined;
  }
}

async function run(options: WranglerOptions, args: readonly string[], change: Change = {}): Promise<WranglerRun> {
  const { config, account } = options;
  const directory = await mkdtemp(join(tmpdir(), "octopool-wrangler-"));
  const record = join(directory, "record");
  const { secrets, terminal = false } = change;
  try {
    const ran = await options.run([...args, "--config", config], {
      env: {
        WRANGLER_SEND_METRICS: "false",
        WRANGLER_OUTPUT_FILE_PATH: record,
        // `d1 migrations` ignores account_id in wrangler.jsonc, but reads this.
        ...(account ? { CLOUDFLARE_ACCOUNT_ID: account } : {}),
        ...(terminal ? {} : { CI: "true" }),
      },
      input: terminal ? undefined : secrets ? JSON.stringify(secrets) : "",
    });
    return { ...ran, record: await readRecord(record) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function readRecord(file: string): Promise<DeployRecord | undefined> {
  const lines = await readFile(file, "utf8").catch(() => "");
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => recordSchema.safeParse(JSON.parse(line)).data)
    .find((each) => each !== undefined);
}

function withoutSecrets(words: string, secrets: Readonly<Record<string, string>>): string {
  return Object.values(secrets).reduce(
    (left, secret) => left.replaceAll(secret, "[secret]").replaceAll(JSON.stringify(secret).slice(1, -1), "[secret]"),
    words,
  );
}
