/** The relay's secrets: which are asked for, the form of a good answer, and the loss without each. */
import { createPrivateKey, type KeyObject, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Prompt } from "./ask.ts";

export const adminToken = "OCTOPOOL_ADMIN_TOKEN";

interface SecretRow extends Prompt {
  /** The relay does not do its work without it. */
  readonly vital: boolean;
  /** The features that need it. */
  readonly without: string;
  /** The setting or secret without which it is of no use. */
  readonly needs?: string;
}

/** A good operator's token: 256 random bits. */
export const makeToken = () => randomBytes(32).toString("base64url");

export const secretRows: readonly SecretRow[] = [
  {
    name: "GITHUB_OAUTH_CLIENT_SECRET",
    text: "The OAuth app's client secret; Enter skips:",
    vital: false,
    without: "signing in to the dashboard",
    needs: "GITHUB_OAUTH_CLIENT_ID",
    hidden: true,
    parse: shaped(/^\S{8,}$/, "is no client secret: one word, as GitHub showed it once"),
  },
  {
    name: "OCTOPOOL_GITHUB_ORG_TOKEN",
    text: "A GitHub token of a member that may read the organisation's members (read:org); without it every member logs in anew each day; Enter skips:",
    vital: true,
    needs: "ALLOWED_GITHUB_ORG",
    without: "checking of memberships: every member logs in anew each day",
    hidden: true,
    parse: shaped(
      /^(?:gh[a-z]_\w{16,}|github_pat_\w{16,}|[\da-f]{40})$/,
      "is no GitHub token: they begin with ghp_ or github_pat_",
    ),
  },
  {
    name: "OCTOPOOL_GITHUB_APP_ID",
    text: "The GitHub App's id (a number), if the pool uses an App; Enter skips:",
    vital: false,
    without: "GitHub App identities",
    parse: shaped(/^[1-9]\d*$/, "is no App's id: the number on its settings page"),
  },
  {
    name: "POOL_APP_KEY",
    text: "The file with the App's private key, as GitHub gave it (.pem); Enter skips:",
    vital: false,
    without: "GitHub App identities",
    needs: "OCTOPOOL_GITHUB_APP_ID",
    parse: keyOf,
  },
];

/** The answer may be a secret: its fault is told without it. */
function shaped(pattern: RegExp, problem: string): (answer: string) => string {
  return (answer) => {
    if (!pattern.test(answer)) throw new Error(`This ${problem}.`);
    return answer;
  };
}

async function keyOf(file: string): Promise<string> {
  const pem = await readFile(file, "utf8").catch(() => {
    throw new Error(`${file} cannot be read.`);
  });
  return pkcs8(pem, file);
}

/**
 * GitHub hands out PKCS#1; WebCrypto, and so the relay, reads PKCS#8 only.
 *
 * @throws Error that names the file when it holds no RSA key without a passphrase
 */
function pkcs8(pem: string, file: string): string {
  const key = privateKey(pem);
  if (key?.asymmetricKeyType !== "rsa")
    throw new Error(`${file} holds no RSA private key. Generate one on the App's page; GitHub hands out a .pem file.`);
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function privateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
