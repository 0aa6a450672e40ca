import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pool, type Stack, startStack } from "../stack/index.ts";
import type { Machine } from "../stack/machine.ts";
import { setPolicy } from "../stack/pool.ts";
import type { Bench } from "./bench.ts";
import type { Case } from "./cases.ts";
import { poolAccount } from "./emulator.ts";
import type { OctopoolAnswer } from "./octopool.ts";
import type { CommandResult, ReadPath } from "./read-path.ts";
import { run } from "./run.ts";

/** The shim that users install, the daemon it starts, the relay on workerd, and the emulated GitHub behind it. */
export class FullPath implements ReadPath {
  readonly setsClock = false;
  readonly #bench: Bench;
  readonly #stack: Stack;
  readonly #machine: Machine;
  readonly #places: Places;
  #asked = 0;

  private constructor(bench: Bench, stack: Stack, machine: Machine, places: Places) {
    this.#bench = bench;
    this.#stack = stack;
    this.#machine = machine;
    this.#places = places;
  }

  static async open(bench: Bench): Promise<FullPath> {
    const stack = await startStack({
      githubApi: bench.emulator.url,
      githubWeb: bench.emulator.url,
      bindings: { DIFFERENTIAL_POOL: poolAccount.token },
      identities: [
        {
          id: "pool",
          kind: "pat",
          login: poolAccount.login,
          secret_ref: "DIFFERENTIAL_POOL",
          scopes: [{ owner: "*" }],
        },
      ],
    });
    try {
      await setPolicy(stack.operator, pool, { allow_search: true });
      const machine = await stack.machine("differential");
      const places = await makePlaces(bench);
      const installed = await machine.run(["install-shim", "--shell", "bash", "--dir", places.shims], {
        OCTOPOOL_GH_PATH: places.gh,
      });
      if (installed.exitCode !== 0) throw new Error(`octopool install-shim: ${installed.stderr}`);
      return new FullPath(bench, stack, machine, places);
    } catch (error) {
      await stack.close();
      throw error;
    }
  }

  excludes({ env, changes, hosts }: Case): string | undefined {
    if (hosts) return "hosts are gh's own settings, which Octopool's machine has not";
    if (changes) return "a world that changes would change for the other cases as well";
    return env?.GH_TOKEN ? "Octopool answers where the user's own token is refused" : undefined;
  }

  async ask(each: Case): Promise<CommandResult> {
    return { cold: await this.#once(each), warm: await this.#once(each) };
  }

  async #once(each: Case): Promise<OctopoolAnswer> {
    const mark = join(this.#places.marks, String(this.#asked++));
    const env = {
      ...this.#machine.env,
      ...this.#bench.environment("gh"),
      ...each.env,
      OCTOPOOL_GH_PATH: this.#places.gh,
      DIFFERENTIAL_MARK: mark,
      DIFFERENTIAL_GH: this.#bench.gh ?? "gh",
    };
    const answer = await run(join(this.#places.shims, "gh"), each.args, {
      cwd: await this.#bench.place(each),
      env,
      stdin: each.stdin,
      timeout: 60_000,
    });
    const native = await readFile(mark, "utf8").catch(() => undefined);
    await rm(mark, { force: true });
    // The output of the real gh in Octopool's place is compared too: it must reach the user unchanged.
    return native === undefined ? { answer } : { native: "handed over", answer };
  }

  async close(): Promise<void> {
    await this.#stack.close();
  }
}

/** It must not speak of Octopool: a script that does is taken for a wrapper of ours. */
const markingGh = `#!/bin/sh
[ -n "$DIFFERENTIAL_MARK" ] && echo native > "$DIFFERENTIAL_MARK"
exec "$DIFFERENTIAL_GH" "$@"
`;

interface Places {
  shims: string;
  /** The real gh, leaving a mark when it runs. */
  gh: string;
  marks: string;
}

async function makePlaces(bench: Bench): Promise<Places> {
  const places = {
    shims: join(bench.directory, "shims"),
    gh: join(bench.directory, "real", "gh"),
    marks: join(bench.directory, "marks"),
  };
  await mkdir(places.shims);
  await mkdir(places.marks);
  await mkdir(join(bench.directory, "real"));
  await writeFile(places.gh, markingGh);
  await chmod(places.gh, 0o755);
  return places;
}
