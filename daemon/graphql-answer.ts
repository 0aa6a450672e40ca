/** Decides which GraphQL answers may be reused. */
import * as z from "zod";
import { parseJson } from "../shared/parse-json.ts";

const answerSchema = z.looseObject({ data: z.unknown(), errors: z.undefined().optional() });

/** A whole answer without errors: any other is only valid for its own request. */
export function isWholeAnswer(body: Buffer): boolean {
  return answerSchema.safeParse(parseJson(body.toString())).success;
}
