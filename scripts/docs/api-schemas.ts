/** Answers that the Worker builds without a schema of its own in `shared/`; tests hold them against the Worker. */
import * as z from "zod";
import type { PoolSnapshot } from "../../relay-worker/coordinator/contract.ts";
import { adminCallerSchema } from "../../shared/admin.ts";
import { discoveryPath, serviceName } from "../../shared/discovery.ts";

export const landingSchema = z.object({
  ok: z.literal(true),
  service: z.literal(serviceName),
  version: z.literal(1),
  discovery: z.literal(discoveryPath),
});

export const callerAnswerSchema = z.object({ caller: adminCallerSchema });

const bucket = z.enum(["core", "search", "code_search", "graphql"]);
const scope = z.enum(["identity", "owner", "route", "bucket"]);

export const snapshotSchema = z.object({
  now: z.number(),
  budgets: z.array(
    z.object({
      owner: z.string(),
      bucket,
      limit: z.number(),
      remaining: z.number(),
      reset: z.number(),
      reserved: z.number(),
    }),
  ),
  cooldowns: z.array(
    z.object({ identityId: z.string(), scope, target: z.string(), until: z.number(), cause: z.string() }),
  ),
  leases: z.array(z.object({ routeKey: z.string(), identityId: z.string(), expires: z.number() })),
  fills: z.array(z.object({ key: z.string(), startedAt: z.number(), followers: z.number() })),
}) satisfies z.ZodType<PoolSnapshot>;
