import * as configurations from './configurations/configurations-contract.ts';
import * as runs from './contract.ts';
import * as corrections from './corrections/corrections-contract.ts';
import * as diff from './diff/diff-contract.ts';
import * as documents from './documents/documents-contract.ts';
import * as learned from './learned/learned-contract.ts';
import * as lists from './lists/lists-contract.ts';
import * as members from './members/members-contract.ts';
import * as workspace from './members/workspace-contract.ts';
import * as metrics from './outputs/metrics-contract.ts';
import * as outputs from './outputs/outputs-contract.ts';
import * as propose from './propose/propose-contract.ts';
import * as tries from './try/try-contract.ts';

/** The API's operations, in the order in which its documents list them. */
export const workspaceRunsOperations = [
  runs.listRuns,
  runs.createRun,
  runs.createRunsBatch,
  runs.getRun,
  runs.cancelRun,
  runs.streamRunEvents,
  runs.linkRunEvents,
  runs.downloadRunEvents,
  runs.getRunInput,
  runs.downloadRunInput,
  runs.getRunOutput,
  outputs.uploadRunOutput,
  outputs.editRunOutput,
  outputs.downloadRunOutput,
  outputs.previewRunOutput,
  outputs.listRunOutputSheets,
  metrics.getRunMetrics,
  diff.diffRuns,
  runs.getRunFields,
  runs.getRunColumns,
  corrections.correctColumn,
  corrections.correctValue,
  documents.uploadDocument,
  documents.createUpload,
  documents.completeUpload,
  documents.listDocuments,
  documents.getDocument,
  documents.deleteDocument,
  documents.downloadDocument,
  documents.downloadOriginalDocument,
  documents.addDocumentVersion,
  documents.downloadDocumentVersion,
  configurations.listConfigurations,
  configurations.createConfiguration,
  propose.proposeConfiguration,
  configurations.getConfiguration,
  configurations.updateConfiguration,
  configurations.validateConfiguration,
  tries.tryConfiguration,
  configurations.publishConfiguration,
  configurations.archiveConfiguration,
  learned.getLearned,
  learned.replaceLearned,
  learned.forgetLearned,
  lists.listLists,
  lists.putList,
  lists.getList,
  lists.deleteList,
  members.listApiKeys,
  members.createApiKey,
  members.revokeApiKey,
  members.listMembers,
  members.addMember,
  members.updateMember,
  members.removeMember,
  workspace.getWorkspace,
  workspace.updateWorkspace,
] as const;
