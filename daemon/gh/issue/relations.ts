/** Types, parents, parts and blockers of issues, which gh prints since 2.94. */
import type { Context } from "../context.ts";
import { type RestIssue, told } from "../github/schemas.ts";

/** Relations of an issue to others, as REST's own summary gives them. */
interface Relations {
  readonly parent: string;
  readonly type: string;
}

/**
 * Native where there are parts or blockers: the visible ones depend on the caller, and each list is a separate read.
 * REST names a parent by its address.
 */
export function relationsOf(issue: RestIssue, context: Context): Relations {
  requireNoParts(issue, context);
  requireNoBlockers(issue, context);
  return { parent: parentOf(issue, context), type: told(issue.type, "the type of an issue")?.name ?? "" };
}

export function requireNoParts(issue: RestIssue, context: Context): void {
  if (told(issue.sub_issues_summary, "sub-issues").total > 0) context.native("sub-issues are read apart");
}

export function requireNoBlockers(issue: RestIssue, context: Context): void {
  const { total_blocked_by, total_blocking } = told(issue.issue_dependencies_summary, "an issue's blockers");
  if (total_blocked_by > 0 || total_blocking > 0) context.native("blockers are read apart");
}

/** `owner/name#7`; empty without a parent. */
function parentOf({ parent_issue_url: url }: RestIssue, context: Context): string {
  if (!url) return "";
  const [, owner, name, number] = /\/repos\/([^/]+)\/([^/]+)\/issues\/(\d+)$/.exec(url) ?? [];
  return number === undefined ? context.native("an unusual parent") : `${owner}/${name}#${number}`;
}

/** The connection of no issues, as gh exports it. */
export const noIssues = { nodes: [], totalCount: 0 };
