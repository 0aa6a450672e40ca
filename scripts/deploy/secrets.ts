/** The relay's secrets: which are made here, which are asked for, and what goes missing without each. */
import { createPrivateKey, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Asker } from "./ask.ts";

export interface SecretRow {
  readonly name: string;
  readonly required: boolean;
  /** What does not work without it. */
  readonly without: string;
  readonly question: string;
  /** Made here, never asked for. */
  readonly generate?: () => string;
  readonly hidden?: boolean;
  /** Whether this deployment can use it. */
  readonly wanted?: (state: { readonly oauthClient: string }) => boolean;
  /** From what was typed to what is stored. */
  readonly convert?: (answer: string) => Promise<string>;
}

export const secretRows: readonly SecretRow[] = [
  {
    name: "OCTOPOOL_ADMIN_TOKEN",
    required: true,
    without: "octopool admin",
    question: "",
    generate: () => randomBytes(32).toString("base64url"),
  },
  {
    name: "OCTOPOOL_GITHUB_ORG_TOKEN",
    required: true,
    without: "checking memberships again: everybody logs in anew each day",
    question: "A GitHub token of a member that may read the organisation's members (read:org); Enter skips:",
    hidden: true,
  },
  {
    name: "OCTOPOOL_GITHUB_APP_ID",
    required: false,
    without: "GitHub App identities",
    question: "The GitHub App's id (a number), if the pool uses an App; Enter skips:",
  },
  {
    name: "POOL_APP_KEY",
    required: false,
    without: "GitHub App identities",
    question: "The file with the App's private key, as GitHub gave it (.pem); Enter skips:",
    convert: async (file) => pkcs8(await readFile(file, "utf8")),
  },
  {
    name: "GITHUB_OAUTH_CLIENT_SECRET",
    required: false,
    without: "signing in to the dashboard",
    question: "The OAuth app's client secret; Enter skips:",
    hidden: true,
    wanted: ({ oauthClient }) => oauthClient !== "",
  },
];

/** GitHub hands out PKCS#1; WebCrypto, and so the relay, reads PKCS#8 only. */
export function pkcs8(pem: string): string {
  return createPrivateKey(pem).export({ type: "pkcs8", format: "pem" }).toString();
}

/** The value to store, or undefined when there is none to be had. */
export async function secretValue(row: SecretRow, asker: Asker): Promise<string | undefined> {
  if (row.generate) return row.generate();
  const answer = await asker.ask({ name: row.name, text: row.question, hidden: row.hidden ?? false });
  if (answer === "") return undefined;
  return row.convert ? row.convert(answer) : answer;
}
