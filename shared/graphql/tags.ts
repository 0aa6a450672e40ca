/** The dependencies of a query's answer, by the tags of pushed events (shared/events/tags.ts). */
import { type EventTag, everyTag } from "../events/tags.ts";

/** Fields of the repository whose answers depend on one number. */
export const numbered: ReadonlySet<string> = new Set(["issue", "pullRequest"]);

/** Changes without an event of the pull request: its base moves, or a check of its head ends. */
export const loose: ReadonlySet<string> = new Set(["mergeable", "baseRef", "Commit"]);

export function tagsOfNumbers(pulls: readonly number[], issues: readonly number[]): readonly EventTag[] {
  const ofIssue = (n: number): EventTag[] => [`issue:${n}`, `comments:${n}`, `activity:${n}`];
  const ofPull = (n: number): EventTag[] => [
    ...ofIssue(n),
    ...[`pull:${n}`, `pull:${n}:code`, `reviews:${n}`, `rcomments:${n}`, `threads:${n}`],
  ];
  return [...new Set([...issues.flatMap(ofIssue), ...pulls.flatMap(ofPull), "labels", "milestones"])];
}

/** Every change of the repository may show. */
export const anyChange: readonly EventTag[] = [everyTag];
