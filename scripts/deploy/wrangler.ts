/** Wrangler, as the deployment runs it. Secrets go to its standard input; its arguments never hold one. */
import { join } from "node:path";
import { execa } from "execa";

const ours = join(import.meta.dirname, "../../node_modules/.bin/wrangler");

export interface Ran {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Wrangler {
  /** Asks; changes nothing, so it runs in a dry run too. */
  ask(args: readonly string[]): Promise<Ran>;
  /** Changes something: in a dry run it is only told. */
  change(args: readonly string[], secret?: string): Promise<Ran>;
  /** With the terminal, for `wrangler login`. */
  interactive(args: readonly string[]): Promise<Ran>;
}

export interface WranglerOptions {
  readonly config: string;
  readonly dryRun: boolean;
  readonly say: (line: string) => void;
  /** Another executable than the workspace's own. */
  readonly executable?: string | undefined;
}

export function createWrangler({ config, dryRun, say, executable = ours }: WranglerOptions): Wrangler {
  const env = { WRANGLER_SEND_METRICS: "false" };
  const run = async (args: readonly string[], input = ""): Promise<Ran> => {
    const result = await execa(executable, [...args, "--config", config], {
      env: { ...env, CI: "true" },
      input,
      reject: false,
    });
    return { ok: result.exitCode === 0, stdout: result.stdout ?? "", stderr: result.stderr ?? "" };
  };
  const told = (args: readonly string[], how = "") => `wrangler ${args.join(" ")}${how}`;
  return {
    ask: (args) => run(args),
    change: async (args, secret) => {
      const how = secret === undefined ? "" : "   (the value on its standard input)";
      say(`${dryRun ? "would run" : "run"}: ${told(args, how)}`);
      if (dryRun) return { ok: true, stdout: "", stderr: "" };
      const ran = await run(args, secret);
      if (!ran.ok) throw new Error(`${told(args)} failed:\n${withoutSecret(ran.stderr || ran.stdout, secret)}`);
      return ran;
    },
    interactive: async (args) => {
      say(`${dryRun ? "would run" : "run"}: ${told(args)}`);
      if (dryRun) return { ok: true, stdout: "", stderr: "" };
      const { exitCode } = await execa(executable, [...args], { env, stdio: "inherit", reject: false });
      return { ok: exitCode === 0, stdout: "", stderr: "" };
    },
  };
}

function withoutSecret(text: string, secret: string | undefined): string {
  return secret ? text.replaceAll(secret, "[secret]") : text;
}
