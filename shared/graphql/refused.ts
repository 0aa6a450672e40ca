/** Why a query cannot be pooled; thrown inside the recogniser and caught at its entry. */
export class QueryRefused extends Error {
  override readonly name = "Refused";
}

export function refuse(why: string): never {
  throw new QueryRefused(why);
}
