/** The daemon's own answer of a command, for `octopool prove` to hold against the real gh's: `POST /prove`. */
import * as z from "zod";

export const engineAnswerSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("native"), reason: z.string() }),
  z.object({
    outcome: z.literal("answer"),
    exitCode: z.int(),
    /** Bytes in base64. */
    stdout: z.base64(),
    stderr: z.string(),
    /** Under which `POST /proof` takes what gh printed; null for a gh that needs no proof. */
    id: z.string().nullable(),
  }),
]);
export type EngineAnswer = z.infer<typeof engineAnswerSchema>;
