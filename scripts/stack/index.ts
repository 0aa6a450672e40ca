/** GitHub, relay and pool together, as the demo, `npm start` and the end-to-end tests use them. */
import { randomBytes } from "node:crypto";
import { createMachine, type Machine } from "./machine.ts";
import { addCaller, addIdentity, type Operator } from "./pool.ts";
import { type LocalRelay, startRelay } from "./relay.ts";
import type { Scenario } from "./scenario.ts";

export const pool = "maintainers";

export interface Stack {
  readonly relay: LocalRelay;
  readonly operator: Operator;
  /** A machine that is logged in. */
  machine(name: string, env?: Readonly<Record<string, string>>): Promise<Machine>;
  /** Closes the relay and every machine. */
  close(): Promise<void>;
}

/** Starts the relay over a scenario's GitHub and fills its pool. */
export async function startStack(
  scenario: Pick<Scenario, "githubApi" | "githubWeb" | "bindings" | "identities" | "loginToken">,
  options: { readonly port?: number } = {},
): Promise<Stack> {
  const adminToken = randomBytes(24).toString("base64url");
  const relay = await startRelay({
    ...options,
    githubApi: scenario.githubApi,
    githubWeb: scenario.githubWeb,
    bindings: { ...scenario.bindings, OCTOPOOL_ADMIN_TOKEN: adminToken },
  });
  const operator = { server: relay.url, adminToken };
  const machines: Machine[] = [];
  const close = async () => {
    await Promise.all(machines.map((machine) => machine.close()));
    await relay.close();
  };
  try {
    for (const identity of scenario.identities) await addIdentity(operator, pool, identity);
  } catch (error) {
    await close();
    throw error;
  }
  const machine: Stack["machine"] = async (name, env = {}) => {
    const byOperator = scenario.loginToken === undefined;
    const made = await createMachine(name, {
      ...env,
      ...(byOperator ? { OCTOPOOL_URL: relay.url, OCTOPOOL_TOKEN: await addCaller(operator, pool, "demo", name) } : {}),
    });
    machines.push(made);
    if (byOperator) return made;
    const login = await made.run(["login", relay.url], { GH_TOKEN: scenario.loginToken ?? "" });
    if (login.exitCode !== 0) throw new Error(`octopool login failed on ${name}: ${login.stderr}`);
    return made;
  };
  return { relay, operator, machine, close };
}
