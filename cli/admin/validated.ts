/** What was typed, checked by the relay's own schema before anything is sent. */
import type { z } from "zod";
import { OctopoolError } from "../../shared/errors.ts";

/** @throws OctopoolError `usage` that names the option. */
export function validated<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const option = String(issue?.path[0] ?? "value").replaceAll("_", "-");
  throw new OctopoolError("usage", `The ${option} cannot be used: ${issue?.message ?? "it is not valid"}.`, {
    hint: "See --help of this command.",
  });
}

/** @throws OctopoolError `usage` for what is not a number. */
export function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new OctopoolError("usage", `${option} ${text} is not a number.`, { hint: `Write ${option} 1.` });
}
