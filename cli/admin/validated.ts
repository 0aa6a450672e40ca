/** The typed value, checked by the relay's own schema before anything is sent. */
import type * as z from "zod";
import { OctopoolError } from "../../shared/errors.ts";

/** @throws OctopoolError `usage` with the wrong value and the allowed ones. */
export function validated<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = String(issue?.path[0] ?? "value");
  const given = valueAt(value, issue?.path ?? []);
  const said = typeof given === "string" || typeof given === "number" ? ` ${JSON.stringify(given)}` : "";
  throw new OctopoolError("usage", `The ${field.replaceAll("_", " ")}${said} cannot be used: ${ruleOf(issue)}.`);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, key) => (typeof inside === "object" && inside !== null ? Reflect.get(inside, key) : undefined),
    value,
  );
}

/** The rule in words; a schema's own messages are words already. */
function ruleOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === "too_big")
    return issue.origin === "string" ? `it has more than ${issue.maximum} characters` : `use at most ${issue.maximum}`;
  if (issue?.code === "too_small") {
    if (issue.origin === "string") return "it is empty";
    if (issue.origin === "array") return `name at least ${issue.minimum}`;
    return issue.inclusive === false ? `use more than ${issue.minimum}` : `use at least ${issue.minimum}`;
  }
  if (issue?.code === "invalid_type" && issue.expected === "int") return "use a whole number";
  if (issue?.code === "invalid_value") return `use ${issue.values.map(String).join(" or ")}`;
  return issue?.message ?? "it is not valid";
}

/** @throws OctopoolError `usage` for text that is not a number. */
export function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new OctopoolError("usage", `${option} ${text} is not a number.`, { hint: "Write it as 1 or 0.5." });
}
