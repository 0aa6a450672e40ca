/** Refusals as pages for browsers, as JSON otherwise. */
import type { Context } from "hono";
import * as z from "zod";
import type { ErrorCode, OctopoolError } from "../../shared/errors.ts";
import type { AppEnv } from "../http/app-env.ts";
import { asKnown, errorResponse } from "../http/error-response.ts";
import { Account, type Signed, signedOf } from "./account.tsx";
import { signInHref } from "./oauth.ts";
import { sessionOf } from "./operator.ts";
import { Page, sendPage, wantsPage } from "./page.tsx";
import { home } from "./state.ts";

const titles: Partial<Record<ErrorCode, string>> = {
  not_found: "Page not found",
  missing_auth: "You are signed out",
  csrf_denied: "Form no longer valid",
  dashboard_denied: "Access denied",
  org_member_denied: "Not a member",
  org_verification_failed: "Membership is not proven",
  oauth_unconfigured: "Signing in is not set up yet",
  github_auth_failed: "Signing in failed",
  login_rate_limited: "Too many sign-ins",
};

/** Errors that signing in again may resolve. */
const mendedBySignIn: ReadonlySet<ErrorCode> = new Set([
  "missing_auth",
  "csrf_denied",
  "org_member_denied",
  "org_verification_failed",
  "github_auth_failed",
]);

export async function answerError(error: unknown, c: Context<AppEnv>): Promise<Response> {
  const requestId = c.var.relay?.requestId ?? crypto.randomUUID();
  if (!wantsPage(c)) return errorResponse(error, requestId);
  const known = asKnown(error);
  const retryAfter = known.details?.retry_after_seconds;
  const more: Record<string, string> = typeof retryAfter === "number" ? { "retry-after": String(retryAfter) } : {};
  const page = <ErrorPage error={known} requestId={requestId} signed={await signedIn(c)} signIn={signIn(known, c)} />;
  return sendPage(c, page, known.httpStatus, more);
}

/** Every page lets a signed-in operator sign out. An error page is shown even if the session cannot be read. */
async function signedIn(c: Context<AppEnv>): Promise<Signed | undefined> {
  try {
    const session = await sessionOf(c);
    return session && (await signedOf(session));
  } catch {
    return undefined;
  }
}

/** Leads back to the requested page, when the request was only a read. */
function signIn({ code }: OctopoolError, c: Context<AppEnv>): string | undefined {
  if (!mendedBySignIn.has(code)) return undefined;
  const { pathname, search } = new URL(c.req.url);
  return signInHref(c.req.method === "GET" && pathname.startsWith(home) ? pathname + search : home);
}

const poolNames = z.array(z.string());

/** The pages that exist, for a request of one that does not. */
function Pools({ names }: { readonly names: readonly string[] }) {
  return (
    <p class="actions">
      {names.map((name) => (
        <a href={`/dashboard?pool=${encodeURIComponent(name)}`}>Pool {name}</a>
      ))}
    </p>
  );
}

interface Props {
  readonly error: OctopoolError;
  readonly requestId: string;
  readonly signed: Signed | undefined;
  readonly signIn: string | undefined;
}

function ErrorPage({ error, requestId, signed, signIn: href }: Props) {
  const pools = poolNames.safeParse(error.details?.pools).data ?? [];
  const title = titles[error.code] ?? (error.httpStatus >= 500 ? "The relay failed" : "The request failed");
  return (
    <Page title={title} aside={signed ? <Account {...signed} /> : null}>
      <article class="notice">
        <p class="status">{error.httpStatus}</p>
        <h1>{title}</h1>
        <p>{error.message}</p>
        {pools.length > 0 ? <Pools names={pools} /> : error.hint ? <p>{error.hint}</p> : null}
        {href ? (
          <p class="actions">
            <a class="button strong" href={href}>
              Sign in {signed ? "again" : "with GitHub"}
            </a>
          </p>
        ) : null}
        <p class="quiet">
          <code>{error.code}</code> · request <code>{requestId}</code>
        </p>
        <p>
          <a href="/">Start page</a> · <a href="/dashboard">Dashboard</a>
        </p>
      </article>
    </Page>
  );
}
