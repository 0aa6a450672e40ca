/** The parameters that route patterns are made of. Patterns see the path as it is on the wire, percent-encoded. */

const name = /^[A-Za-z0-9_.-]+$/;
const digits = /^[0-9]+$/;
const sha = /^[0-9a-fA-F]{7,64}$/;
const segment = /^[^/?#]+$/;

/** Each parameter's grammar. A name that ends in `+` takes several segments. */
export const grammar: Readonly<Record<string, (value: string) => boolean>> = {
  owner: (value) => name.test(value),
  repo: (value) => name.test(value),
  org: (value) => name.test(value),
  login: (value) => /^(?=.{1,39}(\[bot\])?$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*(\[bot\]|%5[Bb]bot%5[Dd])?$/.test(value),
  id: (value) => digits.test(value),
  number: (value) => digits.test(value),
  attempt: (value) => digits.test(value),
  sha: (value) => sha.test(value),
  /** A commit named otherwise than by its hash: the two kinds never overlap. */
  ref: (value) => segment.test(value) && !sha.test(value),
  branch: (value) => segment.test(value),
  tag: (value) => segment.test(value),
  label: (value) => segment.test(value),
  workflow: (value) => segment.test(value),
  license: (value) => name.test(value),
  template: (value) => /^[A-Za-z0-9_.+%-]+$/.test(value),
  gist: (value) => /^[0-9a-fA-F]+$/.test(value),
  /** `base...head` inside one repository: a colon would name another one. */
  basehead: (value) => /^[^/?#]+?\.\.\.[^/?#]+$/.test(value) && !/:|%3a/i.test(value),
  "path+": (value) => value !== "" && !value.split("/").includes(""),
  "ref_path+": (value) => value !== "" && !value.split("/").includes(""),
};
