/**
 * The evidence that an answer is newer than an event: GitHub's API may lag behind its own webhooks by seconds.
 */
import * as z from "zod";
import type { EventPayload } from "./payload.ts";

/** The facts of an event that a later answer must reflect. Times are milliseconds since the epoch. */
export type EventEvidence =
  | {
      readonly of: "pull";
      readonly number: number;
      readonly updatedAt: number;
      readonly head: string;
      readonly state: "open" | "closed";
      readonly merged: boolean;
    }
  | { readonly of: "issue"; readonly number: number; readonly updatedAt: number }
  | {
      readonly of: "item";
      readonly kind: "comment" | "review" | "rcomment" | "release";
      readonly id: number;
      readonly at: number;
      readonly gone: boolean;
    }
  | { readonly of: "check"; readonly id: number; readonly status: string; readonly conclusion: string | null }
  | { readonly of: "status"; readonly sha: string; readonly context: string; readonly id: number }
  | {
      readonly of: "run" | "job";
      readonly id: number;
      readonly attempt: number;
      readonly status: string;
      readonly conclusion: string | null;
    }
  | { readonly of: "ref"; readonly name: string; readonly before: string; readonly after: string };

const instant = z.string().transform((text) => Date.parse(text));
const check = z.looseObject({ id: z.int(), status: z.string(), conclusion: z.string().nullable() });
export const attempt = check.extend({ run_attempt: z.int().default(1) });

interface Found {
  readonly evidence: EventEvidence;
  readonly happenedAt?: number | undefined;
}

type Reader = (payload: EventPayload) => Found | undefined;

function read<T>(schema: z.ZodType<T>, value: unknown, found: (parsed: T) => Found): Found | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? found(parsed.data) : undefined;
}

export const pullSchema = z.looseObject({
  number: z.int(),
  updated_at: instant,
  state: z.enum(["open", "closed"]),
  merged: z.boolean().optional(),
  merged_at: z.string().nullish(),
  head: z.looseObject({ sha: z.string() }),
});

const pull: Reader = ({ pull_request }) =>
  read(pullSchema, pull_request, ({ number, updated_at, head, state, merged, merged_at }) => ({
    evidence: {
      of: "pull",
      number,
      updatedAt: updated_at,
      head: head.sha,
      state,
      merged: merged ?? Boolean(merged_at),
    },
    happenedAt: updated_at,
  }));

export const issueSchema = z.looseObject({ number: z.int(), updated_at: instant });
const issue: Reader = ({ issue: about }) =>
  read(issueSchema, about, ({ number, updated_at }) => ({
    evidence: { of: "issue", number, updatedAt: updated_at },
    happenedAt: updated_at,
  }));

const itemSchema = z.looseObject({ id: z.int(), updated_at: instant.nullish(), submitted_at: instant.nullish() });
const item =
  (kind: "comment" | "review" | "rcomment" | "release", field: string): Reader =>
  (payload) =>
    read(itemSchema, payload[field], ({ id, updated_at, submitted_at }) => {
      const at = updated_at ?? submitted_at ?? 0;
      return {
        evidence: { of: "item", kind, id, at, gone: payload.action === "deleted" },
        happenedAt: at || undefined,
      };
    });

const ended = z.looseObject({
  completed_at: instant.nullish(),
  started_at: instant.nullish(),
  updated_at: instant.nullish(),
});
function happened(value: unknown): number | undefined {
  const parsed = ended.safeParse(value);
  return parsed.success
    ? (parsed.data.completed_at ?? parsed.data.updated_at ?? parsed.data.started_at ?? undefined)
    : undefined;
}

const readers: Readonly<Record<string, Reader>> = {
  pull_request: pull,
  issues: issue,
  issue_comment: item("comment", "comment"),
  pull_request_review: item("review", "review"),
  pull_request_review_comment: item("rcomment", "comment"),
  release: item("release", "release"),
  check_run: ({ check_run }) =>
    read(check, check_run, ({ id, status, conclusion }) => ({
      evidence: { of: "check", id, status, conclusion },
      happenedAt: happened(check_run),
    })),
  status: ({ sha = "", ...payload }) =>
    read(z.looseObject({ id: z.int(), context: z.string() }), payload, ({ id, context }) => ({
      evidence: { of: "status", sha, context, id },
      happenedAt: happened(payload),
    })),
  workflow_run: ({ workflow_run }) =>
    read(attempt, workflow_run, ({ id, run_attempt, status, conclusion }) => ({
      evidence: { of: "run", id, attempt: run_attempt, status, conclusion },
      happenedAt: happened(workflow_run),
    })),
  workflow_job: ({ workflow_job }) =>
    read(attempt, workflow_job, ({ id, run_attempt, status, conclusion }) => ({
      evidence: { of: "job", id, attempt: run_attempt, status, conclusion },
      happenedAt: happened(workflow_job),
    })),
  push: ({ ref = "", before = "", after = "" }) =>
    ref.startsWith("refs/heads/") && after !== ""
      ? { evidence: { of: "ref", name: ref.replace(/^refs\//, ""), before, after } }
      : undefined,
};

/** The fields of an event's payload with which an answer is compared. */
export function evidenceOf(event: string, payload: EventPayload): Found | undefined {
  return readers[event]?.(payload);
}
