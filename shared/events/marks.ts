/**
 * The changes that a webhook event of GitHub's reports. An event only ends the use of cached answers: its payload never
 * becomes an answer. Source: GitHub's "Webhook events and payloads".
 */
import { type EventEvidence, evidenceOf } from "./evidence.ts";
import type { EventPayload } from "./payload.ts";
import { type EventTag, everyTag } from "./tags.ts";

/** A change of a repository. */
interface Mark {
  /** `owner/name` in lower case. */
  readonly repository: string;
  /** GitHub's number of it, by which its list of deliveries names it. */
  readonly repositoryId?: number;
  readonly tags: readonly EventTag[];
  /** The evidence that an answer is newer than the event; absent where nothing can be compared. */
  readonly evidence?: EventEvidence;
  /** When it happened by the payload, in milliseconds since the epoch; absent where the event does not say. */
  readonly happenedAt?: number;
}

/** The App was taken away from these: all of an owner's, or single ones, in lower case. */
export interface Uncovered {
  readonly owner?: string;
  readonly repositories: readonly string[];
}

/** News for the guard: the repository's visibility, name or existence changed. */
export interface GuardNews {
  readonly repository: string;
  readonly news: "not_public" | "moved" | "forget";
}

/** The actions for one event. */
interface EventMeaning {
  readonly mark?: Mark;
  readonly guard?: GuardNews;
  /** Of these no events arrive any more. */
  readonly uncovered?: Uncovered;
}

type Rule = (payload: EventPayload) => readonly EventTag[];

const none: Rule = () => [];
const numberOf = ({ pull_request, issue }: EventPayload) => pull_request?.number ?? issue?.number ?? 0;

const pullRequest: Rule = (payload) => {
  const { action = "", before, after, changes } = payload;
  const n = numberOf(payload);
  const tags = [`pull:${n}`, "pulls", `issue:${n}`, "issues", `activity:${n}`];
  if (/^(opened|closed|reopened)$/.test(action)) tags.push("activity", "repo", "milestones");
  if (/milestoned$/.test(action)) tags.push("milestones");
  if (action === "synchronize") {
    tags.push(`pull:${n}:code`, `rcomments:${n}`, `reviews:${n}`, `threads:${n}`);
    for (const sha of [before, after]) if (sha) tags.push(`sha:${sha}`);
  }
  if (action === "edited" && changes?.base !== undefined) tags.push(`pull:${n}:code`);
  return tags;
};

const review: Rule = (payload) => {
  const n = numberOf(payload);
  return [
    `reviews:${n}`,
    `rcomments:${n}`,
    `threads:${n}`,
    `pull:${n}`,
    "pulls",
    `issue:${n}`,
    "issues",
    `activity:${n}`,
  ];
};

const reviewComment: Rule = (payload) => {
  const n = numberOf(payload);
  return [
    `rcomments:${n}`,
    "rcomments",
    `threads:${n}`,
    `reviews:${n}`,
    `pull:${n}`,
    "pulls",
    `issue:${n}`,
    `activity:${n}`,
  ];
};

const issueComment: Rule = (payload) => {
  const n = numberOf(payload);
  const tags = [`comments:${n}`, "comments", `issue:${n}`, "issues", `activity:${n}`];
  return payload.issue?.pull_request ? [...tags, `pull:${n}`, "pulls"] : tags;
};

const issues: Rule = (payload) => {
  const { action = "" } = payload;
  const n = numberOf(payload);
  const tags = [`issue:${n}`, "issues", `activity:${n}`, "activity"];
  if (/^(opened|closed|reopened|deleted|transferred)$/.test(action)) tags.push("repo", "milestones");
  if (/milestoned$/.test(action)) tags.push("milestones");
  return tags;
};

/** A label's or a milestone's new name stands in every issue that bears it. */
const named =
  (own: EventTag): Rule =>
  ({ action = "" }) =>
    action === "edited" || action === "deleted" ? [own, "issues", "pulls", "issue:*", "pull:*"] : [own];

const push: Rule = ({ ref = "", repository }) => {
  if (ref.startsWith("refs/tags/")) return ["tags", "refs", "releases"];
  const branch = ref.replace(/^refs\/heads\//, "");
  const tags = [`ref:heads/${branch}`, "refs", `base:${branch}`, "repo"];
  return branch === repository?.default_branch ? [...tags, "code"] : tags;
};

const created: Rule = ({ ref = "", ref_type }) =>
  ref_type === "tag" ? ["tags", "refs", "releases"] : [`ref:heads/${ref}`, "refs"];

const checkRun: Rule = ({ check_run: run }) => {
  if (!run) return [];
  const suite = run.check_suite?.id;
  return [`sha:${run.head_sha}`, "checks", `checkrun:${run.id}`, ...(suite ? [`suite:${suite}`] : [])];
};

const checkSuite: Rule = ({ check_suite: suite }) =>
  suite ? [`sha:${suite.head_sha}`, "checks", `suite:${suite.id}`] : [];

const workflowRun: Rule = ({ workflow_run: run }) =>
  run ? [`run:${run.id}`, "runs", `sha:${run.head_sha}`, "checks"] : [];

/**
 * A run in progress stays so while its jobs begin and end: its own event ends it. One whose job waits may wait itself.
 */
const workflowJob: Rule = ({ action = "", workflow_job: job }) => {
  if (!job) return [];
  const isOnItsWay = /^(in_progress|completed)$/.test(action);
  const checkrun = /\/check-runs\/(\d+)$/.exec(job.check_run_url ?? "")?.[1];
  return [
    `job:${job.id}`,
    `run:${job.run_id}:jobs`,
    ...(isOnItsWay ? [] : [`run:${job.run_id}`]),
    "runs",
    `sha:${job.head_sha}`,
    "checks",
    ...(checkrun ? [`checkrun:${checkrun}`] : []),
  ];
};

const repositoryChanged: Rule = ({ action = "", changes }) => {
  if (/^(privatized|deleted|renamed|transferred)$/.test(action)) return [everyTag];
  if (action === "edited" && changes?.default_branch !== undefined) return ["repo", "code", "refs"];
  return ["repo"];
};

/** By the name in `X-GitHub-Event`. An event that is not named here is taken, and changes no kept answer. */
export const eventRules: Readonly<Record<string, Rule>> = {
  push,
  create: created,
  delete: created,
  pull_request: pullRequest,
  pull_request_review: review,
  pull_request_review_comment: reviewComment,
  pull_request_review_thread: (payload) => [`threads:${numberOf(payload)}`, `pull:${numberOf(payload)}`],
  issue_comment: issueComment,
  issues,
  sub_issues: () => ["issues", "issue:*"],
  issue_dependencies: () => ["issues", "issue:*"],
  label: named("labels"),
  milestone: named("milestones"),
  check_run: checkRun,
  check_suite: checkSuite,
  status: ({ sha = "" }) => [`sha:${sha}`, "checks"],
  workflow_run: workflowRun,
  workflow_job: workflowJob,
  deployment: () => ["deployments"],
  deployment_status: () => ["deployments"],
  deployment_review: (payload) => ["deployments", ...workflowRun(payload)],
  release: () => ["releases", "repo"],
  repository: repositoryChanged,
  public: () => [everyTag],
  star: () => ["social", "repo"],
  watch: () => ["social", "repo"],
  fork: () => ["social", "repo"],
  member: () => ["people"],
  team_add: () => ["people"],
  commit_comment: () => ["ccomments"],
  installation: none,
  installation_repositories: none,
  meta: none,
  ping: none,
};

const coverageEvents = new Set(["installation", "installation_repositories", "meta", "ping"]);

function uncoveredBy(event: string, { action = "", installation, repositories_removed }: EventPayload) {
  const repositories = (repositories_removed ?? []).map(({ full_name }) => full_name.toLowerCase());
  const owner = installation?.account?.login.toLowerCase();
  if (event === "installation" && /^(deleted|suspend)$/.test(action) && owner !== undefined) {
    return { owner, repositories };
  }
  return repositories.length > 0 ? { repositories } : undefined;
}

/** The meaning of one event. Events of repositories that are not public are used by the guard only. */
export function meaningOf(event: string, payload: EventPayload): EventMeaning {
  if (coverageEvents.has(event)) {
    const uncovered = uncoveredBy(event, payload);
    return uncovered ? { uncovered } : {};
  }
  const { repository: about } = payload;
  if (about === undefined) return {};
  const repository = about.full_name.toLowerCase();
  const guard = guardNews(event, payload, repository);
  if (about.private) return guard ? { guard } : {};
  const tags = [...new Set(eventRules[event]?.(payload) ?? [])];
  if (tags.length === 0) return guard ? { guard } : {};
  const evidence = evidenceOf(event, payload);
  const mark: Mark = {
    repository,
    ...(about.id !== undefined && { repositoryId: about.id }),
    tags,
    ...(evidence && { evidence: evidence.evidence }),
    ...(evidence?.happenedAt !== undefined && { happenedAt: evidence.happenedAt }),
  };
  return { mark, ...(guard && { guard }) };
}

function guardNews(event: string, payload: EventPayload, repository: string): GuardNews | undefined {
  const { action = "" } = payload;
  if (event === "public" || (event === "repository" && action === "publicized")) return { repository, news: "forget" };
  if (event !== "repository") return undefined;
  if (action === "privatized" || action === "deleted") return { repository, news: "not_public" };
  const former = formerName(payload, repository);
  return former === undefined ? undefined : { repository: former, news: "moved" };
}

/** The payload's repository has its new name: the old name must not be answered any more. */
function formerName({ action, changes }: EventPayload, repository: string): string | undefined {
  const [owner = "", name = ""] = repository.split("/");
  const formerRepository = changes?.repository?.name.from;
  if (action === "renamed" && formerRepository) return `${owner}/${formerRepository}`.toLowerCase();
  const from = changes?.owner?.from;
  const formerOwner = from?.user?.login ?? from?.organization?.login;
  return action === "transferred" && formerOwner ? `${formerOwner}/${name}`.toLowerCase() : undefined;
}
