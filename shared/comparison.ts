/** The daemon's own answer to a command, which `octopool prove` compares with the real gh's: `POST /prove`. */
import * as z from "zod";

export const engineAnswerSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("native"), reason: z.string() }),
  z.object({
    outcome: z.literal("answer"),
    exitCode: z.int(),
    /** Bytes in base64. */
    stdout: z.base64(),
    stderr: z.string(),
    /** The id under which `POST /proof` takes gh's output; null for a gh that needs no comparison. */
    id: z.string().nullable(),
  }),
]);
export type EngineAnswer = z.infer<typeof engineAnswerSchema>;
