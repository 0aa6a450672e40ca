/** gh's message for a resource that REST does not find. */
import * as z from "zod";
import { parseJson } from "../../../shared/parse-json.ts";
import { CommandFailure, GitHubRefusal } from "../command-failure.ts";

const refusalSchema = z.looseObject({ message: z.string() });

interface Asked {
  /** The command's prefix of the message. */
  readonly before?: string;
  /** Path and query, as gh asks. */
  readonly url: string;
  /** In place of GitHub's own message. */
  readonly words?: string;
}

/**
 * The answer; gh's own failure where GitHub's is 404. Only for a resource that is the same for every user with access
 * to the repository.
 */
export async function orNotFound<T>(answer: Promise<T>, asked: Asked): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const failure = error instanceof GitHubRefusal ? notFound(error, asked) : undefined;
    throw failure ?? error;
  }
}

function notFound(
  { status, api, body }: GitHubRefusal,
  { before = "", url, words }: Asked,
): CommandFailure | undefined {
  if (status !== 404) return undefined;
  const parsed = refusalSchema.safeParse(parseJson(new TextDecoder().decode(body)));
  if (!parsed.success) return undefined;
  return new CommandFailure(`${before}HTTP 404: ${words ?? parsed.data.message} (${api}${url})`);
}
