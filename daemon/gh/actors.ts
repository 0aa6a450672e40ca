/** People and bots as gh shows them (api/queries_issue.go Author, api/queries_pr.go Owner). */
import type { Reads } from "./reads.ts";
import type { RestUser } from "./schemas.ts";

/** The id of the account that stands in REST for deleted ones; GraphQL has no author there. */
const ghostId = 10137;

/** Whether the account is gone. */
export function isGone(user: RestUser | null): user is null {
  return user === null || user.id === ghostId || user.login === "ghost";
}

/** The login GraphQL knows: no `[bot]`, empty for a deleted account. */
export function loginOf(user: RestUser | null): string {
  if (isGone(user)) return "";
  return user.type === "Bot" ? user.login.replace(/\[bot\]$/, "") : user.login;
}

/** An actor in JSON: a user with id and name; everything else looks to gh like an app. */
export async function exportActor(user: RestUser | null, reads: Reads): Promise<object> {
  if (isGone(user) || user.type !== "User") return { is_bot: true, login: `app/${loginOf(user)}` };
  return { id: user.node_id, is_bot: false, login: user.login, name: await reads.userName(user.login) };
}

/** An assignee in JSON. */
export async function exportAssignee(user: RestUser, reads: Reads): Promise<object> {
  return { id: user.node_id, login: user.login, name: await reads.userName(user.login) };
}

/** The owner of a head repository in JSON: organisations and the nameless have no `name`. */
export async function exportOwner(user: RestUser | null, reads: Reads): Promise<object> {
  if (isGone(user)) return { login: "" };
  const name = user.type === "User" ? await reads.userName(user.login) : "";
  return { id: user.node_id, ...(name !== "" && { name }), login: user.login };
}
