/** The conditions that can be waited for. Each check is a gh command, with gh's own answer. */
import * as z from "zod";
import { parseJson } from "../../shared/parse-json.ts";

export interface Looked {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * - `yes`: it has come true.
 * - `no`: it never will, or it failed.
 * - `pending`: look again.
 * - `unknown`: gh could not answer, and printed why.
 */
export type WaitVerdict = "yes" | "no" | "pending" | "unknown";

export interface Condition {
  /** Arguments of gh, without the repository. */
  readonly look: (subject: string, repository: string) => readonly string[];
  readonly judge: (looked: Looked, first: Looked) => WaitVerdict;
  /** Each look asks GitHub itself: neither a cache nor events are trusted for a merge. */
  readonly live?: true;
  /** The tags of events that change it. */
  readonly tags: (subject: string) => readonly string[];
  readonly families: readonly string[];
  /** Printed when it ends. */
  readonly said: Readonly<Record<"yes" | "no", string>>;
}

const unless = (judge: (looked: Looked, first: Looked) => WaitVerdict) => (looked: Looked, first: Looked) =>
  looked.exitCode === 0 ? judge(looked, first) : "unknown";

const stateSchema = z.object({ state: z.enum(["OPEN", "CLOSED", "MERGED"]) });
const stateOf = ({ stdout }: Looked) => stateSchema.safeParse(parseJson(stdout)).data?.state;
const state = (subject: string, repository: string) => ["pr", "view", subject, "-R", repository, "--json", "state"];

const runSchema = z.object({ status: z.string(), conclusion: z.string().nullable() });

/** One more than at the first look. */
const added = unless((looked, first) => {
  const before = new Set(first.stdout.split("\n"));
  return looked.stdout.split("\n").some((line) => line !== "" && !before.has(line)) ? "yes" : "pending";
});
const ids = (path: string) => ["api", "--paginate", `${path}?per_page=100`, "--jq", ".[].id"];

export const pullConditions = {
  checks: {
    look: (subject, repository) => ["pr", "checks", subject, "-R", repository],
    judge: ({ exitCode, stdout, stderr }) => {
      if (exitCode === 0) return "yes";
      // Those of a fresh push appear after a moment.
      if (exitCode === 8 || /no checks reported/.test(stderr)) return "pending";
      return exitCode === 1 && stdout !== "" ? "no" : "unknown";
    },
    tags: (subject) => [`pull:${subject}`, "checks"],
    families: ["pulls", "checks", "actions"],
    said: { yes: "All checks were successful", no: "Some checks were not successful" },
  },
  merged: {
    look: state,
    live: true,
    judge: unless((looked) => {
      const found = stateOf(looked);
      return found === undefined ? "unknown" : found === "MERGED" ? "yes" : found === "CLOSED" ? "no" : "pending";
    }),
    tags: (subject) => [`pull:${subject}`],
    families: ["pulls"],
    said: { yes: "The pull request was merged", no: "The pull request was closed unmerged" },
  },
  closed: {
    look: state,
    live: true,
    judge: unless((looked) => {
      const found = stateOf(looked);
      return found === undefined ? "unknown" : found === "OPEN" ? "pending" : "yes";
    }),
    tags: (subject) => [`pull:${subject}`],
    families: ["pulls"],
    said: { yes: "The pull request was closed", no: "" },
  },
  review: {
    look: (subject, repository) => ids(`repos/${repository}/pulls/${subject}/reviews`),
    judge: added,
    tags: (subject) => [`reviews:${subject}`],
    families: ["pulls"],
    said: { yes: "A review was submitted", no: "" },
  },
  comment: {
    look: (subject, repository) => ids(`repos/${repository}/issues/${subject}/comments`),
    judge: added,
    tags: (subject) => [`comments:${subject}`],
    families: ["issues"],
    said: { yes: "A comment was written", no: "" },
  },
} as const satisfies Record<string, Condition>;

export const runCondition: Condition = {
  look: (subject, repository) => ["run", "view", subject, "-R", repository, "--json", "status,conclusion"],
  judge: unless(({ stdout }) => {
    const run = runSchema.safeParse(parseJson(stdout)).data;
    if (!run) return "unknown";
    if (run.status !== "completed") return "pending";
    return run.conclusion === "success" ? "yes" : "no";
  }),
  tags: (subject) => [`run:${subject}`],
  families: ["actions"],
  said: { yes: "The run was successful", no: "The run was not successful" },
};
