/**
 * Hosts of GitHub, and where gh reaches their APIs: github.com at api.github.com, a tenant of ghe.com at
 * api.TENANT.ghe.com, GitHub Enterprise Server at /api/v3 and /api/graphql of the host itself (go-gh, pkg/api `restURL`
 * and `graphQLEndpoint`).
 */

/** A host as the caller's gh treats it. */
export interface Host {
  /** In lower case. */
  readonly name: string;
  /** A GitHub Enterprise Server, or a host that this gh treats as one. */
  readonly server: boolean;
}

export const githubCom: Host = { name: "github.com", server: false };

const tenant = /^[\w-]+\.ghe\.com$/;
const apiHosts = /^api\.(github\.com|[\w-]+\.ghe\.com)$/;

/** Whether it is a tenant of ghe.com, which runs the software of github.com. */
export function isTenant(host: string): boolean {
  return tenant.test(host);
}

/** The address before a path of the REST API. */
export function apiOf({ name, server }: Host): string {
  return server ? `https://${name}/api/v3` : `https://api.${name}`;
}

/** The address of a path of the API, that of GraphQL among them. */
export function addressOf(host: Host, path: string): string {
  return host.server && path === "/graphql" ? `https://${host.name}/api/graphql` : `${apiOf(host)}${path}`;
}

/** The names that some gh connects to for a host's API: gh 2.46 treats a tenant as a GitHub Enterprise Server. */
export function apiHostsOf(host: string): readonly string[] {
  if (host === githubCom.name) return [`api.${host}`];
  return isTenant(host) ? [`api.${host}`, host] : [host];
}

/**
 * The part of a request to some host that asks an API, its path as api.github.com would have it; undefined for any
 * other.
 */
export function apiPathOf({ host, target }: { readonly host: string; readonly target: string }): string | undefined {
  if (apiHosts.test(host)) return target;
  if (target.startsWith("/api/v3/")) return target.slice("/api/v3".length);
  return target === "/api/graphql" ? "/graphql" : undefined;
}

/** The host that a name belongs to whose API is asked, such as `acme.ghe.com`; undefined where it is github.com. */
export function otherHostOf(asked: string): string | undefined {
  const name = asked.replace(/^api\.(?=[\w-]+\.ghe\.com$)/, "");
  return isGitHubCom(name) ? undefined : name;
}

/** A place for everything on a host other than github.com, in the form of a repository's; undefined for any host. */
export function anythingOn({ host }: { readonly host: string }): string | undefined {
  const other = otherHostOf(host);
  return other === undefined ? undefined : `${other}/*/*`;
}

/** Hosts beside github.com that a command's words name: `-R HOST/o/r`, `--hostname HOST`, addresses. */
export function hostsNamed(args: readonly string[]): readonly string[] {
  return args.flatMap((arg, at) => {
    const flag = /^--hostname(?:=(.*))?$/s.exec(arg);
    const named = flag ? (flag[1] ?? args[at + 1] ?? "") : hostIn(arg.replace(/^(?:-R=?|--repo=)/, ""));
    return named === undefined ? [] : [named.toLowerCase()];
  });
}

function hostIn(word: string): string | undefined {
  const [, ofAddress] = /^https?:\/\/(?:[^/@\s]*@)?([^/\s]+)/i.exec(word) ?? [];
  const [, ofRepository] = /^([\w.-]+\.[\w.-]+(?::\d+)?)\/[^/\s]+\/[^/\s]+$/.exec(word) ?? [];
  return ofAddress ?? ofRepository;
}

/** Names that gh treats as github.com. */
export function isGitHubCom(host: string): boolean {
  return /(^|\.)github\.com$/.test(host);
}
