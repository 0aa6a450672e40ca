import { asOctopoolError } from "../failure.ts";
import { type Check, type Finding, failure, skipped } from "./check.ts";

/** What a check finds; one that throws has found something too. */
export async function look(check: Check | undefined): Promise<Finding> {
  try {
    return (await check?.look()) ?? skipped("not looked at");
  } catch (error) {
    const { message, hint } = asOctopoolError(error);
    return failure(message, hint);
  }
}
