/** The output of `npm run deploy -- --help`. */

import { firstUseVariables } from "./first-use.ts";
import { secretRows } from "./secrets.ts";
import { settingRows } from "./settings.ts";
import { webhookVariable } from "./webhook.ts";

const variables = [
  ...settingRows.map(({ name, text }) => [name, text]),
  ...secretRows.map(({ name, text }) => [name, text]),
  ...firstUseVariables,
  webhookVariable,
  ["CLOUDFLARE_API_TOKEN", "Cloudflare's login without a browser"],
  ["CLOUDFLARE_ACCOUNT_ID", "The account, where the login sees several"],
  ["OCTOPOOL_E2E_HOST", "Where the relay is verified, instead of at its own address"],
];

const plain = (text = "") => text.replace(/(?:; Enter skips)?:$|\? y\/N, or a bucket's name:$/, "");

export const help = `Brings a relay to Cloudflare, from nothing or from where it stands. Safe to repeat.

Usage: npm run deploy [-- options]

Options:
  --dry-run       print every step, change nothing; needs no account
  --check         list missing parts, change nothing
  --json          with --check: findings for programs
  --config FILE   another file than wrangler.jsonc
  -h, --help      this text

Questions are asked at a terminal, unless these variables answer them; an empty one skips:
${variables.map(([name = "", text]) => `  ${name.padEnd(26)}  ${plain(text)}`).join("\n")}

Values that are set already are not asked for again: settings are changed in wrangler.jsonc, secrets with
npx wrangler secret put NAME. The operator's token is made, and kept in ~/.config/octopool/operator-token.

Ends with 0 when all is well, 1 when something failed or is missing, 2 for a wrong option, 130 when stopped.

Example: ALLOWED_GITHUB_ORG=acme OCTOPOOL_HOST=relay.example.org npm run deploy -- --dry-run`;
