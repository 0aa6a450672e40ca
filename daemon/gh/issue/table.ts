/** Issues as a table, in lists and in `issue status` (pkg/cmd/issue/shared/display.go). */
import type { Context } from "../context.ts";
import type { RestIssue } from "../github/schemas.ts";
import { shownLabels } from "../github/states.ts";
import { squeezeSpace } from "../go/strings.ts";
import { paints, renderTable } from "../output/list-output.ts";
import { relativeTime } from "../terminal/times.ts";
import { issueState } from "./fields.ts";

/** @param before - stands before each number */
export function issueTable(context: Context, issues: readonly RestIssue[], before = ""): string {
  const { stdoutTty } = context.style;
  const colors = paints(context);
  const now = context.now();
  const rows = issues.map((issue) => {
    const title = { text: squeezeSpace(issue.title) };
    const labels = {
      text: shownLabels(issue)
        .map((label) => label.name)
        .join(", "),
    };
    if (!stdoutTty) {
      const [number, state] = [{ text: `${before}${issue.number}` }, { text: issueState(issue) }];
      return [number, state, title, labels, { text: issue.updated_at }];
    }
    const open = issue.state === "open";
    const paint = open ? colors.green : issue.state_reason === "not_planned" ? colors.gray : colors.magenta;
    const updated = { text: relativeTime(now, Date.parse(issue.updated_at)), color: colors.gray };
    return [{ text: `${before}#${issue.number}`, color: paint }, title, labels, updated];
  });
  return renderTable(context, ["ID", "TITLE", "LABELS", "UPDATED"], rows);
}
