import type { Viewer } from "./auth.ts";
import type { BudgetName, EmulatedBudgets } from "./budgets.ts";
import { type ApiReply, failure } from "./http.ts";

export const varyHeader = "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With";

/** 403 of an exhausted primary budget. */
export function exhausted(viewer: Viewer): ApiReply {
  const docs = "/overview/rate-limits-for-the-rest-api";
  if (viewer.kind === "user")
    return failure(
      403,
      `API rate limit exceeded for user ID ${viewer.account.id}. If you reach out to GitHub Support for help, please include the request ID.`,
      docs,
    );
  if (viewer.kind === "installation")
    return failure(403, `API rate limit exceeded for installation ID ${viewer.installation.id}.`, docs);
  if (viewer.kind === "app") return failure(403, `API rate limit exceeded for app ID ${viewer.app.id}.`, docs);
  const hint =
    "(But here's the good news: Authenticated requests get a higher rate limit. Check out the documentation for more details.)";
  return failure(403, `API rate limit exceeded for ${viewer.address}. ${hint}`, docs);
}

/** 403 of a secondary limit. */
export function tooMany(retryAfter: number | null): ApiReply {
  const text = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  const reply = failure(403, text, "/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits");
  return retryAfter === null ? reply : { ...reply, headers: { "retry-after": String(retryAfter) } };
}

const resources: BudgetName[] = ["core", "search", "code_search", "graphql"];

/** The body of `GET /rate_limit`, which costs nothing. */
export function rateLimitBody(budgets: EmulatedBudgets, viewer: Viewer): object {
  const numbers = (resource: BudgetName) => {
    const { limit, used, remaining, reset } = budgets.state(viewer, resource);
    return { limit, used, remaining, reset };
  };
  const core = numbers("core");
  const listed = Object.fromEntries(resources.map((resource) => [resource, numbers(resource)]));
  const idle = (limit: number) => ({ limit, used: 0, remaining: limit, reset: core.reset });
  return {
    resources: {
      ...listed,
      integration_manifest: idle(5000),
      source_import: idle(100),
      code_scanning_upload: idle(1000),
      actions_runner_registration: idle(10000),
      scim: idle(15000),
      dependency_snapshots: idle(100),
      audit_log: idle(1750),
    },
    rate: core,
  };
}

/** The scopes of a classic or OAuth token are sent with every answer. */
export function scopeHeaders(viewer: Viewer): Record<string, string> {
  if (viewer.kind !== "user" || viewer.token.kind === "fine_grained") return {};
  return { "x-oauth-scopes": viewer.token.scopes.join(", "), "x-accepted-oauth-scopes": "" };
}
