/** Which object type one of the model's objects is, where the schema has an interface or a union. */
export function typeName(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("__typename" in value && typeof value.__typename === "string") return value.__typename;
  if ("kind" in value) return value.kind === "pull" ? "PullRequest" : "Issue";
  if ("type" in value && typeof value.type === "string") return value.type;
  if ("suite" in value) return "attempts" in value ? "WorkflowRun" : "CheckRun";
  if ("context" in value) return "StatusContext";
  if ("full_name" in value) return "Repository";
  if ("slug" in value) return "Team";
  return undefined;
}
