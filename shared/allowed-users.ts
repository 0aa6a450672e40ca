/**
 * `ALLOWED_GITHUB_USERS`: accounts that may use a relay beside the members of its organisation, as `login:id,login:id`.
 * The id decides, because a login can pass to another account; the login is for people who read the setting.
 */

interface AllowedUser {
  readonly login: string;
  /** GitHub's immutable number of the account. */
  readonly id: number;
}

interface AllowedUsers {
  readonly users: readonly AllowedUser[];
  /** Entries that name no account; they admit no account. */
  readonly unusable: readonly string[];
}

/** The form of GitHub's logins; an App's bot ends in `[bot]`. */
export const loginPattern = /^[a-z\d](?:[a-z\d-]{0,37}[a-z\d])?(?:_[a-z\d]+)?(?:\[bot\])?$/i;

/** Never throws: an entry that cannot be used admits no account and does not affect other entries. */
export function parseAllowedUsers(text: string): AllowedUsers {
  const entries = text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  const users: AllowedUser[] = [];
  const unusable: string[] = [];
  for (const entry of entries) {
    const [login = "", number = "", ...more] = entry.split(":").map((part) => part.trim());
    const id = /^[1-9]\d{0,14}$/.test(number) ? Number(number) : undefined;
    if (id !== undefined && more.length === 0 && loginPattern.test(login)) users.push({ login, id });
    else unusable.push(entry);
  }
  return { users, unusable };
}
