/** `GET /v1/me`: the account of this browser session. */
import type { Me } from "../../shared/dashboard.ts";
import type { WebSession } from "./sessions.ts";

export function describeMe(session: WebSession): Me {
  const { callerId: id, name, githubLogin, orgLogin, expiresAt } = session;
  const caller = { id, name, github_login: githubLogin, org_login: orgLogin, dashboard_role: "admin" as const };
  return { caller, session_expires_at: new Date(expiresAt).toISOString() };
}
