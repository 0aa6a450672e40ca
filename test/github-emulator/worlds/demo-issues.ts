import type { IssueFile } from "../world/schema.ts";
import { at, below, contributors, maintainers, people, pick } from "./demo-choices.ts";
import { comments } from "./demo-parts.ts";
import { issueTitles, sentences } from "./demo-texts.ts";

export function issues(): IssueFile[] {
  return issueTitles.map(([title, label], index) => {
    const number = index < 40 ? 2 * index + 1 : 81 + (index - 40);
    const opened = 24 * 4 * number - 30;
    const closed = index % 5 < 2 && index < 44;
    const spam = label === "invalid";
    return {
      number,
      title,
      author: spam ? null : pick(index % 2 ? contributors : people),
      body: index % 8 === 3 ? null : `${title}\n\n### Steps\n\n1. \`lantern on\`\r\n2. wait\n\n${pick(sentences)}`,
      created_at: at(opened),
      labels: index % 6 === 0 ? [label, "help wanted"] : index % 11 === 10 ? [] : [label],
      assignees: index % 4 === 0 ? [pick(maintainers)] : [],
      ...(index % 5 === 3 ? { milestone: "2.1" } : {}),
      comments: comments(title.startsWith("Roadmap") ? 105 : spam ? 0 : below(5), opened),
      reactions:
        index % 3 === 0
          ? { "+1": people.slice(0, 1 + (index % 5)), ...(index % 6 === 0 ? { heart: [pick(people)] } : {}) }
          : {},
      ...(spam ? { locked: "spam" as const } : {}),
      ...(closed || spam
        ? {
            state: "closed" as const,
            state_reason: spam || index % 10 === 1 ? ("not_planned" as const) : ("completed" as const),
            closed_by: pick(maintainers),
          }
        : {}),
      ...(index === 46 ? { pinned: true } : {}),
      ...(index === 4
        ? {
            events: [
              { event: "cross-referenced", actor: "ada-okafor", source: "lumen-labs/treasury#1" },
              { event: "cross-referenced", actor: "bjorn-lind", source: "lumen-labs/lantern#10" },
            ],
          }
        : {}),
    };
  });
}
