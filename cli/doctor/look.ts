import { asOctopoolError } from "../failure.ts";
import { type Check, type Finding, failure, skipped } from "./check.ts";

/** The result of a check; an exception is a failed check. */
export async function look(check: Check | undefined): Promise<Finding> {
  try {
    return (await check?.look()) ?? skipped("not looked at");
  } catch (error) {
    const { message, hint } = asOctopoolError(error);
    return failure(message, hint);
  }
}
