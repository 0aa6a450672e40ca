/** The operator's API. Every change writes its audit row with itself. */
import { Hono } from "hono";
import { adminPrefix, nameSchema, patchCallerSchema, patchIdentitySchema } from "../../shared/admin.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { auditPage } from "../audit/list.ts";
import { coordinatorOf } from "../coordinator/client.ts";
import type { AppEnv } from "../http/app-env.ts";
import { readJsonBody } from "../http/body.ts";
import { clientAddress } from "../http/client-address.ts";
import { parseInput, parsePage } from "../http/input.ts";
import { createCaller, findCaller, listCallers, patchCaller, revokeToken } from "./callers.ts";
import { forgetCaller } from "./forget.ts";
import { listIdentities, patchIdentity, removeIdentity, upsertIdentity } from "./identities.ts";
import { requireAdmin } from "./operator-token.ts";
import { getPolicy, listPools, purgeCache, requirePool, setPolicy } from "./pools.ts";

export const adminRoutes = new Hono<AppEnv>().basePath(adminPrefix);

adminRoutes.use("*", async (c, next) => {
  await requireAdmin(c.var.relay, c.req.header("authorization"), clientAddress(c));
  await next();
});

const poolOf = (name: string): string => parseInput(nameSchema, name);

adminRoutes.get("/pools", async (c) => c.json(await listPools(c.var.relay)));

adminRoutes.get("/pools/:pool/policy", async (c) => c.json(await getPolicy(c.var.relay, poolOf(c.req.param("pool")))));

adminRoutes.patch("/pools/:pool/policy", async (c) => {
  const pool = poolOf(c.req.param("pool"));
  return c.json(await setPolicy(c.var.relay, pool, await readJsonBody(c.req.raw)));
});

adminRoutes.delete("/pools/:pool/cache", async (c) => {
  const pool = poolOf(c.req.param("pool"));
  const { repo, route } = c.req.query();
  return c.json(await purgeCache(c.var.relay, pool, { repo, route }));
});

adminRoutes.get("/pools/:pool/coordinator", async (c) => {
  // A name that is no pool's would make a coordinator of its own.
  const pool = poolOf(c.req.param("pool"));
  await requirePool(c.var.relay, pool);
  return c.json(await coordinatorOf(c.env, pool).snapshot());
});

adminRoutes.get("/pools/:pool/identities", async (c) =>
  c.json({ identities: await listIdentities(c.var.relay, poolOf(c.req.param("pool"))) }),
);

adminRoutes.post("/pools/:pool/identities", async (c) => {
  const pool = poolOf(c.req.param("pool"));
  return c.json(await upsertIdentity(c.var.relay, pool, await readJsonBody(c.req.raw)));
});

adminRoutes.patch("/pools/:pool/identities/:id", async (c) => {
  const pool = poolOf(c.req.param("pool"));
  const patch = parseInput(patchIdentitySchema, await readJsonBody(c.req.raw));
  return c.json({ identity: await patchIdentity(c.var.relay, pool, c.req.param("id"), patch) });
});

adminRoutes.delete("/pools/:pool/identities/:id", async (c) => {
  const pool = poolOf(c.req.param("pool"));
  return c.json({ identity: await removeIdentity(c.var.relay, pool, c.req.param("id")) });
});

adminRoutes.post("/callers", async (c) => {
  return c.json(await createCaller(c.var.relay, await readJsonBody(c.req.raw)), 201);
});

adminRoutes.get("/callers", async (c) =>
  c.json(await listCallers(c.var.relay, parsePage(c.req.query()), c.req.query("pool"))),
);

adminRoutes.get("/callers/:id", async (c) => c.json({ caller: await findCaller(c.var.relay, c.req.param("id")) }));

adminRoutes.patch("/callers/:id", async (c) => {
  const patch = parseInput(patchCallerSchema, await readJsonBody(c.req.raw));
  return c.json({ caller: await patchCaller(c.var.relay, c.req.param("id"), patch) });
});

adminRoutes.delete("/callers/:id", async (c) => c.json(await forgetCaller(c.var.relay, c.req.param("id"))));

adminRoutes.delete("/callers/:id/tokens/:token", async (c) => {
  return c.json({ caller: await revokeToken(c.var.relay, c.req.param("id"), c.req.param("token")) });
});

adminRoutes.get("/audit", async (c) => {
  const { pool, action, changes } = c.req.query();
  if (changes !== undefined && changes !== "1")
    throw new OctopoolError("invalid_request", "changes takes no other value than 1.");
  return c.json(await auditPage(c.var.relay, parsePage(c.req.query()), { pool, action, changes: changes === "1" }));
});

adminRoutes.all("*", () => {
  throw new OctopoolError("not_found", "The operator's API has no such path.");
});
