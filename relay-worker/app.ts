/** The Worker's routes. */
import { Hono } from "hono";
import { trimTrailingSlash } from "hono/trailing-slash";
import { bearerToken } from "../shared/bearer.ts";
import { type Discovery, discoveryPath, loginPath, serviceName, sessionPath } from "../shared/discovery.ts";
import { relayRequestPath } from "../shared/envelope.ts";
import { OctopoolError } from "../shared/errors.ts";
import { eventsPath, hooksPath } from "../shared/events/names.ts";
import { relayGraphqlPath } from "../shared/graphql/wire.ts";
import { adminRoutes } from "./admin/routes.ts";
import { auditRow } from "./audit/row.ts";
import { audit } from "./audit/write.ts";
import { requireMember } from "./auth/caller.ts";
import { login } from "./auth/login.ts";
import { endSession } from "./auth/session.ts";
import { sha256Hex } from "./auth/tokens.ts";
import type { RelayContext } from "./context.ts";
import type { Deps } from "./deps.ts";
import { settingsOf } from "./env.ts";
import { takeDelivery } from "./events/ingest.ts";
import { listenToEvents } from "./events/listen.ts";
import type { AppEnv } from "./http/app-env.ts";
import { readJsonBody } from "./http/body.ts";
import { clientAddress } from "./http/client-address.ts";
import { secure } from "./http/transport.ts";
import { type Known, lookUp } from "./read/known/lookup.ts";
import { relayGraphql, relayRead } from "./read/serve-read.ts";
import { poolHealth } from "./stats/health.ts";
import { poolStats } from "./stats/stats.ts";
import { windowSeconds } from "./stats/window.ts";
import { answerError } from "./web/error-page.tsx";
import { landingPage } from "./web/landing.tsx";
import { webRoutes } from "./web/routes.ts";

/** Oldest client that this relay serves. */
const minCliVersion = "0.1.0";

export function createApp(deps: Deps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();

  app.use("*", async (c, next) => {
    const background = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
    c.set("relay", { deps, env: c.env, requestId: crypto.randomUUID(), background });
    await next();
  });
  app.use("*", secure);
  app.use("*", trimTrailingSlash());
  app.onError(answerError);
  app.notFound((c) => answerError(new OctopoolError("not_found", "There is no such path."), c));

  app.get("/", landingPage);
  app.get(discoveryPath, (c) => {
    const { origin } = new URL(c.req.url);
    const { defaultPool, allowedOrg, oauthClientId, oauthClientSecret } = settingsOf(c.env);
    const discovery: Discovery = {
      service: serviceName,
      version: 1,
      api_base: origin,
      app_base: origin,
      default_pool: defaultPool,
      allowed_org: allowedOrg,
      auth: { cli_github_token: true, web_login: oauthClientId !== "" && oauthClientSecret !== undefined },
      min_cli_version: minCliVersion,
    };
    return c.json(discovery, 200, { "cache-control": "public, max-age=300" });
  });

  app.post(loginPath, async (c) => {
    return c.json(await login(c.var.relay, clientAddress(c), await readJsonBody(c.req.raw)), 201);
  });
  app.delete(sessionPath, async (c) => {
    await endSession(c.var.relay, c.req.header("authorization"));
    return c.body(null, 204);
  });

  app.post(hooksPath, (c) => takeDelivery(c.var.relay, c.req.raw));
  app.get(eventsPath, (c) => {
    const pool = c.req.query("pool") ?? settingsOf(c.env).defaultPool;
    return listenToEvents(c.var.relay, c.req.raw, pool);
  });
  app.post(relayRequestPath, (c) => relayRead(c.var.relay, c.req.raw));
  app.post(relayGraphqlPath, (c) => relayGraphql(c.var.relay, c.req.raw));
  app.get("/v1/pools/:pool/health", async (c) => {
    const { pool } = await poolOfCaller(c.var.relay, "health", c.req.param("pool"), c.req.header("authorization"));
    return c.json(await poolHealth(c.var.relay, pool));
  });
  app.get("/v1/pools/:pool/stats", async (c) => {
    const { pool } = await poolOfCaller(c.var.relay, "stats", c.req.param("pool"), c.req.header("authorization"));
    const { since, client } = c.req.query();
    return c.json(await poolStats(c.var.relay, { pool: pool.name, windowSeconds: windowSeconds(since), client }));
  });

  app.route("/", adminRoutes);
  app.route("/", webRoutes);
  return app;
}

/** A caller's question about a pool, written into the audit trail under its name. */
async function poolOfCaller(
  context: RelayContext,
  action: "health" | "stats",
  pool: string,
  authorization: string | undefined,
): Promise<Known> {
  const token = bearerToken(authorization);
  if (!token) throw new OctopoolError("missing_auth", "This needs a caller token.", { hint: "Run: octopool login" });
  const { deps, env, background, requestId } = context;
  const known = await lookUp(deps, env, await sha256Hex(token), pool);
  const row = { ...auditRow(deps.clock(), action, requestId), pool };
  await requireMember(context, known.caller, row);
  audit(deps, env, background, row);
  return known;
}
