/** Names of this machine, as the `hostname` of a URL has them: plain http is allowed there. */
export const loopback: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
