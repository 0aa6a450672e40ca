/** The Worker as the runtime calls it, with its clock and network passed in. */
import { createApp } from "./app.ts";
import { clean } from "./cron.ts";
import { type Deps, defaultDeps } from "./deps.ts";
import type { Env } from "./env.ts";
import { reconcile, reconcileCron } from "./events/reconcile.ts";
import { errorResponse } from "./http/error-response.ts";
import { asAsserted } from "./web/asserted-host.ts";

interface RelayWorker {
  readonly fetch: (request: Request, env: Env, ctx: ExecutionContext) => Response | Promise<Response>;
  readonly scheduled: (controller: ScheduledController, env: Env) => Promise<void>;
}

export function createWorker(deps: Deps = defaultDeps()): RelayWorker {
  const app = createApp(deps);
  return {
    fetch: async (request, env, ctx) => {
      try {
        return await app.fetch(await asAsserted(request, env), env, ctx);
      } catch (error) {
        return errorResponse(error, crypto.randomUUID());
      }
    },
    scheduled: async ({ cron }, env) => {
      if (cron === reconcileCron) return reconcile(deps, env);
      console.log("relay: cleaned", await clean(deps, env), "rows");
    },
  };
}
