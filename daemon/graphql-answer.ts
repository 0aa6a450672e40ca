/** What of GraphQL's answers may be given again. */
import * as z from "zod";

const answerSchema = z.looseObject({ data: z.unknown(), errors: z.undefined().optional() });

/** A whole answer without errors: everything else is a moment's. */
export function isWholeAnswer(body: Buffer): boolean {
  try {
    return answerSchema.safeParse(JSON.parse(body.toString())).success;
  } catch {
    return false;
  }
}
