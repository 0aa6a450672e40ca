/** What of GraphQL's answers may be given again. */
import * as z from "zod";
import { parseJson } from "../shared/parse-json.ts";

const answerSchema = z.looseObject({ data: z.unknown(), errors: z.undefined().optional() });

/** A whole answer without errors: everything else is a moment's. */
export function isWholeAnswer(body: Buffer): boolean {
  return answerSchema.safeParse(parseJson(body.toString())).success;
}
