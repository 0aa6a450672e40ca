/** States, reactions, labels and milestones: from REST's values to gh's. */
import { type RestLabel, type RestMilestone, type RestReactions, told } from "./schemas.ts";

/** OPEN, CLOSED or MERGED. */
export function pullState(pull: { readonly state: "open" | "closed"; readonly merged_at?: string | null | undefined }) {
  if (pull.merged_at) return "MERGED";
  return pull.state === "open" ? "OPEN" : "CLOSED";
}

/** MERGEABLE, CONFLICTING, or UNKNOWN while GitHub has not tried. */
export function mergeableState(mergeable: boolean | null): string {
  if (mergeable === null) return "UNKNOWN";
  return mergeable ? "MERGEABLE" : "CONFLICTING";
}

/** The state as lists show it: an open draft is `DRAFT`. */
export function stateWithDraft(state: string, draft: boolean): string {
  return draft && state === "OPEN" ? "DRAFT" : state;
}

/** REST's reaction keys in the order of GraphQL's groups. */
const reactionContents = [
  ["+1", "THUMBS_UP"],
  ["-1", "THUMBS_DOWN"],
  ["laugh", "LAUGH"],
  ["hooray", "HOORAY"],
  ["confused", "CONFUSED"],
  ["heart", "HEART"],
  ["rocket", "ROCKET"],
  ["eyes", "EYES"],
] as const;

/** Reaction groups in JSON; gh leaves the empty ones out. */
export function exportReactions(reactions: RestReactions): object[] {
  return reactionContents
    .map(([key, content]) => ({ content, users: { totalCount: reactions[key] } }))
    .filter(({ users }) => users.totalCount > 0);
}

/** gh asks for so many labels of an issue or a pull request. */
const mostLabels = 100;

/** The labels that gh sees. */
export function shownLabels({ labels }: { readonly labels?: readonly RestLabel[] | undefined }): readonly RestLabel[] {
  return told(labels, "the labels").slice(0, mostLabels);
}

export function exportLabel(label: RestLabel): object {
  return {
    id: told(label.node_id, "the id of a label"),
    name: label.name,
    description: label.description ?? "",
    color: label.color,
  };
}

export function exportMilestone(milestone: RestMilestone | null): object | null {
  if (milestone === null) return null;
  const { number, title, description, due_on } = milestone;
  return { number, title, description: description ?? "", dueOn: due_on };
}

/** Label names as the views list them: sorted without regard to case, equal ones in GitHub's order. */
export function sortedLabelNames(item: { readonly labels?: readonly RestLabel[] | undefined }): string {
  const lower = (label: RestLabel) => label.name.toLowerCase();
  const sorted = shownLabels(item).toSorted((a, b) => (lower(a) < lower(b) ? -1 : lower(a) > lower(b) ? 1 : 0));
  return sorted.map((label) => label.name).join(", ");
}
