/** The few fields of a webhook event that are used. Source: GitHub's "Webhook events and payloads". */
import * as z from "zod";

const numbered = z.looseObject({ number: z.int() });
const payloadSchema = z.looseObject({
  action: z.string().optional(),
  ref: z.string().optional(),
  ref_type: z.string().optional(),
  before: z.string().optional(),
  after: z.string().optional(),
  sha: z.string().optional(),
  changes: z
    .looseObject({
      base: z.unknown().optional(),
      default_branch: z.unknown().optional(),
      /** Of a renamed repository. */
      repository: z.looseObject({ name: z.looseObject({ from: z.string() }) }).optional(),
      /** Of a transferred one. */
      owner: z
        .looseObject({
          from: z.looseObject({
            user: z.looseObject({ login: z.string() }).nullish(),
            organization: z.looseObject({ login: z.string() }).nullish(),
          }),
        })
        .optional()
        .catch(undefined),
    })
    .optional(),
  repository: z
    .looseObject({
      id: z.int().optional(),
      full_name: z.string(),
      private: z.boolean(),
      default_branch: z.string().optional(),
    })
    .optional(),
  /** Of `installation` and `installation_repositories`. */
  installation: z.looseObject({ account: z.looseObject({ login: z.string() }).nullish() }).optional(),
  repositories_removed: z.array(z.looseObject({ full_name: z.string() })).optional(),
  pull_request: numbered.optional(),
  issue: z.looseObject({ number: z.int(), pull_request: z.unknown().optional() }).optional(),
  check_run: z
    .looseObject({ id: z.int(), head_sha: z.string(), check_suite: z.looseObject({ id: z.int().nullish() }).nullish() })
    .optional(),
  check_suite: z.looseObject({ id: z.int(), head_sha: z.string() }).optional(),
  workflow_run: z.looseObject({ id: z.int(), head_sha: z.string() }).optional(),
  workflow_job: z
    .looseObject({ id: z.int(), run_id: z.int(), head_sha: z.string(), check_run_url: z.string().nullish() })
    .optional(),
});

/** The parts of a payload that are used. */
export type EventPayload = z.output<typeof payloadSchema>;

/** Parses the few fields of a payload that matter. */
export function parseEvent(payload: unknown): EventPayload | undefined {
  const parsed = payloadSchema.safeParse(payload);
  return parsed.success ? parsed.data : undefined;
}
