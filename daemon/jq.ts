/** gh's jq, for the client's own `-q`: the one part of the engine that a command may use without a daemon. */
export { runJq, stopJq } from "./gh/jq/index.ts";
