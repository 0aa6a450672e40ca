import { expect, test } from "vitest";
import { eventRules, meaningOf } from "../../../shared/events/marks.ts";
import { parseEvent } from "../../../shared/events/payload.ts";

const repository = { full_name: "Acme/Tool", private: false, default_branch: "main" };
const head = "0123456789abcdef0123456789abcdef01234567";

function meaning(event: string, payload: Readonly<Record<string, unknown>>) {
  const parsed = parseEvent({ repository, ...payload });
  if (!parsed) throw new Error("the payload does not follow the schema");
  return meaningOf(event, parsed);
}

/** Every webhook event that GitHub names. */
const names = `branch_protection_configuration branch_protection_rule check_run check_suite code_scanning_alert
  commit_comment create custom_property custom_property_values delete dependabot_alert deploy_key deployment
  deployment_protection_rule deployment_review deployment_status discussion discussion_comment fork
  github_app_authorization gollum installation installation_repositories installation_target issue_comment
  issue_dependencies issues label marketplace_purchase member membership merge_group meta milestone org_block
  organization package page_build personal_access_token_request ping project project_card project_column projects_v2
  projects_v2_item projects_v2_status_update public pull_request pull_request_review pull_request_review_comment
  pull_request_review_thread push registry_package release repository repository_advisory repository_dispatch
  repository_import repository_ruleset repository_vulnerability_alert secret_scanning_alert
  secret_scanning_alert_location secret_scanning_scan security_advisory security_and_analysis sponsorship star status
  sub_issues team team_add watch workflow_dispatch workflow_job workflow_run`.split(/\s+/);

/** Events that change no kept answer: no read of the route table shows their facts. */
const ignoredEvents: ReadonlySet<string> = new Set(
  `branch_protection_configuration branch_protection_rule code_scanning_alert custom_property custom_property_values
  dependabot_alert deploy_key deployment_protection_rule discussion discussion_comment github_app_authorization gollum
  installation_target marketplace_purchase membership merge_group org_block organization package page_build
  personal_access_token_request project project_card project_column projects_v2 projects_v2_item
  projects_v2_status_update registry_package repository_advisory repository_dispatch repository_import
  repository_ruleset repository_vulnerability_alert secret_scanning_alert secret_scanning_alert_location
  secret_scanning_scan security_advisory security_and_analysis sponsorship team workflow_dispatch`.split(/\s+/),
);

test.each(names)("%s has a meaning, or is ignored on purpose, and not both", (name) => {
  expect(name in eventRules !== ignoredEvents.has(name)).toBe(true);
});

const job = { id: 1, run_id: 2, head_sha: head };
const ofJob = ["job:1", "run:2:jobs"];
const always = ["runs", `sha:${head}`, "checks"];

test.each([
  ["push", { ref: "refs/heads/main", after: head }, ["ref:heads/main", "refs", "base:main", "repo", "code"]],
  ["push", { ref: "refs/heads/next", after: head }, ["ref:heads/next", "refs", "base:next", "repo"]],
  ["push", { ref: "refs/tags/v1" }, ["tags", "refs", "releases"]],
  ["delete", { ref: "v1", ref_type: "tag" }, ["tags", "refs", "releases"]],
  ["create", { ref: "next", ref_type: "branch" }, ["ref:heads/next", "refs"]],
  [
    "issue_comment",
    { action: "created", issue: { number: 3 } },
    ["comments:3", "comments", "issue:3", "issues", "activity:3"],
  ],
  [
    "issue_comment",
    { action: "created", issue: { number: 3, pull_request: {} } },
    ["comments:3", "comments", "issue:3", "issues", "activity:3", "pull:3", "pulls"],
  ],
  ["label", { action: "created" }, ["labels"]],
  ["label", { action: "edited" }, ["labels", "issues", "pulls", "issue:*", "pull:*"]],
  [
    "check_run",
    { check_run: { id: 9, head_sha: head, check_suite: { id: 4 } } },
    [`sha:${head}`, "checks", "checkrun:9", "suite:4"],
  ],
  ["status", { sha: head }, [`sha:${head}`, "checks"]],
  [
    "workflow_job",
    {
      workflow_job: {
        id: 1,
        run_id: 2,
        head_sha: head,
        check_run_url: "https://api.github.com/repos/a/b/check-runs/77",
      },
    },
    ["job:1", "run:2:jobs", "run:2", "runs", `sha:${head}`, "checks", "checkrun:77"],
  ],
  ["workflow_job", { action: "waiting", workflow_job: job }, [...ofJob, "run:2", ...always]],
  ["workflow_job", { action: "queued", workflow_job: job }, [...ofJob, "run:2", ...always]],
  ["workflow_job", { action: "in_progress", workflow_job: job }, [...ofJob, ...always]],
  ["workflow_job", { action: "completed", workflow_job: job }, [...ofJob, ...always]],
  ["repository", { action: "privatized" }, ["*"]],
  ["repository", { action: "archived" }, ["repo"]],
] as const)("%s %j marks %j", (event, payload, tags) => {
  expect(meaning(event, payload).mark).toMatchObject({ repository: "acme/tool", tags });
});

test("a push to a pull request ends trust in its code, its reviews and the checks of both heads", () => {
  const tags = meaning("pull_request", { action: "synchronize", pull_request: { number: 7 }, before: "a", after: "b" })
    .mark?.tags;
  expect(tags).toEqual(expect.arrayContaining(["pull:7", "pull:7:code", "reviews:7", "sha:a", "sha:b"]));
});

test("nothing of a private repository is marked, but the facts that the guard must know", () => {
  const hidden = { repository: { ...repository, private: true } };
  expect(meaning("issues", { ...hidden, action: "opened", issue: { number: 1 } })).toEqual({});
  expect(meaning("repository", { ...hidden, action: "privatized" })).toEqual({
    guard: { repository: "acme/tool", news: "not_public" },
  });
});

test.each([
  ["repository", "deleted", "not_public"],
  ["repository", "publicized", "forget"],
  ["public", undefined, "forget"],
])("%s %s tells the guard: %s", (event, action, news) => {
  expect(meaning(event, action ? { action } : {}).guard).toEqual({ repository: "acme/tool", news });
});

test.each([
  ["renamed", { repository: { name: { from: "Utensil" } } }, "acme/utensil"],
  ["transferred", { owner: { from: { user: { login: "Mona" } } } }, "mona/tool"],
  ["transferred", { owner: { from: { organization: { login: "Umbrella" } } } }, "umbrella/tool"],
])("a repository that was %s has moved from its former name, not from its new one", (action, changes, former) => {
  expect(meaning("repository", { action, changes }).guard).toEqual({ repository: former, news: "moved" });
});

test("an event that is not known, or without a repository, means nothing", () => {
  expect(meaning("something_new", { action: "x" })).toEqual({});
  expect(meaningOf("push", {})).toEqual({});
  expect(parseEvent("text")).toBeUndefined();
});

test("an installation that ends uncovers its repositories", () => {
  const installation = { account: { login: "Acme" } };
  expect(meaningOf("installation", { action: "created", installation })).toEqual({});
  for (const action of ["deleted", "suspend"]) {
    expect(meaningOf("installation", { action, installation })).toEqual({
      uncovered: { owner: "acme", repositories: [] },
    });
  }
  const repositories_removed = [{ full_name: "Acme/Widgets" }];
  expect(meaningOf("installation_repositories", { action: "removed", installation, repositories_removed })).toEqual({
    uncovered: { repositories: ["acme/widgets"] },
  });
});
