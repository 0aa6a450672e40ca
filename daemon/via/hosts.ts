/**
 * Where gh reaches a host's API: github.com at api.github.com, a tenant of ghe.com at api.TENANT.ghe.com, GitHub
 * Enterprise Server at /api/v3 and /api/graphql of the host itself (go-gh, pkg/api `restURL` and `graphQLEndpoint`).
 */

const tenant = /^[\w-]+\.ghe\.com$/;
const apiHosts = /^api\.(github\.com|[\w-]+\.ghe\.com)$/;

/** The names that some gh connects to for a host's API: gh 2.46 takes a tenant for a GitHub Enterprise Server. */
export function apiHostsOf(host: string): readonly string[] {
  if (host === "github.com") return [`api.${host}`];
  return tenant.test(host) ? [`api.${host}`, host] : [host];
}

/**
 * The part of a request to some host that asks an API, its path as api.github.com would have it; undefined for anything
 * else.
 */
export function apiPathOf({ host, target }: { readonly host: string; readonly target: string }): string | undefined {
  if (apiHosts.test(host)) return target;
  if (target.startsWith("/api/v3/")) return target.slice("/api/v3".length);
  return target === "/api/graphql" ? "/graphql" : undefined;
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

/** Names under which gh means github.com or what belongs to it. */
export function isGitHubCom(host: string): boolean {
  return /(^|\.)github\.com$/.test(host);
}
