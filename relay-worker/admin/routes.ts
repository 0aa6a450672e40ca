/** The operator's API. Every change leaves an audit row. */
import { Hono } from "hono";
import type { z } from "zod";
import { adminPrefix, nameSchema, patchCallerSchema, patchIdentitySchema } from "../../shared/admin.ts";
import { OctopoolError } from "../../shared/errors.ts";
import type { AppEnv } from "../http/app-env.ts";
import { readJsonBody } from "../http/body.ts";
import type { RelayContext } from "../relay/context.ts";
import { coordinatorOf } from "../relay/coordinator.ts";
import { audit } from "../stats/audit.ts";
import { auditRow } from "../stats/audit-row.ts";
import { auditPage, type OperatorAction } from "./audit.ts";
import { requireAdmin } from "./auth.ts";
import { createCaller, findCaller, listCallers, patchCaller, revokeToken } from "./callers.ts";
import { listIdentities, patchIdentity, upsertIdentity } from "./identities.ts";
import { parseInput, parsePage } from "./parse.ts";
import { getPolicy, listPools, purgeCache, setPolicy } from "./pools.ts";

export const adminRoutes = new Hono<AppEnv>().basePath(adminPrefix);

adminRoutes.use("*", async (c, next) => {
  await requireAdmin(c.env, c.req.header("authorization"));
  await next();
});

const poolOf = (name: string): string => parseInput(nameSchema, name);

/** What a change of a caller is called in the audit trail. */
function callerActions({ disabled, dashboard_role: role }: z.infer<typeof patchCallerSchema>): OperatorAction[] {
  const actions: OperatorAction[] = [];
  if (disabled !== undefined) actions.push(disabled ? "caller.disable" : "caller.enable");
  if (role !== undefined) actions.push(role === "admin" ? "caller.grant_dashboard" : "caller.withdraw_dashboard");
  return actions;
}

function changed(
  context: RelayContext,
  action: OperatorAction,
  pool: string | null,
  target: string,
  status = 200,
): void {
  const { deps, env, requestId, background } = context;
  audit(deps, env, background, { ...auditRow(deps.clock(), action, requestId), pool, target, status });
}

adminRoutes.get("/pools", async (c) => c.json(await listPools(c.var.relay)));

adminRoutes.get("/pools/:pool/policy", async (c) => c.json(await getPolicy(c.var.relay, poolOf(c.req.param("pool")))));

adminRoutes.patch("/pools/:pool/policy", async (c) => {
  const pool = poolOf(c.req.param("pool"));
  const answer = await setPolicy(c.var.relay, pool, await readJsonBody(c.req.raw));
  changed(c.var.relay, "policy.set", pool, `version ${answer.version}`);
  return c.json(answer);
});

adminRoutes.delete("/pools/:pool/cache", async (c) => {
  const pool = poolOf(c.req.param("pool"));
  const { repo, route } = c.req.query();
  const answer = await purgeCache(c.var.relay, pool, { repo, route });
  changed(c.var.relay, "cache.purge", pool, answer.repo ?? answer.route ?? "");
  return c.json(answer);
});

adminRoutes.get("/pools/:pool/coordinator", async (c) =>
  c.json(await coordinatorOf(c.env, poolOf(c.req.param("pool"))).snapshot()),
);

adminRoutes.get("/pools/:pool/identities", async (c) =>
  c.json({ identities: await listIdentities(c.var.relay, poolOf(c.req.param("pool"))) }),
);

adminRoutes.post("/pools/:pool/identities", async (c) => {
  const pool = poolOf(c.req.param("pool"));
  const identity = await upsertIdentity(c.var.relay, pool, await readJsonBody(c.req.raw));
  changed(c.var.relay, "identity.upsert", pool, identity.id);
  return c.json({ identity });
});

adminRoutes.patch("/pools/:pool/identities/:id", async (c) => {
  const pool = poolOf(c.req.param("pool"));
  const patch = parseInput(patchIdentitySchema, await readJsonBody(c.req.raw));
  const identity = await patchIdentity(c.var.relay, pool, c.req.param("id"), patch);
  const what = Object.entries(patch).map(([field, value]) => `${field}=${value}`);
  changed(c.var.relay, "identity.change", pool, [identity.id, ...what].join(" "));
  return c.json({ identity });
});

adminRoutes.post("/callers", async (c) => {
  const answer = await createCaller(c.var.relay, await readJsonBody(c.req.raw));
  changed(c.var.relay, "caller.create", answer.caller.pools.at(-1) ?? null, answer.caller.id, 201);
  return c.json(answer, 201);
});

adminRoutes.get("/callers", async (c) =>
  c.json(await listCallers(c.var.relay, parsePage(c.req.query()), c.req.query("pool"))),
);

adminRoutes.get("/callers/:id", async (c) => c.json({ caller: await findCaller(c.var.relay, c.req.param("id")) }));

adminRoutes.patch("/callers/:id", async (c) => {
  const patch = parseInput(patchCallerSchema, await readJsonBody(c.req.raw));
  const caller = await patchCaller(c.var.relay, c.req.param("id"), patch);
  for (const action of callerActions(patch)) changed(c.var.relay, action, null, caller.id);
  return c.json({ caller });
});

adminRoutes.delete("/callers/:id/tokens/:token", async (c) => {
  const caller = await revokeToken(c.var.relay, c.req.param("id"), c.req.param("token"));
  changed(c.var.relay, "token.revoke", null, `${caller.id} ${c.req.param("token")}`);
  return c.json({ caller });
});

adminRoutes.get("/audit", async (c) => {
  const { pool, action } = c.req.query();
  return c.json(await auditPage(c.var.relay, parsePage(c.req.query()), { pool, action }));
});

adminRoutes.all("*", () => {
  throw new OctopoolError("not_found", "The operator's API has no such path.");
});
