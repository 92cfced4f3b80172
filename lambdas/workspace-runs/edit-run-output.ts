import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { withReplay } from '../../lib/adapters/http/with-headers.ts';
import { editedOutput, sheetOf } from '../../lib/apis/workspace-runs/outputs/edit-output.ts';
import { assertOneSheet } from '../../lib/apis/workspace-runs/outputs/open-output.ts';
import { attachOutput, findAttachable } from '../../lib/apis/workspace-runs/outputs/output-upload.ts';
import { editRunOutput } from '../../lib/apis/workspace-runs/outputs/outputs-contract.ts';
import { withoutNulls } from '../../lib/apis/workspace-runs/view.ts';

export const handler = lambda(
  editRunOutput,
  filesPlatform,
  async ({ path, body, caller, request }, platform) => {
    assertOneSheet(sheetOf(body));
    const run = await findAttachable(platform, path, 'edited');
    const edited = await editedOutput(platform, run, body);
    const key = request.header('idempotency-key');
    const attached = await attachOutput(platform, caller, run, edited, { key, request: body });
    return withReplay(withoutNulls(attached.output), attached.replayed);
  },
);
