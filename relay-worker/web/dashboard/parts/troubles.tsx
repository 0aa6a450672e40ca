/** Problems that leave the page incomplete, or the pool unable to do as configured. */
import type { Dashboard, Trouble } from "../../../../shared/dashboard.ts";

const told: Readonly<Record<Trouble, string>> = {
  coordinator_unavailable:
    "The pool’s coordinator does not answer. Budgets, cooldowns, leases and reads in progress are unknown, and each user’s own gh runs the reads that the cache cannot answer.",
  policy_unreadable:
    "The pool’s policy cannot be read, so every read is refused. Set all of it again: octopool admin pool set-policy",
  purges_unreadable:
    "The marks of earlier purges cannot be read, so those purges do not count. Repeat the purges that are still needed.",
};

/** A live region: a screen reader announces a problem when it appears. */
export function Troubles({ data: { troubles } }: { readonly data: Dashboard }) {
  return (
    <div id="troubles" role="alert" data-live>
      {troubles.map((trouble) => (
        <p class="trouble" id={`trouble-${trouble}`}>
          {told[trouble]}
        </p>
      ))}
    </div>
  );
}
