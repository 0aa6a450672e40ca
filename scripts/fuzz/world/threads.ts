/** Random issues, and what pull requests have in common with them. */
import type { IssueFile } from "../../../test/github-emulator/index.ts";
import { associations, bodies, byTime, type Draw, people } from "./draw.ts";

function comment(draw: Draw) {
  const { random } = draw;
  return {
    author: draw.author(),
    body: random.pick(bodies) ?? "Said.",
    created_at: draw.at(),
    association: random.pick(associations),
    reactions: draw.reactions(),
    minimized: draw.maybe(0.1, () => random.pick(["spam", "off-topic", "outdated", "resolved", "duplicate", "abuse"])),
  };
}

export function thread(draw: Draw, labels: readonly string[], milestones: readonly string[]) {
  const { random } = draw;
  return {
    title: draw.title(),
    author: draw.author(),
    body: random.pick(bodies),
    created_at: draw.at(),
    association: random.pick(associations),
    labels: draw.subset(labels, 4),
    assignees: draw.subset(people, 3),
    milestone: milestones.length > 0 ? draw.maybe(0.4, () => random.pick(milestones)) : undefined,
    locked: random.pick([false, false, false, true, "spam" as const]),
    comments: draw.some(3, () => comment(draw)).sort(byTime("created_at")),
    reactions: draw.reactions(),
  };
}

export function issue(draw: Draw, labels: readonly string[], milestones: readonly string[]): IssueFile {
  const { random } = draw;
  const common = thread(draw, labels, milestones);
  if (random.chance(0.6)) return common;
  return {
    ...common,
    state: "closed",
    state_reason: random.pick(["completed", "not_planned", "duplicate"] as const),
    closed_by: draw.author(),
  };
}
