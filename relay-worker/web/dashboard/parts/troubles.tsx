/** Problems that leave the page incomplete, or the pool unable to do as configured. */
import type { Dashboard, Trouble } from "../../../../shared/dashboard.ts";

const told: Readonly<Record<Trouble, string>> = {
  coordinator_unavailable:
    "The pool’s coordinator does not answer. Budgets, cooldowns, leases and reads under way are not known now, and misses are left to people’s own gh.",
  policy_unreadable:
    "The pool’s policy cannot be read, so every read is refused. Set all of it again: octopool admin pool set-policy",
  purges_unreadable:
    "The marks of earlier purges cannot be read, so those purges do not count. Purge again what must go.",
};

/** Beside what is live: a screen reader announces a trouble when it comes. */
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
