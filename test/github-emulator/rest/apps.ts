import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { InstallationToken } from "../auth.ts";
import { type ApiCall, type ApiReply, apiUrl, failure, invalid, notFound, ok, type Routes, webUrl } from "../http.ts";
import { paged } from "../links.ts";
import { appView, user } from "../render/accounts.ts";
import { repositoryListItem } from "../render/repositories.ts";
import type { App, Installation } from "../world/model.ts";
import { visibleRepositories } from "./common.ts";

/** Of an installation token, in milliseconds. */
export const tokenLifetimeMs = 3_600_000;

const tokenRequest = z
  .object({
    repositories: z.array(z.string()).optional(),
    repository_ids: z.array(z.int()).optional(),
    permissions: z.record(z.string(), z.string()).optional(),
  })
  .optional();

/** The endpoints of Apps: those of the App itself need its JSON web token, the rest an installation token. */
export function appRoutes(issue: (token: InstallationToken) => void, now: () => number): Routes {
  return {
    "GET /app": onApp((_call, app) => ok(appView(app))),
    "GET /app/installations": onApp((call, app) =>
      paged(call, app.installations, { path: "/app/installations", render: installationView }),
    ),
    "GET /app/installations/:id": onInstallation((_call, found) => ok(installationView(found))),
    "POST /app/installations/:id/access_tokens": onInstallation((call, found) => {
      const asked = tokenRequest.safeParse(call.body === "" ? undefined : call.body);
      if (!asked.success)
        return failure(400, "Problems parsing JSON", "/apps/apps#create-an-installation-access-token-for-an-app");
      if (found.suspended) return failure(403, "This installation has been suspended", "/apps/apps");
      const selected = select(call, found, asked.data?.repositories, asked.data?.repository_ids);
      if (selected === "unknown") return invalid("InstallationAccessToken", "repositories", "invalid");
      const permissions = asked.data?.permissions ?? found.permissions;
      const token = `ghs_${randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "0").slice(0, 36)}`;
      const expiresAt = now() + tokenLifetimeMs;
      issue({ token, installation: found, repositories: selected ?? found.repositories, permissions, expiresAt });
      const body = {
        token,
        expires_at: `${new Date(expiresAt).toISOString().slice(0, 19)}Z`,
        permissions,
        repository_selection: (selected ?? found.repositories) ? "selected" : "all",
      };
      return { status: 201, body, volatile: true };
    }),
    "GET /repos/:owner/:repo/installation": onApp((call, app) => {
      const name = `${call.params.owner}/${call.params.repo}`.toLowerCase();
      const found = app.installations.find((each) =>
        each.repositories
          ? each.repositories.has(name)
          : each.account.login.toLowerCase() === call.params.owner?.toLowerCase(),
      );
      return found
        ? ok(installationView(found))
        : notFound("/apps/apps#get-a-repository-installation-for-the-authenticated-app");
    }),
    "GET /orgs/:org/installation": onApp((call, app) => {
      const found = app.installations.find(
        (each) => each.account.login.toLowerCase() === call.params.org?.toLowerCase(),
      );
      return found
        ? ok(installationView(found))
        : notFound("/apps/apps#get-an-organization-installation-for-the-authenticated-app");
    }),
    "GET /installation/repositories": (call) => {
      const { viewer } = call;
      if (viewer.kind !== "installation")
        return failure(
          403,
          "You must authenticate with an installation access token in order to list repositories for an installation.",
        );
      const { installation, repositories } = viewer;
      const found = visibleRepositories(call).filter((each) =>
        repositories ? repositories.has(each.full_name.toLowerCase()) : each.owner === installation.account,
      );
      return paged(call, found, {
        path: "/installation/repositories",
        render: (each) => repositoryListItem(call.world, viewer, each),
        wrap: (items, total_count) => ({
          total_count,
          repository_selection: repositories ? "selected" : "all",
          repositories: items,
        }),
      });
    },
    "GET /apps/:slug": ({ world, params }) => {
      const found = world.apps.find((each) => each.slug === params.slug);
      return found ? ok(appView(found)) : notFound("/apps/apps#get-an-app");
    },
  };
}

function select(
  call: ApiCall,
  found: Installation,
  names: string[] | undefined,
  ids: number[] | undefined,
): Set<string> | "unknown" | null {
  if (!names && !ids) return null;
  const covered = [...call.world.repositories.values()].filter((each) =>
    found.repositories ? found.repositories.has(each.full_name.toLowerCase()) : each.owner === found.account,
  );
  const chosen = covered.filter((each) => names?.includes(each.name) || ids?.includes(each.id));
  const wanted = (names?.length ?? 0) + (ids?.length ?? 0);
  return chosen.length < wanted ? "unknown" : new Set(chosen.map((each) => each.full_name.toLowerCase()));
}

function onApp(handle: (call: ApiCall, app: App) => ApiReply): (call: ApiCall) => ApiReply {
  return (call) =>
    call.viewer.kind === "app" ? handle(call, call.viewer.app) : failure(401, "A JSON web token could not be decoded");
}

function onInstallation(handle: (call: ApiCall, found: Installation) => ApiReply): (call: ApiCall) => ApiReply {
  return onApp((call, app) => {
    const found = app.installations.find((each) => each.id === Number(call.params.id));
    return found ? handle(call, found) : notFound("/apps/apps#get-an-installation-for-the-authenticated-app");
  });
}

function installationView(each: Installation): object {
  const url = `${apiUrl}/app/installations/${each.id}`;
  const organization = each.account.type === "Organization";
  return {
    id: each.id,
    client_id: each.app.client_id,
    account: user(each.account),
    repository_selection: each.repositories ? "selected" : "all",
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${apiUrl}/installation/repositories`,
    html_url: organization
      ? `${webUrl}/organizations/${each.account.login}/settings/installations/${each.id}`
      : `${webUrl}/settings/installations/${each.id}`,
    app_id: each.app.id,
    app_slug: each.app.slug,
    target_id: each.account.id,
    target_type: each.account.type,
    permissions: each.permissions,
    events: [],
    created_at: each.app.created_at,
    updated_at: each.app.created_at,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: each.suspended ? each.app.created_at : null,
  };
}
