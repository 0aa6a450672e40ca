import type { Account, Permission, Repository, World } from "../world/model.ts";

/** The context of a query: the world, and the viewer. */
export interface GraphqlViewer {
  world: World;
  /** `null` for an App's installation, which has no account of its own here. */
  account: Account | null;
  /** Whether the token may know of a repository. */
  mayRead(repository: Repository): boolean;
  /** Scopes of the token; `null` for one that has none to name. */
  scopes: readonly string[] | null;
  /** The token's permissions on it; `null`: it is not there for them. */
  permission(repository: Repository): Permission | null;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Something that needs its surroundings to be told: a commit its repository, a comment its thread. */
export interface Part<Name extends string, T, In> {
  __typename: Name;
  of: T;
  in: In;
}

export function part<Name extends string, T, In>(name: Name, of: T, surroundings: In): Part<Name, T, In> {
  return { __typename: name, of, in: surroundings };
}

export const sameAccount = (a: Account | null, b: Account | null): boolean => a !== null && b !== null && a.id === b.id;
