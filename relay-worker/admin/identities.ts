/** Identities of a pool: upsert, list, disable, change weight, remove. */

import { and, asc, eq, inArray } from "drizzle-orm";
import type * as z from "zod";
import {
  type AdminIdentity,
  type identityAnswerSchema,
  type patchIdentitySchema,
  upsertIdentitySchema,
} from "../../shared/admin.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { type ChangeContext, changeRow } from "../audit/changes.ts";
import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { identities, identityScopes } from "../db/schema.ts";
import { appTokens, mayBeIdentitys } from "../github/credentials.ts";
import { parseInput } from "../http/input.ts";
import { poolRow } from "../pools/ensure.ts";

/**
 * Scopes are replaced; an identity's kind and pool never change.
 * @throws OctopoolError invalid_request, installation_id_required, identity_conflict
 */
export async function upsertIdentity(
  context: ChangeContext,
  pool: string,
  body: unknown,
): Promise<z.infer<typeof identityAnswerSchema>> {
  const input = parseInput(upsertIdentitySchema, body);
  const { id, kind, login, secret_ref: secretRef, installation_id: installationId = null, weight, scopes } = input;
  if (kind === "github_app" && (installationId === null || installationId <= 0)) {
    throw new OctopoolError("installation_id_required", "A github_app identity needs a positive installation_id.");
  }
  if (!mayBeIdentitys(secretRef)) {
    throw new OctopoolError(
      "invalid_request",
      `secret_ref: ${secretRef} is the relay's own, and is not sent to GitHub.`,
      {
        hint: "Give each identity a secret of its own.",
      },
    );
  }
  const { deps, env } = context;
  const db = database(env);
  const known = await db.select().from(identities).where(eq(identities.id, id)).get();
  if (known && (known.pool !== pool || known.kind !== kind)) {
    throw new OctopoolError("identity_conflict", `The identity "${id}" exists with another pool or kind.`, {
      hint: "Choose another id.",
    });
  }
  const changed = { login, secretRef, installationId, ...(weight === undefined ? {} : { weight }) };
  const rows = scopes.map(({ owner, repo = "", allow_private: allowPrivate = false }) => ({
    identityId: id,
    owner: owner.toLowerCase(),
    repo: repo.toLowerCase(),
    allowPrivate,
  }));
  await db.batch([
    poolRow(context, pool),
    db
      .insert(identities)
      .values({ id, pool, kind, ...changed, createdAt: deps.clock() })
      .onConflictDoUpdate({ target: identities.id, set: changed }),
    db.delete(identityScopes).where(eq(identityScopes.identityId, id)),
    db.insert(identityScopes).values(rows).onConflictDoNothing(),
    changeRow(context, { action: "identity.upsert", pool, target: id }),
  ]);
  deps.memory.forget();
  appTokens(deps.memory).clear();
  const secret = env[secretRef];
  const missing = typeof secret !== "string" || secret.trim() === "";
  return { identity: await findIdentity(context, pool, id), ...(missing ? { secret_missing: true } : {}) };
}

export async function listIdentities(context: RelayContext, pool: string, id?: string): Promise<AdminIdentity[]> {
  const db = database(context.env);
  const wanted = id === undefined ? eq(identities.pool, pool) : and(eq(identities.pool, pool), eq(identities.id, id));
  const rows = await db.select().from(identities).where(wanted).orderBy(asc(identities.id));
  const ids = db.select({ id: identities.id }).from(identities).where(wanted);
  const scopes = await db.select().from(identityScopes).where(inArray(identityScopes.identityId, ids));
  return rows.map((row) => ({
    id: row.id,
    pool: row.pool,
    kind: row.kind,
    login: row.login,
    secret_ref: row.secretRef,
    installation_id: row.installationId,
    weight: row.weight,
    disabled: row.disabledAt !== null,
    scopes: scopes
      .filter(({ identityId }) => identityId === row.id)
      .map(({ owner, repo, allowPrivate }) => ({ owner, repo: repo || null, allow_private: allowPrivate })),
  }));
}

/** @throws OctopoolError not_found */
export async function patchIdentity(
  context: ChangeContext,
  pool: string,
  id: string,
  patch: z.infer<typeof patchIdentitySchema>,
): Promise<AdminIdentity> {
  const { deps, env } = context;
  const { disabled, weight } = patch;
  const changed = {
    ...(disabled === undefined ? {} : { disabledAt: disabled ? deps.clock() : null }),
    ...(weight === undefined ? {} : { weight }),
  };
  await findIdentity(context, pool, id);
  const what = Object.entries(patch).map(([field, value]) => `${field}=${value}`);
  const db = database(env);
  await db.batch([
    db
      .update(identities)
      .set(changed)
      .where(and(eq(identities.pool, pool), eq(identities.id, id))),
    changeRow(context, { action: "identity.change", pool, target: [id, ...what].join(" ") }),
  ]);
  deps.memory.forget();
  return findIdentity(context, pool, id);
}

/**
 * Its secret stays with the Worker, and its budget with the coordinator: GitHub's count goes on.
 * @returns the identity that was removed
 * @throws OctopoolError not_found
 */
export async function removeIdentity(context: ChangeContext, pool: string, id: string): Promise<AdminIdentity> {
  const { deps, env } = context;
  const identity = await findIdentity(context, pool, id);
  const db = database(env);
  await db.batch([
    db.delete(identityScopes).where(eq(identityScopes.identityId, id)),
    db.delete(identities).where(eq(identities.id, id)),
    changeRow(context, { action: "identity.remove", pool, target: id }),
  ]);
  deps.memory.forget();
  appTokens(deps.memory).clear();
  return identity;
}

async function findIdentity(context: RelayContext, pool: string, id: string): Promise<AdminIdentity> {
  const [found] = await listIdentities(context, pool, id);
  if (!found) throw new OctopoolError("not_found", `The pool "${pool}" has no identity "${id}".`);
  return found;
}
