/**
 * The fields of GitHub's public GraphQL schema that are the same for every reader of a public repository. A field that
 * is not named here is denied, so a field that is new in the schema is denied too. Sources: GitHub's public schema, and
 * docs/gh.md, which documents the usable part of it. Fields that were looked at and left out, each with its reason:
 * test/shared/graphql/denied-fields.ts.
 */

/** The fields that may be read of a type. */
export interface TypePolicy {
  /** Fields without a selection of their own. */
  readonly values: string;
  /** Fields with one, and the type that it selects from; `[]` behind the type for a connection of it. */
  readonly objects?: Readonly<Record<string, string>>;
}

const commentValues = `body createdAt createdViaEmail databaseId fullDatabaseId id includesCreatedEdit
  lastEditedAt publishedAt updatedAt url resourcePath`;
const commentObjects = { author: "Actor", editor: "Actor", reactionGroups: "ReactionGroup" } as const;
const person = "id databaseId login avatarUrl url resourcePath";

/** By type; for interfaces and unions the fields that may be asked without naming a member. */
export const policy: Readonly<Record<string, TypePolicy>> = {
  Repository: {
    values: `archivedAt createdAt databaseId description forkCount hasDiscussionsEnabled
      hasIssuesEnabled hasProjectsEnabled hasWikiEnabled homepageUrl id isArchived isDisabled isEmpty isFork
      isInOrganization isMirror isPrivate isTemplate mirrorUrl name nameWithOwner openGraphImageUrl projectsResourcePath
      projectsUrl pushedAt resourcePath sshUrl stargazerCount updatedAt url
      usesCustomOpenGraphImage visibility`,
    objects: {
      defaultBranchRef: "Ref",
      issue: "Issue",
      issueOrPullRequest: "IssueOrPullRequest",
      issues: "Issue[]",
      label: "Label",
      labels: "Label[]",
      languages: "Language[]",
      latestRelease: "Release",
      licenseInfo: "License",
      milestone: "Milestone",
      milestones: "Milestone[]",
      object: "GitObject",
      owner: "RepositoryOwner",
      primaryLanguage: "Language",
      pullRequest: "PullRequest",
      pullRequests: "PullRequest[]",
      ref: "Ref",
      refs: "Ref[]",
      repositoryTopics: "RepositoryTopic[]",
    },
  },
  PullRequest: {
    values: `${commentValues} activeLockReason additions baseRefName baseRefOid changedFiles checksResourcePath checksUrl
      closed closedAt deletions headRefName headRefOid isCrossRepository isDraft locked mergeable merged mergedAt number
      permalink reviewDecision state title`,
    objects: {
      ...commentObjects,
      assignees: "User[]",
      baseRef: "Ref",
      comments: "IssueComment[]",
      commits: "PullRequestCommit[]",
      files: "PullRequestChangedFile[]",
      headRepositoryOwner: "RepositoryOwner",
      labels: "Label[]",
      latestOpinionatedReviews: "PullRequestReview[]",
      latestReviews: "PullRequestReview[]",
      mergeCommit: "Commit",
      mergedBy: "Actor",
      milestone: "Milestone",
      participants: "User[]",
      reviewThreads: "PullRequestReviewThread[]",
      reviews: "PullRequestReview[]",
      statusCheckRollup: "StatusCheckRollup",
    },
  },
  Issue: {
    values: `${commentValues} activeLockReason bodyResourcePath bodyUrl closed closedAt isPinned locked number state
      stateReason title`,
    objects: {
      ...commentObjects,
      assignees: "User[]",
      comments: "IssueComment[]",
      labels: "Label[]",
      milestone: "Milestone",
      participants: "User[]",
    },
  },
  IssueOrPullRequest: { values: "" },
  IssueComment: { values: `${commentValues} isMinimized minimizedReason`, objects: commentObjects },
  PullRequestReview: {
    values: `${commentValues} isMinimized minimizedReason state submittedAt`,
    objects: { ...commentObjects, comments: "PullRequestReviewComment[]", commit: "Commit" },
  },
  PullRequestReviewThread: {
    values: `diffSide id isCollapsed isOutdated isResolved line originalLine originalStartLine path startDiffSide startLine
      subjectType`,
    objects: { comments: "PullRequestReviewComment[]", resolvedBy: "User" },
  },
  PullRequestReviewComment: {
    values: `${commentValues} diffHunk draftedAt isMinimized line minimizedReason originalLine originalPosition
      originalStartLine outdated path position startLine state subjectType`,
    objects: {
      ...commentObjects,
      commit: "Commit",
      originalCommit: "Commit",
      pullRequestReview: "PullRequestReview",
      replyTo: "PullRequestReviewComment",
    },
  },
  PullRequestCommit: { values: "id resourcePath url", objects: { commit: "Commit" } },
  PullRequestChangedFile: { values: "additions changeType deletions path" },
  Commit: {
    values: `abbreviatedOid additions authoredByCommitter authoredDate changedFiles changedFilesIfAvailable
      commitResourcePath commitUrl committedDate committedViaWeb deletions id message messageBody messageHeadline oid pushedDate resourcePath tarballUrl treeResourcePath treeUrl url zipballUrl`,
    objects: {
      author: "GitActor",
      authors: "GitActor[]",
      checkSuites: "CheckSuite[]",
      committer: "GitActor",
      history: "Commit[]",
      parents: "Commit[]",
      status: "Status",
      statusCheckRollup: "StatusCheckRollup",
      tree: "Tree",
    },
  },
  GitObject: { values: "abbreviatedOid commitResourcePath commitUrl id oid" },
  Blob: { values: "abbreviatedOid byteSize commitResourcePath commitUrl id isBinary isTruncated oid text" },
  Tree: {
    values: "abbreviatedOid commitResourcePath commitUrl id oid",
    objects: { entries: "TreeEntry" },
  },
  TreeEntry: {
    values: "extension isGenerated lineCount mode name oid path size type",
    objects: { object: "GitObject" },
  },
  Tag: {
    values: "abbreviatedOid commitResourcePath commitUrl id message name oid",
    objects: { tagger: "GitActor", target: "GitObject" },
  },
  GitActor: { values: "avatarUrl date email name", objects: { user: "User" } },
  StatusCheckRollup: {
    values: "id state",
    objects: { commit: "Commit", contexts: "StatusCheckRollupContext[]" },
  },
  StatusCheckRollupContext: { values: "" },
  Status: { values: "id state", objects: { contexts: "StatusContext", context: "StatusContext" } },
  StatusContext: {
    values: "avatarUrl context createdAt description id state targetUrl",
    objects: { creator: "Actor" },
  },
  CheckRun: {
    values: `completedAt conclusion databaseId detailsUrl externalId id name permalink resourcePath startedAt status
      summary text title url`,
    objects: { annotations: "CheckAnnotation[]", checkSuite: "CheckSuite", steps: "CheckStep[]" },
  },
  CheckStep: { values: "completedAt conclusion externalId name number secondsToCompletion startedAt status" },
  CheckAnnotation: { values: "annotationLevel blobUrl databaseId message path rawDetails title" },
  CheckSuite: {
    values: "conclusion createdAt databaseId id resourcePath status updatedAt url",
    objects: { app: "App", branch: "Ref", checkRuns: "CheckRun[]", creator: "User", workflowRun: "WorkflowRun" },
  },
  App: { values: "databaseId id name slug url" },
  WorkflowRun: {
    values: "createdAt databaseId event id resourcePath runNumber updatedAt url",
    objects: { workflow: "Workflow" },
  },
  Workflow: { values: "createdAt databaseId id name resourcePath updatedAt url" },
  Ref: { values: "id name prefix", objects: { target: "GitObject" } },
  Label: { values: "color createdAt description id isDefault name resourcePath updatedAt url" },
  Milestone: {
    values:
      "closed closedAt createdAt description dueOn id number progressPercentage resourcePath state title updatedAt url",
    objects: { creator: "Actor" },
  },
  Release: {
    values: `createdAt databaseId description id isDraft isLatest isPrerelease name publishedAt
      resourcePath tagName updatedAt url`,
    objects: { author: "User", tag: "Ref", tagCommit: "Commit" },
  },
  Language: { values: "color id name" },
  License: { values: "id key name nickname spdxId url" },
  RepositoryTopic: { values: "id resourcePath url", objects: { topic: "Topic" } },
  Topic: { values: "id name" },
  ReactionGroup: { values: "content", objects: { reactors: "Reactor[]", users: "User[]" } },
  Reactor: { values: "" },
  Actor: { values: "avatarUrl login resourcePath url" },
  RepositoryOwner: { values: "avatarUrl id login resourcePath url" },
  User: { values: `${person} name` },
  Organization: { values: `${person} name` },
  Bot: { values: `${person} createdAt updatedAt` },
  Mannequin: { values: `${person} createdAt updatedAt` },
};

/** Types that a fragment may name where an interface or a union stands. */
export const members: Readonly<Record<string, readonly string[]>> = {
  Actor: ["User", "Bot", "Mannequin", "Organization"],
  RepositoryOwner: ["User", "Organization"],
  StatusCheckRollupContext: ["CheckRun", "StatusContext"],
  IssueOrPullRequest: ["Issue", "PullRequest"],
  GitObject: ["Commit", "Blob", "Tree", "Tag"],
  Reactor: ["User", "Bot", "Mannequin", "Organization"],
};

/** Arguments that choose among items that every caller sees. Others are denied: some of them ask about the viewer. */
export const allowedArguments: ReadonlySet<string> = new Set(
  `first last after before orderBy states number name expression oid qualifiedName refPrefix query labels headRefName
  baseRefName direction path since until size limit skip`.split(/\s+/),
);

/** The answer depends on whether the caller has a review that was not sent yet. */
export const draftFields: Readonly<Record<string, readonly string[]>> = {
  PullRequest: ["reviews", "latestReviews", "latestOpinionatedReviews", "reviewThreads"],
  PullRequestReview: ["comments"],
};

/** Fields that others decide by: never answered from the cache, only by a request in progress. */
export const gateFields: ReadonlySet<string> = new Set(
  "state stateReason closed closedAt merged mergedAt mergeable headRefOid statusCheckRollup reviewDecision status conclusion".split(
    " ",
  ),
);
