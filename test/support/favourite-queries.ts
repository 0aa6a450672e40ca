/** The most frequent GraphQL queries of agents' tools. */

interface FavouriteQuery {
  readonly name: string;
  readonly query: string;
  /** It shows the caller's own unsent reviews. */
  readonly drafts: boolean;
}

const ofNumber = "query($owner: String!, $repo: String!, $number: Int!";
const repository = "repository(owner: $owner, name: $repo)";

export const favouriteQueries: readonly FavouriteQuery[] = [
  {
    name: "review threads with comments",
    drafts: true,
    query: `${ofNumber}, $endCursor: String) {
      ${repository} { pullRequest(number: $number) { reviewThreads(first: 100, after: $endCursor) {
        pageInfo { hasNextPage endCursor }
        nodes { id isResolved isOutdated path line
          comments(first: 50) { nodes { id databaseId body author { login } createdAt } } } } } } }`,
  },
  {
    name: "latest reviews and decision",
    drafts: true,
    query: `${ofNumber}) { ${repository} { pullRequest(number: $number) {
      reviewDecision latestReviews(first: 20) { nodes { author { login } state submittedAt } } } } }`,
  },
  {
    name: "rollup with contexts",
    drafts: false,
    query: `${ofNumber}) { ${repository} { pullRequest(number: $number) { commits(last: 1) { nodes { commit {
      statusCheckRollup { state contexts(first: 100) { nodes { __typename
        ... on CheckRun { name status conclusion detailsUrl checkSuite { workflowRun { workflow { name } } } }
        ... on StatusContext { context state targetUrl } } } } } } } } } }`,
  },
  {
    name: "a page of pull requests with heads and checks",
    drafts: false,
    query: `query($owner: String!, $repo: String!) { ${repository} {
      pullRequests(first: 30, states: OPEN, orderBy: {field: UPDATED_AT, direction: DESC}) {
        totalCount nodes { number title isDraft headRefName headRefOid author { login }
          commits(last: 1) { nodes { commit { statusCheckRollup { state } } } } } } } }`,
  },
  {
    name: "issue with labels and comments",
    drafts: false,
    query: `${ofNumber}) { ${repository} { issue(number: $number) { title body state
      labels(first: 20) { nodes { name color } }
      comments(first: 100) { nodes { author { login } body createdAt } } } } }`,
  },
];
