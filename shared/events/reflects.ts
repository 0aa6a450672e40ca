/** Whether an answer of GitHub's API already shows an event: yes, no, or undecidable. */
import * as z from "zod";
import type { RouteKind } from "../routes/table.ts";
import { attempt, type EventEvidence, issueSchema, pullSchema } from "./evidence.ts";

const listItem = z.looseObject({
  id: z.int().optional(),
  number: z.int().optional(),
  updated_at: z.string().nullish(),
  submitted_at: z.string().nullish(),
});
const list = z.array(listItem);
const within = (name: string) => z.looseObject({ [name]: z.array(z.looseObject({ id: z.int() })) });

interface ReflectsOptions {
  /** The body is the whole list: an item that is not in it does not exist. */
  readonly whole?: boolean;
}

/**
 * Whether GitHub's answer already shows the event.
 *
 * @param body - the parsed JSON of the answer
 * @returns undefined when the two cannot be compared
 */
export function reflects(
  kind: RouteKind,
  body: unknown,
  evidence: EventEvidence,
  { whole = false }: ReflectsOptions = {},
): boolean | undefined {
  switch (evidence.of) {
    case "pull":
      return reflectsPull(kind, body, evidence);
    case "issue":
      return reflectsNumber(kind, body, evidence, ["issue_view", "issue_list"]);
    case "item":
      return reflectsItem(kind, body, evidence, whole);
    case "check":
      return /check_runs/.test(kind)
        ? (reflectsState(body, "check_runs", evidence) ?? (isYetToCome(body, evidence.id) && whole ? false : undefined))
        : undefined;
    case "status":
      return reflectsStatus(body, evidence);
    case "run":
      if (kind === "run_view") return isAtLeast(body, evidence);
      return /run_list$/.test(kind) ? reflectsState(body, "workflow_runs", evidence) : undefined;
    case "job":
      if (kind === "job_view") return isAtLeast(body, evidence);
      return kind === "run_jobs" ? reflectsState(body, "jobs", evidence) : undefined;
    case "ref":
      return reflectsRef(kind, body, evidence);
  }
}

function reflectsPull(
  kind: RouteKind,
  body: unknown,
  evidence: Extract<EventEvidence, { of: "pull" }>,
): boolean | undefined {
  if (kind === "issue_view" || kind === "issue_list") return reflectsNumber(kind, body, evidence, [kind]);
  if (kind !== "pr_view" && kind !== "pr_list") return undefined;
  const found = kind === "pr_view" ? body : findNumber(body, evidence.number);
  const parsed = pullSchema.safeParse(found);
  if (!parsed.success) return undefined;
  const { updated_at, head, state } = parsed.data;
  // A push does not always move `updated_at` at once; a later change does.
  if (updated_at > evidence.updatedAt) return true;
  return updated_at === evidence.updatedAt && head.sha === evidence.head && state === evidence.state;
}

function reflectsNumber(
  kind: RouteKind,
  body: unknown,
  { number, updatedAt }: { readonly number: number; readonly updatedAt: number },
  kinds: readonly RouteKind[],
): boolean | undefined {
  if (!kinds.includes(kind)) return undefined;
  const found = issueSchema.safeParse(kind.endsWith("_list") ? findNumber(body, number) : body);
  return found.success ? found.data.updated_at >= updatedAt : undefined;
}

function findNumber(body: unknown, number: number): unknown {
  const parsed = list.safeParse(body);
  return parsed.success ? parsed.data.find((each) => each.number === number) : undefined;
}

const itemKinds: Readonly<Record<Extract<EventEvidence, { of: "item" }>["kind"], readonly RouteKind[]>> = {
  comment: ["issue_comments", "issue_comment_list"],
  review: ["pr_reviews"],
  rcomment: ["pr_review_comments", "pr_review_comment_list"],
  release: ["release_list"],
};

/** An item that is not there may stand on another page: only where the list is whole is its absence proof, too. */
function reflectsItem(
  kind: RouteKind,
  body: unknown,
  { kind: of, id, at, gone }: Extract<EventEvidence, { of: "item" }>,
  whole: boolean,
): boolean | undefined {
  if (!itemKinds[of].includes(kind)) return undefined;
  const parsed = list.safeParse(body);
  if (!parsed.success) return undefined;
  const found = parsed.data.find((each) => each.id === id);
  if (gone) return found ? false : whole || undefined;
  // Drafts of releases are not shown, and reviews may be pending.
  if (!found) return whole && (of === "comment" || of === "rcomment") ? false : undefined;
  const time = Date.parse(found.updated_at ?? found.submitted_at ?? "");
  return Number.isNaN(time) || time >= at;
}

type StateEvidence = Extract<EventEvidence, { of: "check" | "run" | "job" }>;

/** Whether the item of a list is at least as far as in the event; undefined when it is not on this page. */
function reflectsState(body: unknown, name: string, evidence: StateEvidence): boolean | undefined {
  const parsed = within(name).safeParse(body);
  const items = parsed.success ? parsed.data[name] : undefined;
  const found = Array.isArray(items) ? items.find((each) => each.id === evidence.id) : undefined;
  return found === undefined ? undefined : isAtLeast(found, evidence);
}

/** A list of check runs leaves out runs that later ones replaced, but never the newest of all: ids grow with time. */
function isYetToCome(body: unknown, id: number): boolean {
  const parsed = within("check_runs").safeParse(body);
  const items = parsed.success ? parsed.data.check_runs : undefined;
  return Array.isArray(items) && items.every((each) => each.id < id);
}

/** How far a status is on its way; GitHub names many that wait. */
const order = (status: string) => (status === "completed" ? 2 : status === "in_progress" ? 1 : 0);

function isAtLeast(body: unknown, evidence: StateEvidence): boolean | undefined {
  const parsed = attempt.safeParse(body);
  if (!parsed.success || parsed.data.id !== evidence.id) return undefined;
  const { run_attempt, status, conclusion } = parsed.data;
  const expected = "attempt" in evidence ? evidence.attempt : run_attempt;
  if (run_attempt !== expected) return run_attempt > expected;
  if (order(status) !== order(evidence.status)) return order(status) > order(evidence.status);
  return status !== "completed" || conclusion === evidence.conclusion;
}

function reflectsStatus(body: unknown, { context, id }: Extract<EventEvidence, { of: "status" }>): boolean | undefined {
  const schema = z.array(z.looseObject({ id: z.int(), context: z.string() }));
  const combined = z.looseObject({ statuses: z.unknown() }).safeParse(body);
  const parsed = schema.safeParse(combined.success ? combined.data.statuses : body);
  const found = parsed.success ? parsed.data.filter((each) => each.context === context) : [];
  return found.length === 0 ? undefined : found.some((each) => each.id >= id);
}

function reflectsRef(
  kind: RouteKind,
  body: unknown,
  { after }: Extract<EventEvidence, { of: "ref" }>,
): boolean | undefined {
  const schema = z.looseObject({
    sha: z.string().optional(),
    commit: z.looseObject({ sha: z.string().optional() }).optional(),
    object: z.looseObject({ sha: z.string() }).optional(),
  });
  const parsed = schema.safeParse(body);
  if (!parsed.success) return undefined;
  if (kind === "git_ref") return parsed.data.object?.sha === after;
  if (kind === "branch_view") return parsed.data.commit?.sha === after;
  return kind === "commit_view_ref" ? parsed.data.sha === after : undefined;
}
