/** The reviewers line: each reviewer's last review, then the requested reviewers (pkg/cmd/pr/view/view.go). */
import { NativeRequired } from "../../reader.ts";
import type { Context } from "../context.ts";
import { loginOf, shownName, typeOf } from "../github/actors.ts";
import { type RestPull, type RestReview, type RestUser, told } from "../github/schemas.ts";
import { compareStrings } from "../go/strings.ts";

const requested = "REQUESTED";

/** `a (Approved), b (Requested)`. */
export async function reviewersLine(pull: RestPull, reviews: readonly RestReview[], context: Context): Promise<string> {
  const states = new Map<string, string>();
  const author = loginOf(pull.user);
  for (const review of reviews) {
    const login = loginOf(review.user);
    if (login !== author) states.set(login === "" ? "ghost" : login, review.state);
  }
  const organization = pull.base.repo.owner.login;
  for (const user of told(pull.requested_reviewers, "the reviewers")) {
    requirePerson(user);
    states.set(await shownName(user, context), requested);
  }
  for (const team of told(pull.requested_teams, "the reviewing teams"))
    states.set(`${organization}/${team.slug}`, requested);
  return [...states]
    .sort(([a, stateOfA], [b, stateOfB]) => {
      const asked = Number(stateOfA === requested) - Number(stateOfB === requested);
      return asked !== 0 ? asked : compareStrings(a, b);
    })
    .map(([name, state]) => `${name} (${words.get(state) ?? titleCase(state)})`)
    .join(", ");
}

const words = new Map([
  [requested, "Requested"],
  ["APPROVED", "Approved"],
  ["CHANGES_REQUESTED", "Changes requested"],
  ["COMMENTED", "Commented"],
  // A dismissed review makes no sense in a final tally.
  ["DISMISSED", "Commented"],
]);

/** gh's versions show a bot as a requested reviewer in different ways. */
export function requirePerson(user: RestUser): string {
  if (typeOf(user) !== "User") throw new NativeRequired("a bot was asked for a review");
  return user.login;
}

function titleCase(state: string): string {
  return state.slice(0, 1).toUpperCase() + state.slice(1).toLowerCase();
}
