/** `GET /v1/me`: whose browser session this is. */
import { z } from "zod";
import type { WebSession } from "./sessions.ts";

export const meSchema = z.object({
  caller: z.object({
    id: z.string(),
    name: z.string(),
    github_login: z.string(),
    org_login: z.string(),
    dashboard_role: z.literal("admin"),
  }),
  /** ISO 8601, UTC. */
  session_expires_at: z.string(),
});

export function describeMe(session: WebSession): z.infer<typeof meSchema> {
  const { callerId: id, name, githubLogin, orgLogin, expiresAt } = session;
  const caller = { id, name, github_login: githubLogin, org_login: orgLogin, dashboard_role: "admin" as const };
  return { caller, session_expires_at: new Date(expiresAt).toISOString() };
}
