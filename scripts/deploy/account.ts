/** Which Cloudflare account the relay lives in. */
import type { Prompter } from "./ask.ts";

export interface CloudflareAccount {
  readonly id: string;
  readonly name: string;
}

const variable = "CLOUDFLARE_ACCOUNT_ID";

/**
 * The account that wrangler.jsonc or the environment names, the only one there is, or the one that the user picks.
 *
 * @returns its id, and whether there was a choice: a choice is written down, since wrangler, run by hand later, would
 * make it anew.
 * @throws Error that lists the accounts when there is no terminal to pick at
 */
export async function chooseAccount(
  accounts: readonly CloudflareAccount[],
  configured: string,
  asker: Prompter,
): Promise<{ account: CloudflareAccount; chosen: boolean }> {
  const named = configured || (asker.answered(variable) ? await asker.ask({ name: variable, text: "" }) : "");
  const listed = accounts.map(({ id, name }, index) => `  ${index + 1}  ${name} (${id})`).join("\n");
  if (named) {
    const account = accounts.find(({ id }) => id === named);
    // A token of narrow rights lists no accounts, and works all the same.
    if (!account && accounts.length > 0)
      throw new Error(
        `this login does not see the account ${named}${configured ? " of wrangler.jsonc" : ""}, but:\n${listed}`,
      );
    return { account: account ?? { id: named, name: named }, chosen: configured === "" && accounts.length > 1 };
  }
  const [only, ...others] = accounts;
  if (!only) throw new Error(`this login sees no account. Set ${variable}, or use a token that may read the account.`);
  if (others.length === 0) return { account: only, chosen: false };
  if (!asker.interactive) throw new Error(`this login sees several accounts. Set ${variable} to one of:\n${listed}`);
  const id = await asker.ask({
    name: variable,
    text: `${listed}\nThe account's number in this list:`,
    required: "one of the accounts is needed.",
    parse: (answer) => {
      const account = accounts[Number(answer) - 1];
      if (!account) throw new Error(`"${answer}" is none of 1 to ${accounts.length}.`);
      return account.id;
    },
  });
  return { account: accounts.find((each) => each.id === id) ?? only, chosen: true };
}
