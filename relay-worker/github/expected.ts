/** Refuses a success status whose body is not an answer to the read, see shared/routes/expected.ts. */
import { OctopoolError } from "../../shared/errors.ts";
import { type Expectation, isExpected } from "../../shared/routes/index.ts";
import type { GitHubResponse } from "./call-github.ts";
import { jsonOf } from "./json-of.ts";

/** Whether the response is an answer to this read. */
export function isExpectedResponse(expectation: Expectation, { status, headers, body }: GitHubResponse): boolean {
  const contentType = headers.get("content-type") ?? "";
  return isExpected(expectation, { status, contentType, body, json: () => jsonOf(body) });
}

/** @throws OctopoolError github_unreachable: the body is neither passed on nor kept */
export function demandExpected(expectation: Expectation, response: GitHubResponse): void {
  if (isExpectedResponse(expectation, response)) return;
  throw new OctopoolError("github_unreachable", "GitHub's answer does not have the form of this read.");
}
