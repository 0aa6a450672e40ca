/** Why a request is not for the pool: thrown where it is seen, caught at the recogniser's door. */
export class QueryRefused extends Error {
  override readonly name = "Refused";
}

export function refuse(why: string): never {
  throw new QueryRefused(why);
}
