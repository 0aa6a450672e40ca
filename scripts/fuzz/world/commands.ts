/** Commands that read a random repository. */
import type { RepositoryFile } from "../../../test/github-emulator/index.ts";
import type { Choices } from "../random.ts";
import { people } from "./draw.ts";
import { repositoryName } from "./repository.ts";

/**
 * Commands without their repository; `PULL`, `ISSUE`, `RUN`, `TAG`, `LABEL`, `LOGIN` and `BRANCH` stand for one that may
 * be there, `FIELDS` for some.
 */
const commands = [
  "pr view PULL",
  "pr view PULL --comments",
  "pr view PULL --json FIELDS",
  "pr view PULL --json FIELDS",
  "pr view PULL --json FIELDS",
  "pr list",
  "pr list --state all",
  "pr list --state merged --json FIELDS",
  "pr list --state all --json FIELDS",
  "pr list --state all --json FIELDS",
  "pr list --author LOGIN --state all",
  "pr list --label LABEL --json number,title",
  "pr checks PULL",
  "pr checks PULL --json FIELDS",
  "pr checks PULL --required",
  "pr diff PULL",
  "pr diff PULL --name-only",
  "pr status",
  "issue view ISSUE",
  "issue view ISSUE --comments",
  "issue view ISSUE --json FIELDS",
  "issue view ISSUE --json FIELDS",
  "issue view PULL",
  "issue list",
  "issue list --state all --json FIELDS",
  "issue list --state all --json FIELDS",
  "issue list --assignee LOGIN --state all",
  "issue list --author LOGIN --state all",
  "issue list --label LABEL --state all",
  "issue status",
  "run list",
  "run list --json FIELDS",
  "run list --branch main",
  "run view RUN",
  "run view RUN --verbose",
  "run view RUN --exit-status",
  "run view RUN --json FIELDS",
  "workflow list --all",
  "workflow view CI",
  "release list",
  "release list --json FIELDS",
  "release view",
  "release view TAG",
  "release view TAG --json FIELDS",
  "label list",
  "label list --json FIELDS",
  "repo view",
  "repo view --json FIELDS",
  "search issues Fix --repo NAME",
  "search prs Fix --repo NAME --json FIELDS",
  "search issues Fix --repo NAME --json FIELDS",
  "search repos tide --json FIELDS",
  "search prs --author LOGIN --repo NAME",
  "pr view BRANCH",
  "pr view BRANCH --json FIELDS",
  "pr list --draft",
  "pr list --base main --json FIELDS",
  "pr list --head BRANCH --state all",
  "pr list --assignee LOGIN",
  "pr list --search Fix",
  "pr list --limit 1 --json FIELDS",
  "pr status --json FIELDS",
  "issue list --milestone v1 --state all",
  "issue list --mention LOGIN",
  "issue list --search Fix --json FIELDS",
  "issue list --limit 1",
  "issue status --json FIELDS",
  "run list --status completed",
  "run list --status failure --json FIELDS",
  "run list --event push",
  "run list --user LOGIN",
  "run list --workflow CI",
  "run list --commit HEAD",
  "run view RUN --attempt 1",
  "run view RUN --json jobs",
  "workflow list --json FIELDS",
  "workflow view CI --yaml",
  "release list --exclude-drafts",
  "release list --exclude-pre-releases --order asc",
  "label list --search b",
  "label list --sort name --order desc",
  "repo list tide",
  "repo list tide --json FIELDS",
  "repo list tide --visibility public",
  "api repos/NAME",
  "api repos/NAME/pulls/PULL",
  "api repos/NAME/pulls?state=all --paginate",
  "api repos/NAME/pulls/PULL/reviews",
  "api repos/NAME/pulls/PULL/commits",
  "api repos/NAME/pulls/PULL/files",
  "api repos/NAME/issues/ISSUE",
  "api repos/NAME/issues/ISSUE/comments",
  "api repos/NAME/issues?state=all&per_page=2 --paginate",
  "api repos/NAME/issues?state=all --jq .[].title",
  "api repos/NAME/commits/main/check-runs",
  "api repos/NAME/commits/main/status",
  "api repos/NAME/actions/runs",
  "api repos/NAME/actions/runs/RUN/jobs",
  "api repos/NAME/releases",
  "api repos/NAME/labels",
  "api repos/NAME/milestones",
] as const;

/**
 * A command about something in the repository, or now and then about something that is not there.
 * @param fieldsOf names for `--json` by a command's words
 */
export function randomCommand(
  random: Choices,
  { pulls = [], issues = [], runs = [], releases = [] }: RepositoryFile,
  fieldsOf: (words: string) => readonly string[],
): string[] {
  const one = (there: readonly object[]) => random.below(random.chance(0.95) ? Math.max(1, there.length) : 9);
  const pick: Readonly<Record<string, () => string>> = {
    PULL: () => String(101 + one(pulls)),
    ISSUE: () => String(1 + one(issues)),
    RUN: () => String(901 + one(runs)),
    TAG: () => `v${one(releases)}`,
    LABEL: () => random.pick(["bug", "good first issue", "é", "UPPER", "bug,UPPER"]),
    LOGIN: () => random.pick([...people, "@me", "dependabot[bot]", "gone"]),
    BRANCH: () => `feature-${one(pulls)}`,
  };
  const args = random.pick(commands).split(" ");
  const words = args.slice(0, 2).join(" ");
  const fields = fieldsOf(words);
  const some = () => [...new Set(Array.from({ length: 1 + random.below(5) }, () => random.pick(fields)))].join(",");
  const fill = (arg: string) =>
    arg === "FIELDS"
      ? some()
      : arg.replace("NAME", repositoryName).replace(/[A-Z]{3,}/, (word) => pick[word]?.() ?? word);
  const filled = args.map(fill);
  if (words === "repo view") return [...filled.slice(0, 2), repositoryName, ...filled.slice(2)];
  return /^(?:search|api|repo)/.test(words) ? filled : [...filled, "-R", repositoryName];
}
