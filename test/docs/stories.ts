/** How the pages are read: the steps of a reader before each, and stand-ins for names that only an example has. */
import type { DocsSetup } from "./stage.ts";

/** Typed before each section of the other pages: a reader who has logged in, and undone an earlier section. */
export const before = `
octopool whoami >/dev/null 2>&1 || octopool login https://relay.example.org >/dev/null
octopool admin identity enable bot1 >/dev/null
octopool admin caller enable mona >/dev/null
`;

/** Pages whose reader begins with nothing. */
export const newcomers: ReadonlySet<string> = new Set(["README.md", "docs/index.md", "docs/self-hosting.md"]);

/** Commands that serve until they are stopped, and their output once they do. */
export const servers: Readonly<Record<string, RegExp>> = {
  "npm start": /Ctrl-C ends it/,
  "npm run github-emulator": /github-emulator ready/,
  "npm run docs:serve": /Server at http/,
  "octopool daemon run": /./,
  "octopool daemon logs -f": /./,
  "octopool admin audit -f": /./,
  "octopool stats --watch --since 1h": /last 1 h/,
  "npx wrangler tail": /waiting for logs/,
};

/** The output that some commands must show, beside exit code 0. */
export const shows: Readonly<Record<string, RegExp>> = {
  "gh pr list": /7\tOil it\toil/,
  "octopool gh pr list -R acme/tool": /7\tOil it\toil/,
  "octopool whoami": /mona/,
  "octopool whoami --json | jq -r .pool": /^(maintainers|bots)$/m,
  "octopool stats": /maintainers/,
  "octopool health": /bot1|1 of 1|identit/,
  "octopool prove gh pr view 7 --json title,state": /^Equal: /m,
  "octopool explain gh pr view 7 --json title": /repos\/acme\/tool\/pulls\/7/,
  "octopool admin caller list": /mona/,
  "octopool admin caller add triage-bot --name ci-1": /^op_[\w-]{43}$/m,
  "octopool admin identity list": /bot1/,
  "octopool admin audit --changes": /identity/,
  "npm run deploy -- --dry-run": /would run: wrangler deploy/,
  "npm run deploy": /The relay is at/,
  "npm run deploy -- --check": /✓ migrations/i,
  "OCTOPOOL_E2E_HOST=relay.example.org npm run e2e": /all well/,
  'curl --unix-socket "$sock" http://octopool/status': /"state":"running"/,
};

/** Commands typed in place of the page's: a shell of another kind, a file that is not there yet. */
export const typedAs: Readonly<Record<string, string>> = {
  'eval "$(octopool completion zsh)"': `zsh -fc 'autoload -Uz compinit && compinit -D && eval "$(octopool completion zsh)"'`,
  "octopool daemon run": "octopool daemon stop; octopool daemon run",
};

/**
 * Commands that are only named, since they would change the machine itself: the proof of each is beside it.
 */
export const namedOnly: Readonly<Record<string, string>> = {
  "npm install -g octopool": "test/e2e/package.test.ts installs the package that is published",
  "octopool wait pr 7 --for checks && gh pr merge 7": "test/e2e/events.test.ts waits until the event happens",
  "octopool wait pr 7 --for review --timeout 8h -R cli/cli": "as above",
  "octopool wait run 41 --json": "as above",
  "octopool wait pr 7 --for merged": "as above",
  "octopool wait run 41": "as above",
  "npm run goldens -- --gh PATH": "test/differential/goldens.test.ts compares its files",
};

/** Where there is no real gh these are left out: its stand-in writes, and prints its version, no more. */
export const needRealGh: ReadonlySet<string> = new Set([
  "GH_CONFIG_DIR=$PWD/gh-config GH_TOKEN=demo-token-ada-okafor gh pr list -R lumen-labs/lantern",
]);

/** The example names of pages, with their names here. */
export function substitutes({ relay, directory }: DocsSetup): readonly (readonly [string, string])[] {
  return [
    ["https://relay.example.org", relay],
    ["relay.example.org", relay],
    ["GH_TOKEN=…", "GH_TOKEN=docs-token-of-mona"],
    ["op_…", "$BOT_TOKEN"],
    ["/tmp/", `${directory}/`],
    ["--port 4000", "--port 0"],
  ];
}
