import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { proposeConfiguration } from '../../lib/apis/workspace-runs/propose/propose-contract.ts';
import { proposeForDocuments } from '../../lib/apis/workspace-runs/propose/propose-for-documents.ts';

export const handler = lambda(proposeConfiguration, filesPlatform, ({ caller, body }, platform) => {
  const { document_id, document_ids = [], table_detection: tableDetection = 'regions' } = body;
  const documentIds = document_id === undefined ? document_ids : [document_id, ...document_ids];
  return proposeForDocuments(platform, caller.workspaceId, { documentIds, tableDetection });
});
