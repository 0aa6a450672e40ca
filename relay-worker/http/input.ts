/** The input of operators, parsed once. */
import type * as z from "zod";
import { type ErrorCode, OctopoolError } from "../../shared/errors.ts";

/** @throws OctopoolError `code`, naming each wrong field and its problem */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, code: ErrorCode = "invalid_request"): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
  throw new OctopoolError(code, `Not accepted: ${problems.slice(0, 5).join("; ")}.`);
}

export interface PageInput {
  readonly limit: number;
  readonly cursor: string | undefined;
}

const defaultLimit = 50;
const maxLimit = 200;

/** @throws OctopoolError invalid_request */
export function parsePage(query: Readonly<Record<string, string>>): PageInput {
  const { limit = String(defaultLimit), cursor } = query;
  if (!/^[1-9]\d{0,5}$/.test(limit)) throw new OctopoolError("invalid_request", "limit must be a positive number.");
  return { limit: Math.min(Number(limit), maxLimit), cursor };
}
