import type { Repository } from "../world/model.ts";

const templatePaths = /^(\.github\/|docs\/)?(pull_request_template(\.md|\.txt)?|pull_request_template\/[^/]+)$/i;

/** The pull request templates of the default branch. */
export function pullRequestTemplates(repository: Repository): { filename: string; body: string }[] {
  return [...repository.files].flatMap(([path, content]) =>
    content && templatePaths.test(path) ? [{ filename: path, body: content.toString() }] : [],
  );
}
