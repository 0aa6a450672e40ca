/** The account's Workers plan, and its meaning for a relay. Nothing here stops a deployment. */
import * as z from "zod";
import { parseJson, said, type Wrangler } from "./wrangler.ts";

export type CloudflarePlan = "paid" | "free" | "unreadable" | "unreachable";

export const cloudflareApi = "https://api.cloudflare.com/client/v4";

/**
 * developers.cloudflare.com/workers/platform/limits, /workers/platform/pricing, /d1/platform/pricing and
 * /durable-objects/platform/pricing, as of November 2026.
 */
export const bundleLimits = { free: 3 * 1024 * 1024, paid: 10 * 1024 * 1024 } as const;
const freeLimits =
  "a day 100,000 requests, 100,000 to Durable Objects, 5 million D1 rows read and 100,000 written; 10 ms of CPU a request. " +
  "Past them the relay answers nothing until midnight UTC, and reads run through each member's own gh";

const credentialSchema = z.discriminatedUnion("type", [
  z.object({ type: z.enum(["oauth", "api_token"]), token: z.string() }),
  z.object({ type: z.literal("api_key"), key: z.string(), email: z.string() }),
]);
const subscriptionsSchema = z.object({
  result: z.array(
    z.object({
      state: z.string().optional(),
      rate_plan: z.object({ id: z.string().optional(), public_name: z.string().optional() }).optional(),
    }),
  ),
});

/** Asks Cloudflare's API with wrangler's own credential, which goes into a header and nowhere else. */
export async function readPlan(wrangler: Wrangler, account: string, api: string): Promise<CloudflarePlan> {
  const { stdout } = await wrangler.ask(["auth", "token", "--json"]);
  const credential = parseJson(credentialSchema, stdout);
  if (!credential) return "unreadable";
  const headers: Record<string, string> =
    credential.type === "api_key"
      ? { "x-auth-key": credential.key, "x-auth-email": credential.email }
      : { authorization: `Bearer ${credential.token}` };
  try {
    const response = await fetch(`${api}/accounts/${encodeURIComponent(account)}/subscriptions`, {
      headers,
      redirect: "error",
      signal: AbortSignal.timeout(10_000),
    });
    if ([400, 401, 403, 404].includes(response.status)) return "unreadable";
    const found = subscriptionsSchema.safeParse(await response.json()).data;
    if (!response.ok || !found) return "unreachable";
    return found.result.some(pays) ? "paid" : "free";
  } catch {
    return "unreachable";
  }
}

function pays({ state, rate_plan: plan }: z.infer<typeof subscriptionsSchema>["result"][number]): boolean {
  const name = `${plan?.id ?? ""} ${plan?.public_name ?? ""}`;
  return /workers/i.test(name) && !/free/i.test(name) && !/^(cancelled|expired|failed)$/i.test(state ?? "");
}

const meanings: Readonly<Record<CloudflarePlan, string>> = {
  paid: "Workers Paid",
  free: `Workers Free: ${freeLimits}`,
  unreadable: `not told: this login may not read subscriptions (a token with Billing Read may). The free one has ${freeLimits}`,
  unreachable: `not told: Cloudflare's API did not answer. The free one has ${freeLimits}`,
};

/** The plan for people, with the page where it is changed. */
export function describePlan(plan: CloudflarePlan, account: string): string {
  return plan === "paid"
    ? meanings.paid
    : `${meanings[plan]}. See https://dash.cloudflare.com/${account}/workers/plans`;
}

/**
 * Bytes of the Worker after compression; undefined when wrangler does not tell.
 *
 * @throws Error with wrangler's words when the Worker cannot be bundled
 */
export async function bundleSize(wrangler: Wrangler): Promise<number | undefined> {
  const ran = await wrangler.ask(["deploy", "--dry-run"]);
  if (!ran.ok) throw new Error(`wrangler cannot bundle the Worker:\n${said(ran)}`);
  return ran.record?.bundle_size?.gzip_bytes;
}

/** Whether the Worker is small enough, for people. */
export function describeBundle(bytes: number, plan: CloudflarePlan): string {
  const limit = plan === "paid" ? "paid" : "free";
  const fits = bytes <= bundleLimits[limit];
  return `${Math.ceil(bytes / 1024)} KiB compressed, ${fits ? "within" : "over"} the ${limit} plan's ${bundleLimits[limit] / 1024 ** 2} MiB`;
}
