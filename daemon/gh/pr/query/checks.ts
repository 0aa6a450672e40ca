/** A check from GraphQL, in the engine's form. */
import type { CheckContext } from "../../github/commit-checks.ts";
import { zeroTime } from "../../go/dates.ts";
import type { QueriedCheck } from "./schema.ts";

export function checkOf(check: QueriedCheck): CheckContext {
  if (check.__typename === "StatusContext") {
    const { context, state, targetUrl, createdAt, description } = check;
    return {
      kind: "StatusContext",
      context,
      state,
      targetUrl: targetUrl ?? "",
      createdAt,
      description: description ?? "",
    };
  }
  const { name, checkSuite, status, conclusion, startedAt, completedAt, detailsUrl } = check;
  const run = checkSuite?.workflowRun;
  return {
    kind: "CheckRun",
    name,
    workflowName: run?.workflow.name ?? "",
    event: run?.event ?? "",
    status,
    conclusion: conclusion ?? "",
    startedAt: startedAt ?? zeroTime,
    completedAt: completedAt ?? zeroTime,
    detailsUrl: detailsUrl ?? "",
  };
}
