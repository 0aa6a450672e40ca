/** Runs a section's commands in one bash, as a reader would type them, and says how each ended. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

export interface Line {
  /** As the page has it. */
  readonly text: string;
  /** The command line. */
  readonly typed: string;
  /** The output of a server once it is ready; it is left running, and ended by {@link DocsShell.close}. */
  readonly serves?: RegExp | undefined;
}

export interface ShellOutcome {
  readonly text: string;
  /** Undefined for a command that was never reached. */
  readonly exitCode: number | undefined;
  readonly output: string;
}

/**
 * Each command's output goes to a file of its own, with its exit code beside it. One that serves goes to the
 * background, in a process group of its own, and the next one waits for the line that says it is ready.
 */
const prelude = `
set -o pipefail -o monitor
log=$1
npm() { (cd "$REPOSITORY" && command npm "$@"); }
wrangler() { (cd "$REPOSITORY" && "$OCTOPOOL_WRANGLER" "$@"); }
npx() { if [ "$1" = wrangler ]; then "$@"; else (cd "$REPOSITORY" && command npx --no-install "$@"); fi; }
done_() { echo "$2" >"$log/$1.code"; }
await_() { timeout 60 grep -m1 -qE -- "$2" <(tail -n +1 -F "$log/$1.out" 2>/dev/null); }
`;

export class DocsShell {
  readonly #cwd: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #logs: string;
  #sections = 0;
  #groups: number[] = [];

  constructor(options: { cwd: string; env: Readonly<Record<string, string>>; logs: string }) {
    this.#cwd = options.cwd;
    this.#env = options.env;
    this.#logs = options.logs;
  }

  /** @param before typed first; it is not the page's */
  async run(before: string, lines: readonly Line[]): Promise<ShellOutcome[]> {
    this.#sections += 1;
    const logs = join(this.#logs, String(this.#sections));
    await mkdir(logs, { recursive: true });
    const script = join(logs, "section.sh");
    await writeFile(script, [prelude, before, ...lines.map(typed)].join("\n"));
    await execa("bash", ["--noprofile", "--norc", script, logs], {
      cwd: this.#cwd,
      env: this.#env,
      extendEnv: false,
      stdin: "ignore",
      reject: false,
      timeout: 600_000,
    });
    const outcomes = await Promise.all(lines.map(({ text }, at) => outcome(logs, at, text)));
    for (const [at, { serves }] of lines.entries()) {
      const pid = serves ? Number(await readText(join(logs, `${at}.pid`))) : 0;
      if (pid > 0) this.#groups.push(pid);
    }
    return outcomes;
  }

  /** Ends the serving commands. */
  close(): void {
    for (const group of this.#groups.splice(0)) {
      try {
        process.kill(-group, "SIGTERM");
      } catch {
        // It has ended by itself.
      }
    }
  }
}

function typed({ typed: command, serves }: Line, at: number): string {
  const log = `"$log/${at}.out"`;
  if (!serves) return `{ ${command}\n} >${log} 2>&1\ndone_ ${at} $?`;
  return `{ ${command}\n} >${log} 2>&1 &\necho $! >"$log/${at}.pid"\nawait_ ${at} '${serves.source}'\ndone_ ${at} $?`;
}

async function outcome(logs: string, at: number, text: string): Promise<ShellOutcome> {
  const code = await readText(join(logs, `${at}.code`));
  return { text, exitCode: code === "" ? undefined : Number(code), output: await readText(join(logs, `${at}.out`)) };
}

const readText = (file: string) => readFile(file, "utf8").catch(() => "");
