/** Sets up a pool through the operator's API, as an operator would. */
import { adminPrefix, createCallerAnswerSchema } from "../../shared/admin.ts";

/** Name of the secret, in the local relay, that each identity refers to. */
export interface PoolIdentity {
  readonly id: string;
  readonly kind: "pat" | "github_app";
  readonly login: string;
  readonly secret_ref: string;
  readonly installation_id?: number;
  readonly scopes: readonly { readonly owner: string; readonly repo?: string }[];
}

/** A relay's operator. */
export interface Operator {
  readonly server: string;
  readonly adminToken: string;
}

/** @throws Error with the relay's own words when it refuses. */
export async function addIdentity(operator: Operator, pool: string, identity: PoolIdentity): Promise<void> {
  await ask(operator, "POST", `/pools/${pool}/identities`, identity);
}

/** @throws Error with the relay's own words when it refuses. */
export async function setPolicy(operator: Operator, pool: string, policy: object): Promise<void> {
  await ask(operator, "PATCH", `/pools/${pool}/policy`, policy);
}

/**
 * A caller of the pool, with a token for one machine.
 * @throws Error with the relay's own words when it refuses.
 */
export async function addCaller(operator: Operator, pool: string, login: string, name: string): Promise<string> {
  const body = { pool, github_login: login, name };
  return createCallerAnswerSchema.parse(await ask(operator, "POST", "/callers", body)).token;
}

async function ask({ server, adminToken }: Operator, method: string, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${server}${adminPrefix}${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
