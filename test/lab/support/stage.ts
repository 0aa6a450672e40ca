/** One stage: emulated GitHub, the mangling proxy, the relay on workerd, the faulty front, and machines. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Stack } from "../../../scripts/stack/index.ts";
import { startStack } from "../../../scripts/stack/index.ts";
import { createMachine } from "../../../scripts/stack/machine.ts";
import type { PoolIdentity } from "../../../scripts/stack/pool.ts";
import { type GitHub, startGitHub } from "../../github-emulator/index.ts";
import { removeTree } from "../../support/remove-tree.ts";
import { GitHubProxy } from "./github-proxy.ts";
import { LabMachine } from "./lab-machine.ts";
import { installRealGh } from "./real-gh.ts";
import { RelayFront } from "./relay-front.ts";
import { callerToken, poolTokens, project, secretTitle, world } from "./world.ts";

export interface LabSetup {
  readonly github: GitHub;
  readonly proxy: GitHubProxy;
  readonly stack: Stack;
  readonly front: RelayFront;
  /** Must be in nothing that any part prints or logs. */
  readonly secrets: readonly string[];
  /** A machine that is logged in at the front, with the shim installed. */
  machine(name: string, env?: Readonly<Record<string, string>>): Promise<LabMachine>;
  /** Ends every fault; caches keep their content. */
  calm(): void;
  close(): Promise<void>;
}

const identities: readonly PoolIdentity[] = poolTokens.map((_, index) => ({
  id: `robot-${index}`,
  kind: "pat",
  login: index === 0 ? "pool-robot" : "second-robot",
  secret_ref: `POOL_TOKEN_${index}`,
  scopes: [{ owner: "*" }],
}));

/**
 * A stage with one machine for the trials of a file, handed over before the first. Before each trial every fault has
 * ended and the machine's daemon is new, so that no breaker which an earlier trial opened keeps the relay from being
 * asked.
 */
export function setTheStage(use: (stage: LabSetup, machine: LabMachine) => void): void {
  let stage: LabSetup | undefined;
  let machine: LabMachine | undefined;
  beforeAll(async () => {
    stage = await startStage();
    machine = await stage.machine("laptop");
    use(stage, machine);
  });
  beforeEach(async () => {
    stage?.calm();
    await machine?.restart();
  });
  afterAll(() => stage?.close());
}

/** Paths of issues, none of them twice. */
export function issuePaths(): () => string {
  let number = 0;
  return () => `repos/${project}/issues/${++number}`;
}

/** @param options.identities how many identities the pool has, at most two */
async function startStage(options: { readonly identities?: number } = {}): Promise<LabSetup> {
  const directory = await mkdtemp(join(tmpdir(), "lab-"));
  const github = await startGitHub({ world, port: 0, socket: join(directory, "github.sock") });
  const proxy = await GitHubProxy.start(github.url);
  const stack = await startStack({
    githubApi: proxy.url,
    githubWeb: proxy.url,
    loginToken: callerToken,
    identities: identities.slice(0, options.identities ?? 1),
    bindings: {
      ALLOWED_GITHUB_ORG: "acme",
      OCTOPOOL_GITHUB_ORG_TOKEN: callerToken,
      ...Object.fromEntries(poolTokens.map((token, index) => [`POOL_TOKEN_${index}`, token])),
    },
  });
  const front = await RelayFront.start(stack.relay.url);
  const machines: LabMachine[] = [];
  return {
    github,
    proxy,
    stack,
    front,
    secrets: [...poolTokens, callerToken, stack.operator.adminToken, secretTitle],
    machine: async (name, env = {}) => {
      const realGh = await installRealGh(join(directory, name), github);
      const made = await createMachine(name, { ...realGh.env, OCTOPOOL_GH_PATH: realGh.path, ...env });
      const shims = join(made.directory, "shim");
      const machine = new LabMachine(made, realGh, join(shims, "gh"));
      machines.push(machine);
      for (const args of [
        ["login", front.url],
        ["install-shim", "--shell", "bash", "--dir", shims],
      ]) {
        const ran = await machine.octopool(args);
        if (ran.exitCode !== 0) throw new Error(`octopool ${args.join(" ")}: ${ran.stdout}${ran.stderr}`);
      }
      return machine;
    },
    calm: () => {
      front.reset();
      proxy.reset();
      github.control.reset();
    },
    close: async () => {
      await Promise.all(machines.map(({ machine }) => machine.close()));
      await front.close();
      await stack.close();
      await proxy.close();
      await github.close();
      await removeTree(directory);
    },
  };
}
