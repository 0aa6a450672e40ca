import { createPublicKey, createVerify } from "node:crypto";
import * as z from "zod";
import type { Account, App, Installation, Permission, Repository, Token, World } from "./world/model.ts";

/** The account that asks. */
export type Viewer =
  | { kind: "anonymous"; key: string; address: string }
  | { kind: "user"; key: string; token: Token; account: Account }
  | {
      kind: "installation";
      key: string;
      installation: Installation;
      repositories: Set<string> | null;
      permissions: Record<string, string>;
    }
  | { kind: "app"; key: string; app: App };

export interface InstallationToken {
  token: string;
  installation: Installation;
  repositories: Set<string> | null;
  permissions: Record<string, string>;
  expiresAt: number;
}

/** `bad`: credentials were sent and are not valid. */
type Authentication = { viewer: Viewer; bad?: string };

/** Reads Authorization headers against a world and the installation tokens handed out so far. */
export class Authenticator {
  readonly installationTokens = new Map<string, InstallationToken>();
  readonly #world: () => World;
  readonly #now: () => number;
  readonly #anyToken: boolean;

  constructor(world: () => World, now: () => number, anyToken = false) {
    this.#world = world;
    this.#now = now;
    this.#anyToken = anyToken;
  }

  authenticate(header: string | undefined, address: string): Authentication {
    const anonymous: Viewer = { kind: "anonymous", key: `anonymous ${address}`, address };
    const credential = credentialOf(header);
    if (credential === null) return { viewer: anonymous };
    const world = this.#world();
    const token = world.tokens.get(credential);
    if (token && !token.revoked && !token.account.deleted) {
      return { viewer: { kind: "user", key: credential, token, account: token.account } };
    }
    const issued = this.installationTokens.get(credential);
    if (issued && issued.expiresAt > this.#now()) {
      const { installation, repositories, permissions } = issued;
      return { viewer: { kind: "installation", key: credential, installation, repositories, permissions } };
    }
    if (this.#anyToken) return { viewer: this.#guest(world, credential) };
    if (credential.split(".").length === 3) return this.#jwt(world, credential, anonymous);
    return { viewer: anonymous, bad: "Bad credentials" };
  }

  /** A user for an undeclared token: recordings without a world accept all. */
  #guest(world: World, token: string): Viewer {
    const account = [...world.accounts.values()].find((each) => each.type === "User");
    if (!account) throw new Error("a world that accepts any token needs a user");
    const known: Token = { token, account, scopes: ["repo", "read:org"], kind: "classic", revoked: false };
    world.tokens.set(token, known);
    return { kind: "user", key: token, token: known, account };
  }

  #jwt(world: World, token: string, anonymous: Viewer): Authentication {
    const bad = (message: string): Authentication => ({ viewer: anonymous, bad: message });
    const [head = "", payload = "", signature = ""] = token.split(".");
    const claims = claimsSchema.safeParse(decode(payload));
    if (!claims.success || !headSchema.safeParse(decode(head)).success)
      return bad("A JSON web token could not be decoded");
    const { iss, iat, exp } = claims.data;
    const app = world.apps.find((each) => String(each.id) === String(iss) || each.client_id === String(iss));
    if (!app?.public_key) return bad("Integration not found");
    const verifier = createVerify("RSA-SHA256").update(`${head}.${payload}`);
    if (!verifier.verify(createPublicKey(app.public_key), signature, "base64url"))
      return bad("A JSON web token could not be decoded");
    const seconds = this.#now() / 1000;
    if (exp <= seconds)
      return bad(
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
      );
    if (exp > seconds + longestJwtSeconds + clockLeewaySeconds)
      return bad("'Expiration time' claim ('exp') is too far in the future");
    if (iat > seconds + clockLeewaySeconds)
      return bad("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
    return { viewer: { kind: "app", key: `app ${app.id}`, app } };
  }
}

const headSchema = z.object({ alg: z.literal("RS256") });
/** Seconds that an App's JSON web token may live, and that its clock may differ. */
export const longestJwtSeconds = 600;
export const clockLeewaySeconds = 60;

const claimsSchema = z.object({ iss: z.union([z.string(), z.number()]), iat: z.number(), exp: z.number() });

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString());
  } catch {
    return undefined;
  }
}

/** `token X`, `Bearer X`, or the password of `Basic`. */
function credentialOf(header: string | undefined): string | null {
  const match = /^(token|bearer|basic)\s+(.+)$/i.exec(header ?? "");
  if (!match?.[2]) return null;
  if (match[1]?.toLowerCase() !== "basic") return match[2].trim();
  const [user = "", password = ""] = Buffer.from(match[2], "base64").toString().split(":");
  return password === "x-oauth-basic" || password === "" ? user : password;
}

const ranks: Permission[] = ["read", "triage", "write", "maintain", "admin"];

/** The viewer's permissions on a repository; `null`: it is not there for them. */
export function permissionOn(world: World, viewer: Viewer, repository: Repository): Permission | null {
  const open = repository.private ? null : "read";
  if (viewer.kind === "installation") return installationPermission(viewer, repository) ?? open;
  if (viewer.kind !== "user") return open;
  if (!viewer.token.scopes.includes("repo") && viewer.token.kind !== "fine_grained") {
    return repository.private ? null : (accountPermission(world, viewer.account, repository) ?? "read");
  }
  return accountPermission(world, viewer.account, repository) ?? open;
}

function installationPermission(
  viewer: Extract<Viewer, { kind: "installation" }>,
  repository: Repository,
): Permission | null {
  const name = repository.full_name.toLowerCase();
  const covered = viewer.repositories
    ? viewer.repositories.has(name)
    : repository.owner === viewer.installation.account;
  if (!covered) return null;
  return viewer.permissions.contents === "write" ? "write" : "read";
}

/** The highest permission an account has as owner, member, team member or collaborator. */
export function accountPermission(world: World, account: Account, repository: Repository): Permission | null {
  if (repository.owner === account) return "admin";
  const login = account.login.toLowerCase();
  const found: Permission[] = [];
  const collaborator = repository.collaborators.get(login);
  if (collaborator) found.push(collaborator);
  const organization = world.organizations.get(repository.owner.login.toLowerCase());
  const member = organization?.members.find((each) => each.account === account);
  if (organization && member) {
    if (member.role === "admin") return "admin";
    if (organization.base_permission !== "none") found.push(organization.base_permission);
  }
  for (const team of organization?.teams ?? []) {
    const granted = team.repositories.get(repository.full_name.toLowerCase());
    if (granted && team.members.includes(account)) found.push(granted);
  }
  return found.sort((a, b) => ranks.indexOf(b) - ranks.indexOf(a))[0] ?? null;
}

/** The `permissions` object of repositories. */
export function permissionFlags(
  permission: Permission,
): Record<"admin" | "maintain" | "push" | "triage" | "pull", boolean> {
  const rank = ranks.indexOf(permission);
  return { admin: rank >= 4, maintain: rank >= 3, push: rank >= 2, triage: rank >= 1, pull: true };
}

export function mayWrite(permission: Permission | null): boolean {
  return permission !== null && ranks.indexOf(permission) >= 2;
}
