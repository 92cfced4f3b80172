import * as runs from './contract.ts';
import * as documents from './documents-contract.ts';

/** The API's operations, in the order in which its documents list them. */
export const workspaceRunsOperations = [
  runs.listRuns,
  runs.createRun,
  runs.createRunsBatch,
  runs.getRun,
  runs.cancelRun,
  runs.streamRunEvents,
  runs.downloadRunEvents,
  runs.getRunInput,
  runs.downloadRunInput,
  runs.getRunOutput,
  runs.downloadRunOutput,
  runs.getRunMetrics,
  runs.getRunFields,
  runs.getRunColumns,
  documents.uploadDocument,
  documents.createUpload,
  documents.completeUpload,
  documents.listDocuments,
  documents.getDocument,
  documents.deleteDocument,
  documents.downloadDocument,
  documents.downloadOriginalDocument,
] as const;
