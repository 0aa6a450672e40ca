import type { Issue, Pull, Repository } from "../world/model.ts";
import { refusal } from "./connection.ts";

interface Numbered {
  number: number;
}

/** One thread of a repository by its number, refused as GitHub refuses a number that is not there. */
export const reading = {
  pullRequest: (repository: Repository, { number }: Numbered): Pull => {
    const thread = repository.threads.get(number);
    if (thread?.kind === "pull") return thread;
    throw refusal("NOT_FOUND", `Could not resolve to a PullRequest with the number of ${number}.`);
  },
  issue: (repository: Repository, { number }: Numbered): Issue => {
    const thread = repository.threads.get(number);
    if (thread?.kind === "issue") return thread;
    throw refusal("NOT_FOUND", `Could not resolve to an Issue with the number of ${number}.`);
  },
  issueOrPullRequest: (repository: Repository, { number }: Numbered): Issue | Pull => {
    const thread = repository.threads.get(number);
    if (thread) return thread;
    throw refusal("NOT_FOUND", `Could not resolve to an issue or pull request with the number of ${number}.`);
  },
};
