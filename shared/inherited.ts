/**
 * The variables that a daemon may take from the process that starts it. It serves every caller of the machine, so this
 * is a closed list: variables that can change an answer come with each call (shared/protocol.ts), and any other
 * variable, such as a credential, an option of Node's or a library to preload, is not inherited.
 */

type Environment = Readonly<Record<string, string | undefined>>;

/** Name and reason of every variable that is inherited. */
export const inherited = {
  PATH: "where git is for a call that names no PATH",
  HOME: "whose login answers reads that bring no variables (`GET /github`, curl by hand)",
  XDG_CONFIG_HOME: "as HOME",
  USER: "names the account to the system's keyring",
  LOGNAME: "as USER",
  XDG_RUNTIME_DIR: "where the keyring's bus is",
  DBUS_SESSION_BUS_ADDRESS: "as XDG_RUNTIME_DIR",
  LD_LIBRARY_PATH: "the program may not start without its libraries",
  DYLD_LIBRARY_PATH: "as LD_LIBRARY_PATH, on macOS",
  OCTOPOOL_URL: "the relay of reads that bring no variables",
  OCTOPOOL_TOKEN: "the login of reads that bring no variables, where it is not a saved one",
  OCTOPOOL_POOL: "as OCTOPOOL_URL",
  OCTOPOOL_CLIENT: "as OCTOPOOL_URL",
  OCTOPOOL_ALLOW_INSECURE_LOGIN: "as OCTOPOOL_URL",
  OCTOPOOL_CREDENTIAL_STORE: "as OCTOPOOL_TOKEN",
  OCTOPOOL_RUNTIME_DIR: "where the daemon lives; the starter names the directory that it looked at",
  OCTOPOOL_CACHE_MIB: "a setting of the daemon",
  OCTOPOOL_IDLE_SECONDS: "a setting of the daemon",
  HTTPS_PROXY: "the way to the relay of reads that bring no variables",
  HTTP_PROXY: "as HTTPS_PROXY",
  NO_PROXY: "as HTTPS_PROXY",
  https_proxy: "as HTTPS_PROXY",
  http_proxy: "as HTTPS_PROXY",
  no_proxy: "as HTTPS_PROXY",
} as const satisfies Record<string, string>;

/** The variables of an environment that a daemon is started with. */
export function inheritedFrom(env: Environment): Record<string, string> {
  const names = Object.keys(inherited);
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
