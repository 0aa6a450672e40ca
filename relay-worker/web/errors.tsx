/** Refusals as pages, for those who came with a browser; as JSON for everybody else. */
import type { Context } from "hono";
import type { ErrorCode, OctopoolError } from "../../shared/errors.ts";
import type { AppEnv } from "../http/app-env.ts";
import { asKnown, errorResponse } from "../http/errors.ts";
import { Page, sendPage, wantsPage } from "./page.tsx";

const titles: Partial<Record<ErrorCode, string>> = {
  not_found: "Nothing here",
  csrf_denied: "This form is no longer good",
  dashboard_denied: "Not for everybody",
  org_member_denied: "Not a member",
  oauth_unconfigured: "Nobody can sign in yet",
  github_auth_failed: "Signing in did not work",
  login_rate_limited: "Too many sign-ins",
};

export function answerError(error: unknown, c: Context<AppEnv>): Response | Promise<Response> {
  const requestId = c.var.relay?.requestId ?? crypto.randomUUID();
  if (!wantsPage(c)) return errorResponse(error, requestId);
  const known = asKnown(error);
  const retryAfter = known.details?.retry_after_seconds;
  const more: Record<string, string> = typeof retryAfter === "number" ? { "retry-after": String(retryAfter) } : {};
  return sendPage(c, <ErrorPage error={known} requestId={requestId} />, known.httpStatus, more);
}

function ErrorPage({ error, requestId }: { readonly error: OctopoolError; readonly requestId: string }) {
  const title = titles[error.code] ?? (error.httpStatus >= 500 ? "The relay has trouble" : "That did not work");
  return (
    <Page title={title}>
      <article class="notice">
        <p class="status">{error.httpStatus}</p>
        <h1>{title}</h1>
        <p>{error.message}</p>
        {error.hint ? <p>{error.hint}</p> : null}
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
