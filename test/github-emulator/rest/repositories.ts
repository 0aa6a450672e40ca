import { accountPermission, permissionOn } from "../auth.ts";
import { apiUrl, notFound, ok, type RepositoryCall, type RepositoryRoutes, webUrl } from "../http.ts";
import { user } from "../render/accounts.ts";
import { deployment } from "../render/releases.ts";
import { forksOf, label, license, milestone, repositoryListItem, repositoryView } from "../render/repositories.ts";
import { history } from "../world/build-git.ts";
import type { Account } from "../world/model.ts";
import { repositoryPage, sorted } from "./common.ts";
import { publicEvent, repositoryEvents } from "./events.ts";

/** Everything directly below a repository that has no file of its own. */
export const repositoryRoutes: RepositoryRoutes = {
  "GET /": ({ world, viewer, repository }) => ok(repositoryView(world, viewer, repository), repository.updated_at),
  "GET /languages": ({ repository }) => ok(repository.languages),
  "GET /topics": ({ repository }) => ok({ names: repository.topics }),
  "GET /contributors": contributors,
  "GET /forks": (call) =>
    repositoryPage(
      call,
      sorted(
        forksOf(call.world, call.repository),
        (each) => each.created_at,
        call.query.get("sort") === "oldest" ? "asc" : null,
        "desc",
      ).filter((each) => permissionOn(call.world, call.viewer, each)),
      (each) => repositoryListItem(call.world, call.viewer, each),
    ),
  "GET /stargazers": (call) => repositoryPage(call, call.repository.stargazers, user),
  "GET /subscribers": (call) => repositoryPage(call, call.repository.subscribers, user),
  "GET /labels": (call) =>
    repositoryPage(
      call,
      sorted(call.repository.labels, (each) => each.name.toLowerCase(), "asc", "asc"),
      (each) => label(call.repository, each),
    ),
  "GET /labels/:name+": ({ repository, params }) => {
    const found = repository.labels.find((each) => each.name.toLowerCase() === params.name?.toLowerCase());
    return found ? ok(label(repository, found)) : notFound("/issues/labels#get-a-label");
  },
  "GET /milestones": (call) => {
    const state = call.query.get("state") ?? "open";
    const items = call.repository.milestones.filter((each) => state === "all" || each.state === state);
    const by =
      call.query.get("sort") === "completeness"
        ? (each: (typeof items)[number]) => each.number
        : (each: (typeof items)[number]) => each.due_on ?? "9999";
    return repositoryPage(call, sorted(items, by, call.query.get("direction"), "asc"), (each) =>
      milestone(call.repository, each),
    );
  },
  "GET /milestones/:number": ({ repository, params }) => {
    const found = repository.milestones.find((each) => each.number === Number(params.number));
    return found ? ok(milestone(repository, found)) : notFound("/issues/milestones#get-a-milestone");
  },
  "GET /assignees": (call) => repositoryPage(call, assignable(call), user),
  "GET /assignees/:login": (call) =>
    assignable(call).some((each) => each.login.toLowerCase() === call.params.login?.toLowerCase())
      ? { status: 204, body: "", type: "" }
      : notFound("/issues/assignees#check-if-a-user-can-be-assigned"),
  "GET /collaborators/:login/permission": ({ world, repository, params }) => {
    const account = world.accounts.get(params.login?.toLowerCase() ?? "");
    if (!account) return notFound();
    const permission = accountPermission(world, account, repository) ?? (repository.private ? "none" : "read");
    return ok({ permission, user: user(account), role_name: permission });
  },
  "GET /deployments": (call) =>
    repositoryPage(
      call,
      sorted(call.repository.deployments, (each) => each.id, "desc", "desc"),
      (each) => deployment(call.repository, each),
    ),
  "GET /deployments/:id": ({ repository, params }) => {
    const found = repository.deployments.find((each) => each.id === Number(params.id));
    return found ? ok(deployment(repository, found)) : notFound();
  },
  "GET /events": (call) => repositoryPage(call, repositoryEvents(call.repository), publicEvent),
  "GET /license": ({ repository }) => {
    const content = repository.files.get("LICENSE");
    if (!repository.license || !content) return notFound("/licenses/licenses#get-the-license-for-a-repository");
    const url = `${apiUrl}/repos/${repository.full_name}/contents/LICENSE?ref=${repository.default_branch}`;
    const html_url = `${webUrl}/${repository.full_name}/blob/${repository.default_branch}/LICENSE`;
    return ok({
      name: "LICENSE",
      path: "LICENSE",
      size: content.length,
      url,
      html_url,
      type: "file",
      content: content.toString("base64"),
      encoding: "base64",
      license: license(repository.license),
    });
  },
  "GET /community/profile": ({ repository }) => {
    const has = (path: string) => repository.files.has(path);
    const entry = (path: string) =>
      has(path)
        ? {
            url: `${apiUrl}/repos/${repository.full_name}/contents/${path}`,
            html_url: `${webUrl}/${repository.full_name}/blob/${repository.default_branch}/${path}`,
          }
        : null;
    const parts = [
      has("README.md"),
      repository.license !== null,
      has("CONTRIBUTING.md"),
      has("CODE_OF_CONDUCT.md"),
      repository.description !== null,
    ];
    return ok({
      health_percentage: Math.round((100 * parts.filter(Boolean).length) / parts.length),
      description: repository.description,
      documentation: repository.homepage,
      files: {
        code_of_conduct: null,
        code_of_conduct_file: entry("CODE_OF_CONDUCT.md"),
        contributing: entry("CONTRIBUTING.md"),
        issue_template: null,
        pull_request_template: null,
        license: repository.license
          ? {
              ...license(repository.license),
              html_url: `${webUrl}/${repository.full_name}/blob/${repository.default_branch}/LICENSE`,
            }
          : null,
        readme: entry("README.md"),
      },
      updated_at: repository.updated_at,
      content_reports_enabled: false,
    });
  },
};

function assignable({ world, repository }: RepositoryCall): Account[] {
  const organization = world.organizations.get(repository.owner.login.toLowerCase());
  const members = organization?.members.map((member) => member.account) ?? [repository.owner];
  const collaborators = [...repository.collaborators.keys()].flatMap((login) => world.accounts.get(login) ?? []);
  return [...new Set([...members, ...collaborators])];
}

function contributors(call: RepositoryCall) {
  const { repository } = call;
  const counts = new Map<Account, number>();
  for (const { author } of history(repository, repository.branches.get(repository.default_branch)?.sha ?? "")) {
    if (author.account) counts.set(author.account, (counts.get(author.account) ?? 0) + 1);
  }
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || a[0].id - b[0].id);
  return repositoryPage(call, ranked, ([account, contributions]) => ({ ...user(account), contributions }));
}
