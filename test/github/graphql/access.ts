import type { Account, Organization, Permission, Repository, World } from "../world/model.ts";

const ranks: readonly Permission[] = ["read", "triage", "write", "maintain", "admin"];

/** The most that ownership, collaboration, membership and teams give an account; `null`: what everybody has. */
export function permissionOf(world: World, account: Account | null, repository: Repository): Permission | null {
  if (!account) return null;
  if (account.id === repository.owner.id) return "admin";
  const organization = world.organizations.get(repository.owner.login.toLowerCase());
  const granted = [
    direct(repository, account),
    ...(organization ? throughOrganization(organization, account, repository) : []),
  ].filter((permission) => permission !== undefined);
  return granted.sort((a, b) => ranks.indexOf(b) - ranks.indexOf(a))[0] ?? null;
}

function direct(repository: Repository, account: Account): Permission | undefined {
  for (const [login, permission] of repository.collaborators) {
    if (login.toLowerCase() === account.login.toLowerCase()) return permission;
  }
  return undefined;
}

function throughOrganization(organization: Organization, account: Account, repository: Repository): Permission[] {
  const membership = organization.members.find((member) => member.account.id === account.id);
  if (!membership) return [];
  const teams = organization.teams
    .filter((team) => team.members.some((member) => member.id === account.id))
    .map((team) => team.repositories.get(repository.full_name.toLowerCase()))
    .filter((permission) => permission !== undefined);
  if (membership.role === "admin") return ["admin", ...teams];
  return organization.base_permission === "none" ? teams : [organization.base_permission, ...teams];
}
