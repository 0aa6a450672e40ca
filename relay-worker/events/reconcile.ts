/**
 * Every five minutes: compares GitHub's list of this App's deliveries with those that were taken, asks GitHub to send
 * the failed ones again, and checks that the App still gets every event. Without it a family of events counts as blind:
 * GitHub sends nothing twice by itself, and silence proves nothing. Asked as the App, which costs no installation's
 * budget.
 */
import { and, eq, isNull } from "drizzle-orm";
import * as z from "zod";
import { OctopoolError } from "../../shared/errors.ts";
import { missingFamilies } from "../../shared/events/families.ts";
import { jsonMedia } from "../../shared/media-types.ts";
import { parseJson } from "../../shared/parse-json.ts";
import { database } from "../db/client.ts";
import { identities } from "../db/schema.ts";
import type { Deps } from "../deps.ts";
import { type Env, settingsOf, takesEvents } from "../env.ts";
import { callGitHub, type GitHubResponse } from "../github/call-github.ts";
import { appToken, secretNamed } from "../github/credentials.ts";
import { logTrouble } from "../log.ts";
import { eventsOf } from "../marks/client.ts";
import type { ListedDelivery, LookTrouble } from "../marks/contract.ts";

/** How often; wrangler.jsonc says the same. */
export const reconcileCron = "*/5 * * * *";
/** Where `npm run deploy` keeps the App's key; looked for where no identity names one. */
const usualKey = "POOL_APP_KEY";
/**
 * Pages of a hundred deliveries that one comparison reads; past them everything of every repository counts as changed.
 */
const mostPages = 30;
const maxPageBytes = 1024 * 1024;

const appSchema = z.looseObject({ events: z.array(z.string()) });
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const deliveriesSchema = z.array(
  z
    .looseObject({
      id: z.int(),
      guid: z.string(),
      delivered_at: time,
      status: z.string(),
      status_code: z.int(),
      event: z.string(),
      repository_id: z.int().nullish(),
      throttled_at: time.nullish(),
    })
    .transform(
      (each): ListedDelivery => ({
        id: each.id,
        guid: each.guid,
        event: each.event,
        ok: each.status === "OK" || (each.status_code >= 200 && each.status_code < 300),
        deliveredAt: each.delivered_at,
        repositoryId: each.repository_id ?? null,
        throttledAt: each.throttled_at ?? null,
      }),
    ),
);

class LookFailed extends Error {
  override readonly name = "LookFailed";
  readonly trouble: LookTrouble;

  constructor(trouble: LookTrouble, why: string) {
    super(why);
    this.trouble = trouble;
  }
}

/** Does nothing on a relay that takes no events. */
export async function reconcile(deps: Deps, env: Env): Promise<void> {
  const events = takesEvents(env) ? eventsOf(env) : undefined;
  if (!events) return;
  try {
    const app = await asApp(deps, env);
    const { events: subscribed } = parsed(await app("GET", "/app"), appSchema);
    const list = await deliveriesSince(app, await events.lookFrom());
    const again = await events.compare({ ...list, blind: missingFamilies(subscribed) });
    for (const id of again) await sendAgain(app, id);
  } catch (error) {
    logTrouble("GitHub's list of deliveries was not compared", error);
    await events.lookFailed(error instanceof LookFailed ? error.trouble : "github_unreachable");
  }
}

type App = (method: "GET" | "POST", path: string) => Promise<GitHubResponse>;

async function asApp(deps: Deps, env: Env): Promise<App> {
  const { githubApi, githubAppId, requestTimeoutMs: timeoutMs } = settingsOf(env);
  const key = githubAppId ? await keyOf(env) : undefined;
  if (!githubAppId || key === undefined) {
    throw new LookFailed("no_app_key", "OCTOPOOL_GITHUB_APP_ID or the App's key is not set.");
  }
  const token = await appToken(deps, { id: githubAppId, key, about: "the App" }).catch(() => undefined);
  if (token === undefined) throw new LookFailed("no_app_key", "The App's key cannot be read; PKCS#8 is needed.");
  const authorization = `Bearer ${token}`;
  const headers = { accept: jsonMedia };
  return (method, path) =>
    callGitHub(deps, { url: `${githubApi}${path}`, method, headers, authorization, timeoutMs, maxBytes: maxPageBytes });
}

/** The key of an App that reads for a pool; every one of them is of the same App. */
async function keyOf(env: Env): Promise<string | undefined> {
  const enabled = and(eq(identities.kind, "github_app"), isNull(identities.disabledAt));
  const rows = await database(env)
    .selectDistinct({ ref: identities.secretRef })
    .from(identities)
    .where(enabled)
    .limit(20);
  for (const ref of [...rows.map((row) => row.ref), usualKey]) {
    const value = secretNamed(env, ref);
    if (value !== undefined) return value;
  }
  return undefined;
}

async function deliveriesSince(app: App, since: number): Promise<{ deliveries: ListedDelivery[]; whole: boolean }> {
  const deliveries: ListedDelivery[] = [];
  let path = "/app/hook/deliveries?per_page=100";
  for (let page = 0; page < mostPages; page += 1) {
    const response = await app("GET", path);
    const listed = parsed(response, deliveriesSchema);
    deliveries.push(...listed.filter(({ deliveredAt }) => deliveredAt >= since));
    const cursor = nextCursor(response.headers.get("link"));
    // Newest first.
    if (cursor === undefined || listed.some(({ deliveredAt }) => deliveredAt < since))
      return { deliveries, whole: true };
    path = `/app/hook/deliveries?${new URLSearchParams({ per_page: "100", cursor })}`;
  }
  return { deliveries, whole: false };
}

/** Only the cursor is taken from it: GitHub's address is a setting. */
function nextCursor(link: string | null): string | undefined {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link ?? "")?.[1];
  return (next === undefined ? undefined : URL.parse(next)?.searchParams.get("cursor")) ?? undefined;
}

function parsed<Answer>({ status, body }: GitHubResponse, schema: z.ZodType<Answer>): Answer {
  if (status === 401 || status === 403 || status === 404) {
    throw new LookFailed("app_refused", `GitHub refused the App with ${status}.`);
  }
  const found = status === 200 ? schema.safeParse(parseJson(new TextDecoder().decode(body))).data : undefined;
  if (found === undefined) throw new LookFailed("github_unreachable", `GitHub answered ${status}.`);
  return found;
}

/** The next comparison asks again for a delivery that was not sent; its repository is marked already. */
async function sendAgain(app: App, id: number): Promise<void> {
  try {
    const { status } = await app("POST", `/app/hook/deliveries/${id}/attempts`);
    if (status >= 300)
      logTrouble("a delivery is not sent again", new OctopoolError("github_unreachable", `GitHub answered ${status}.`));
  } catch (error) {
    logTrouble("a delivery is not sent again", error);
  }
}
