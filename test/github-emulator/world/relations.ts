import type { Issue } from "./model.ts";

/** The issue that this one is a part of. */
export function parentOf(issue: Issue): Issue | null {
  return issuesBeside(issue).find((each) => each.sub_issues.includes(issue.number)) ?? null;
}

export function subIssues(issue: Issue): Issue[] {
  return byNumber(issue, issue.sub_issues);
}

export function subIssuesSummary(issue: Issue): { total: number; completed: number; percentCompleted: number } {
  const parts = subIssues(issue);
  const completed = parts.filter((each) => each.state === "closed").length;
  const percentCompleted = parts.length === 0 ? 0 : Math.floor((completed / parts.length) * 100);
  return { total: parts.length, completed, percentCompleted };
}

/** The issues that must be closed before this one, closed ones too. */
export function blockers(issue: Issue): Issue[] {
  return byNumber(issue, issue.blocked_by);
}

/** The issues that wait for this one. */
export function blocking(issue: Issue): Issue[] {
  return issuesBeside(issue).filter((each) => each.blocked_by.includes(issue.number));
}

function issuesBeside({ repository }: Issue): Issue[] {
  return [...repository.threads.values()].filter((thread) => thread.kind === "issue");
}

function byNumber(issue: Issue, numbers: readonly number[]): Issue[] {
  return numbers.flatMap((number) => {
    const found = issue.repository.threads.get(number);
    return found?.kind === "issue" ? [found] : [];
  });
}
