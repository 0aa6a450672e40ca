/** The message of gh for a repository without issues. */
import { fullName, type RepositoryName } from "../checkout/repository.ts";
import { CommandFailure } from "../command-failure.ts";

export function issuesDisabled(repository: RepositoryName): CommandFailure {
  return new CommandFailure(`the '${fullName(repository)}' repository has disabled issues`);
}
