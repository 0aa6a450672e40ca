import * as z from "zod";

/** An ISO 8601 instant, kept as GitHub prints it: seconds, UTC, `Z`. */
export const instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "not a date and time")
  .transform((text) => `${new Date(text).toISOString().slice(0, 19)}Z`);

/** A login; `null` stands for a deleted account, which REST shows as `null` or as the ghost. */
export const actor = z.string().min(1).nullable();

export const login = z.string().min(1);

export const repositoryName = z.string().regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/, "expected owner/name");

export const id = z.int().positive();

export const sha = z.string().regex(/^[0-9a-f]{40}$/, "expected 40 hex digits");

/** Reactions, with the logins of each: `{"+1": ["alice"], "heart": ["bob", "carol"]}`. */
export const reactions = z
  .partialRecord(z.enum(["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"]), z.array(login))
  .default({});

export const association = z.enum([
  "OWNER",
  "MEMBER",
  "COLLABORATOR",
  "CONTRIBUTOR",
  "FIRST_TIME_CONTRIBUTOR",
  "FIRST_TIMER",
  "MANNEQUIN",
  "NONE",
]);

export const permission = z.enum(["read", "triage", "write", "maintain", "admin"]);

/** Hourly (core, graphql) and minutely (search, code_search) budgets; absent ones are GitHub's own. */
export const limits = z.strictObject({
  core: z.int().nonnegative().optional(),
  search: z.int().nonnegative().optional(),
  code_search: z.int().nonnegative().optional(),
  graphql: z.int().nonnegative().optional(),
});

export type LimitsInput = z.infer<typeof limits>;
