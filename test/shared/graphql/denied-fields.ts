/** Fields that were looked at and left out, each with its reason; every other field is left out as well. */
export const denied: readonly { readonly type: string; readonly fields: string; readonly reason: string }[] = [
  {
    type: "*",
    fields: "authorAssociation",
    reason: "GitHub computes it for the viewer: MEMBER for some tokens, CONTRIBUTOR for others",
  },
  {
    type: "*",
    fields: `bodyHTML bodyText titleHTML descriptionHTML shortDescriptionHTML messageBodyHTML messageHeadlineHTML`,
    reason: "rendered for the viewer: links to restricted data, and signed addresses of attachments",
  },
  {
    type: "PullRequest",
    fields: "reviewRequests",
    reason: "a requested team is shown only to users who may see it",
  },
  {
    type: "PullRequest",
    fields:
      "isReadByViewer maintainerCanModify totalCommentsCount canBeRebased mergeStateStatus revertUrl revertResourcePath",
    reason: "depends on the viewer's rights, or counts the viewer's unsent comments",
  },
  {
    type: "PullRequest",
    fields:
      "headRepository headRef closingIssuesReferences timeline timelineItems mergeQueue mergeQueueEntry autoMergeRequest",
    reason: "may lead to a repository or an item that is not public, or follows rights",
  },
  {
    type: "PullRequest",
    fields: "projectCards projectItems projectV2 projectsV2 suggestedReviewers userContentEdits hovercard",
    reason: "private projects, or made for the viewer",
  },
  { type: "PullRequestReview", fields: "authorCanPushToRepository onBehalfOf", reason: "rights and secret teams" },
  { type: "CheckRun", fields: "isRequired", reason: "follows protection rules" },
  { type: "StatusContext", fields: "isRequired", reason: "follows protection rules" },
  {
    type: "Issue",
    fields: `isReadByViewer closedByPullRequestsReferences timeline timelineItems trackedIssues trackedInIssues
      trackedIssuesCount parent subIssues subIssuesSummary linkedBranches hovercard projectCards projectItems projectV2
      projectsV2 userContentEdits`,
    reason: "private cross-references and projects, or made for the viewer",
  },
  {
    type: "Repository",
    fields: `forks parent templateRepository submodules collaborators assignableUsers mentionableUsers deployKeys
      branchProtectionRules ruleset rulesets vulnerabilityAlert vulnerabilityAlerts environments interactionAbility
      planFeatures packages dependencyGraphManifests mergeQueue tempCloneToken diskUsage hasVulnerabilityAlertsEnabled
      forkingAllowed lockReason isLocked releases release discussions discussion projectsV2 recentProjects
      autoMergeAllowed mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed deleteBranchOnMerge allowUpdateBranch`,
    reason: "follows rights, shows drafts, or leads out of the repository",
  },
  {
    type: "Commit",
    fields: "associatedPullRequests onBehalfOf signature blame deployments submodules",
    reason: "leads elsewhere",
  },
];
