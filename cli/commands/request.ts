import { type CommandDefinition, jqOption, poolOption, serverOption } from "../command.ts";

export const requestCommand: CommandDefinition = {
  name: "request",
  group: "Everyday commands",
  summary: "Send one read to the relay and print its whole answer",
  description:
    "Prints the relay's envelope byte for byte: GitHub's status, headers and body, the identity that answered, and the answer's age. For debugging; daily reads go through gh.",
  arguments: [{ name: "path", description: "GitHub API path, as `gh api` takes it; a query may follow a `?`." }],
  options: [
    { flags: "--path <path>", description: "The path, in its older form.", hidden: true },
    { flags: "--query <key=value>", description: "Query parameter.", repeatable: true },
    {
      flags: "--header <key=value>",
      description: "Request header: accept, x-github-api-version, if-none-match, if-modified-since, cache-control.",
      repeatable: true,
    },
    { ...jqOption, description: "Print the result of a jq expression on the envelope; the answer itself is .body." },
    { flags: "--method <method>", description: "HTTP method; the relay takes GET.", default: "GET" },
    poolOption,
    serverOption,
  ],
  examples: [
    { command: "octopool request repos/cli/cli/pulls/1", does: "look at relay.cache in the answer" },
    {
      command: 'octopool request "repos/cli/cli/issues?state=open&per_page=5"',
      does: "with a query",
    },
    { command: "octopool request repos/cli/cli --header cache-control=max-age=0", does: "ask GitHub now" },
  ],
  run: async (context) => (await import("../request/request.ts")).request(context),
};
