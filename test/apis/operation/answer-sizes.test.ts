import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { MAX_JSON_LENGTH } from '../../../lib/adapters/http/json-body.ts';
import { HEAD_BYTES } from '../../../lib/adapters/http/reply.ts';
import { MAX_VERSION_BYTES } from '../../../lib/agents/version.ts';
import * as agentContent from '../../../lib/apis/agent-run/content.ts';
import { MAX_VARIABLE_NAME, MAX_VARIABLES } from '../../../lib/apis/agent-run/contract.ts';
import { PRICED_UNITS } from '../../../lib/apis/cost/receipt.ts';
import * as contentType from '../../../lib/apis/files/content-type.ts';
import { MAX_NAME } from '../../../lib/apis/files/file-names.ts';
import { operations } from '../../../lib/apis/index.ts';
import { bytesOf, cutText, MAX_ANSWER_BYTES } from '../../../lib/apis/operation/answer-size.ts';
import { isStreaming, type Operation } from '../../../lib/apis/operation/operation.ts';
import { MAX_FILES } from '../../../lib/apis/process-runs/contract.ts';
import { MAX_PAGE_BYTES, whatFits } from '../../../lib/apis/records/page.ts';
import * as messages from '../../../lib/apis/thread-runs/messages.ts';
import { MAX_SHOWN } from '../../../lib/apis/thread-runs/thread-summary.ts';
import { MAX_MESSAGE } from '../../../lib/apis/thread-runs/wire.ts';
import { MAX_DEFINITION_BYTES } from '../../../lib/apis/workspace-runs/configurations/configuration-drafts.ts';
import { MAX_ERRORS, MAX_TEXT } from '../../../lib/apis/workspace-runs/configurations/configuration-rules.ts';
import { MAX_BATCH, MAX_OPTIONS_BYTES } from '../../../lib/apis/workspace-runs/contract.ts';
import { MAX_METADATA_BYTES } from '../../../lib/apis/workspace-runs/documents/document-limits.ts';
import { MAX_COLUMNS_BYTES } from '../../../lib/apis/workspace-runs/documents/document-list.ts';
import { MAX_LEARNED_BYTES } from '../../../lib/apis/workspace-runs/learned/learned-record.ts';
import { MAX_PROPOSAL_BYTES } from '../../../lib/apis/workspace-runs/propose/propose-for-documents.ts';
import { MAX_ISSUES_BYTES, MAX_MAPPING_BYTES } from '../../../lib/apis/workspace-runs/try/try-limits.ts';
import { MAX_CODE, MAX_MESSAGE as MAX_FAILURE } from '../../../lib/runs/failure.ts';
import { MAX_FIELDS } from '../../../lib/spreadsheets/configuration.ts';
import { MAX_DIFF_BYTES } from '../../../lib/spreadsheets/diff/limits.ts';
import { MAX_CELL_CHARACTERS, MAX_SHEET_NAME, MAX_SHEETS } from '../../../lib/spreadsheets/limits.ts';
import { MAX_WRAPPED_BYTES } from '../../../lib/spreadsheets/preview/sheet-preview.ts';
import { chanceOf } from '../../support/chance.ts';
import { type Bound, Boundless, type Bounds, worstAnswer } from './worst-answer.ts';

/** 26 characters, and what stands before them. */
const ID: Bound = { plain: 40 };
/** Three values that a list was sorted by, file names among them, as base64. */
const CURSOR: Bound = { plain: 12_000 };
const NAME: Bound = { text: 100 };
const FILE_NAME: Bound = { printable: MAX_NAME };
const TYPE: Bound = { printable: contentType.MAX_CHARACTERS };
const ADDRESS: Bound = { plain: 2_000 };
const EMAIL: Bound = { text: 320 };
const CODE: Bound = { text: MAX_CODE };
/** The sentence of a failure. */
const SENTENCE: Bound = { text: MAX_FAILURE };
/** No record has more, so that nothing that stands in one has. */
const RECORD: Bound = { json: 409_600 };
/** No character of a body takes more than three bytes of an answer. */
const BODY: Bound = { sent: 3 * MAX_JSON_LENGTH };
const OPTIONS: Bound = { sent: 3 * MAX_OPTIONS_BYTES };
const PRESIGNED: Bound = { sent: 20_000 };
const DEFINITION: Bound = { json: MAX_DEFINITION_BYTES };
/** An execution's output, each of whose members becomes a pair: `{"a":1}` six times as long. */
const OUTPUTS: Bound = { sent: 6 * 262_144 };

/** Every member whose schema says no bound, with the bound that the code gives it. */
const BOUNDS: Bounds = {
  'Agent.id': ID,
  'Agent.name': NAME,
  'AgentPage.nextCursor': CURSOR,
  'AgentRun.agentId': ID,
  'AgentRun.failure.code': CODE,
  'AgentRun.failure.message': SENTENCE,
  'AgentRun.finishReason': CODE,
  'AgentRun.modelId': RECORD,
  'AgentRun.variableNames': { list: MAX_VARIABLES },
  'AgentRun.variableNames[]': { text: MAX_VARIABLE_NAME },
  'AgentRunCost.items': { list: PRICED_UNITS.length },
  'AgentRunDetails.agentId': ID,
  // Both came with one request.
  'AgentRunDetails.content.extraMessages': BODY,
  'AgentRunDetails.content.variables': { sent: 0 },
  'AgentRunDetails.content.text': { sent: agentContent.MAX_TEXT_BYTES },
  'AgentRunDetails.failure.code': CODE,
  'AgentRunDetails.failure.message': SENTENCE,
  'AgentRunDetails.finishReason': CODE,
  'AgentRunDetails.modelId': RECORD,
  'AgentRunDetails.variableNames': { list: MAX_VARIABLES },
  'AgentRunDetails.variableNames[]': { text: MAX_VARIABLE_NAME },
  'AgentRunPage.items': 'page',
  'AgentRunPage.nextCursor': CURSOR,
  'AgentVersion.agentId': ID,
  'AgentVersion.definition': { json: MAX_VERSION_BYTES },
  'AgentVersionPage.nextCursor': CURSOR,
  'AgentVersionSummary.agentId': ID,
  'ApiKey.agentId': ID,
  'ApiKey.name': NAME,
  'ApiKey.prefix': ID,
  'ApiKeyCreated.agentId': ID,
  'ApiKeyCreated.name': NAME,
  'ApiKeyCreated.prefix': ID,
  'ApiKeyCreated.secret': { plain: 100 },
  'ChatAnswer.finishReason': CODE,
  'ChatAnswer.metadata': ID,
  'ChatAnswer.response': { sent: messages.MAX_TEXT_BYTES },
  'ChatAnswer.threadId': ID,
  'ChatAnswer.userMessage': { text: MAX_MESSAGE },
  'ConfigurationDetails.definition': DEFINITION,
  'ConfigurationDetails.name': NAME,
  'ConfigurationCheck.errors': { list: MAX_ERRORS },
  'ConfigurationCheck.errors[].code': CODE,
  'ConfigurationCheck.errors[].message': { text: MAX_TEXT },
  'ConfigurationCheck.errors[].path': { text: MAX_TEXT },
  'ConfigurationSummary.name': NAME,
  'Document.contentType': TYPE,
  'Document.lastRun.errorMessage': SENTENCE,
  'Document.lastRunFields': { list: MAX_FIELDS },
  'Document.lastRunTableColumns': { sent: MAX_COLUMNS_BYTES },
  'Document.metadata': { json: MAX_METADATA_BYTES },
  'Document.name': FILE_NAME,
  'Document.tags': { list: 0 },
  'Document.tags[]': NAME,
  'Document.uploader.email': EMAIL,
  'Document.uploader.name': NAME,
  'DocumentPage.items': 'page',
  'DocumentRow.contentType': TYPE,
  'DocumentRow.lastRun.errorMessage': SENTENCE,
  'DocumentRow.lastRunFields': { list: MAX_FIELDS },
  'DocumentRow.lastRunTableColumns': { sent: MAX_COLUMNS_BYTES },
  'DocumentRow.metadata': { json: MAX_METADATA_BYTES },
  'DocumentRow.name': FILE_NAME,
  'DocumentRow.tags': { list: 0 },
  'DocumentRow.tags[]': NAME,
  'DocumentRow.uploader.email': EMAIL,
  'DocumentRow.uploader.name': NAME,
  'Member.email': EMAIL,
  'Member.sub': { text: 255 },
  'PageMeta.changesCursor': CURSOR,
  'PageMeta.nextCursor': CURSOR,
  'Process.agent_id': ID,
  'Process.id': ID,
  'Process.name': NAME,
  'ProcessFile.file_name': FILE_NAME,
  'ProcessFile.id': ID,
  'ProcessFile.upload_fields': PRESIGNED,
  'ProcessFile.upload_http_headers': PRESIGNED,
  'ProcessFile.upload_url': ADDRESS,
  'ProcessList.continuation_token': CURSOR,
  'ProcessRegistration.agent_id': ID,
  'ProcessRegistration.id': ID,
  'ProcessRegistration.name': NAME,
  'ProcessRegistration.state_machine_arn': { plain: 300 },
  'ProcessRun.agent_id': ID,
  'ProcessRun.file_ids': { list: MAX_FILES },
  'ProcessRun.file_ids[]': ID,
  'ProcessRun.id': ID,
  'ProcessRun.name': NAME,
  'ProcessRun.outputs': OUTPUTS,
  'ProcessRun.process_id': ID,
  'ProcessRunList.continuation_token': CURSOR,
  'ProcessRunList.items': 'page',
  'Provider.id': ID,
  'OpenAiCompatibleSettings.apiKeyHeader': { plain: 100 },
  'OpenAiCompatibleSettings.apiKeyRef': { plain: 500 },
  'OpenAiCompatibleSettings.headers': { sent: 20 * (100 + 4 * 1_000 + 10) },
  'ProviderPage.items': 'page',
  'ProviderPage.nextCursor': CURSOR,
  'RunBatch.runs': { list: MAX_BATCH },
  'Learned.headers': { json: MAX_LEARNED_BYTES },
  'Learned.values': { json: MAX_LEARNED_BYTES },
  'RunColumn.column_id': ID,
  'RunColumn.header_normalized': { text: MAX_CELL_CHARACTERS },
  'RunColumn.header_raw': { text: MAX_CELL_CHARACTERS },
  'RunColumn.mapped_field': { plain: 64 },
  'RunColumn.mapping_method': CODE,
  'RunColumn.runner_up.field': { plain: 64 },
  'RunColumn.sheet_name': { text: MAX_SHEET_NAME },
  'RunColumn.unmapped_reason': CODE,
  'RunColumn.workbook_name': FILE_NAME,
  'RunCost.items': { list: PRICED_UNITS.length },
  'RunEventsLink.url': ADDRESS,
  'RunDiff.sheets': { sent: MAX_DIFF_BYTES },
  'RunField.field': { plain: 64 },
  'RunField.label': { text: 500 },
  'RunInput.content_type': TYPE,
  'RunInput.download_url': ADDRESS,
  'RunInput.filename': FILE_NAME,
  'RunInput.input_sheet_names': OPTIONS,
  'RunMetrics.validation_max_severity': CODE,
  'RunMetricsWithCost.validation_max_severity': CODE,
  'RunOutput.content_type': TYPE,
  'RunOutput.download_url': ADDRESS,
  'RunOutput.filename': FILE_NAME,
  'RunOutputSheet.name': { text: MAX_SHEET_NAME },
  'RunPage.items': 'page',
  'RunResource.failure_code': CODE,
  'RunResource.failure_message': SENTENCE,
  'RunResource.failure_stage': CODE,
  'RunResource.links.events_download': ADDRESS,
  'RunResource.links.events_stream': ADDRESS,
  'RunResource.links.input_download': ADDRESS,
  'RunResource.links.output_download': ADDRESS,
  'RunResource.links.output_metadata': ADDRESS,
  'RunResource.links.self': ADDRESS,
  'TriedConfiguration.issues.active': { sent: MAX_ISSUES_BYTES },
  'TriedConfiguration.issues.candidate': { sent: MAX_ISSUES_BYTES },
  'TriedConfiguration.mapping': { sent: MAX_MAPPING_BYTES },
  'TriedConfiguration.sheets': { sent: MAX_DIFF_BYTES },
  'ThreadDetail.messages': 'page',
  'ThreadDetail.nextCursor': CURSOR,
  'ThreadInfo.firstMessage': { text: MAX_SHOWN },
  'ThreadInfo.lastMessage': { text: MAX_SHOWN },
  'ThreadInfo.threadId': ID,
  'ThreadMessage.content': { sent: messages.MAX_TEXT_BYTES },
  'ThreadMessage.messageId': ID,
  'ThreadMessage.metadata': ID,
  'ThreadMessage.userId': { text: 255 },
  'ThreadMessagePage.messages': 'page',
  'ThreadMessagePage.nextCursor': CURSOR,
  'ThreadMessagePage.previousCursor': CURSOR,
  'ThreadMessagePage.threadId': ID,
  'ThreadPage.nextCursor': CURSOR,
  'ThreadPage.previousCursor': CURSOR,
  'ThreadRun.assistantId': ID,
  'ThreadRun.errorMessage': SENTENCE,
  'ThreadRun.finishReason': CODE,
  'ThreadRun.instructions': { text: 2_000 },
  'ThreadRun.runId': ID,
  'ThreadRun.threadId': ID,
  'ThreadRun.userMessage': { text: MAX_MESSAGE },
  'ThreadRunPage.nextCursor': CURSOR,
  'ThreadRunPage.previousCursor': CURSOR,
  'ThreadRunPage.threadId': ID,
  'UploadTicket.completeUrl': ADDRESS,
  'UploadTicket.fields': PRESIGNED,
  'UploadTicket.url': ADDRESS,
  // What the rows leave of their bytes.
  'WorkbookSheetPreview.cellFormats': { sent: 0 },
  // Places of at most 10,000 rows and columns.
  'WorkbookSheetPreview.hiddenColumns': { sent: 60_000 },
  'WorkbookSheetPreview.hiddenRows': { sent: 60_000 },
  'WorkbookSheetPreview.name': { text: MAX_SHEET_NAME },
  'WorkbookSheetPreview.rows': { sent: MAX_WRAPPED_BYTES },
  'Workspace.name': NAME,
  'Workspace.organizationId': { text: 255 },
  getOpenApi: { sent: bytesOf(JSON.parse(readFileSync('docs/openapi.json', 'utf8'))) },
  getRunColumns: 'page',
  getRunFields: { list: MAX_FIELDS },
  listRunOutputSheets: { list: MAX_SHEETS },
  proposeConfiguration: { sent: MAX_PROPOSAL_BYTES },
};

/** What `toRunBatch` leaves out of every run when all of them would be too long. */
const LEFT_OUT: Bounds = Object.fromEntries(
  [
    'RunResource.failure_message',
    ...['RunInput.filename', 'RunInput.content_type', 'RunInput.input_sheet_names'],
    ...['RunOutput.filename', 'RunOutput.content_type'],
  ].map((name) => [name, { sent: 'null'.length }]),
);
const BATCH: Bounds = Object.fromEntries(
  [
    ...['events_download', 'events_stream', 'input_download', 'output_download'],
    ...['output_metadata', 'self'],
  ].map((link) => [`RunResource.links.${link}`, { plain: 160 }]),
);
const boundsOf = ({ operationId }: Operation): Bounds =>
  operationId === 'createRunsBatch'
    ? {
        ...BOUNDS,
        ...LEFT_OUT,
        ...BATCH,
        'RunInput.download_url': { plain: 160 },
        'RunOutput.download_url': { plain: 160 },
        'RunResource.failure_code': { plain: 64 },
        'RunResource.failure_stage': { plain: 64 },
      }
    : BOUNDS;

const whole = operations.filter((op) => !isStreaming(op) && typeof op.success.body !== 'string');

describe('AWS allows 6 MB an answer: the longest answer', () => {
  const used = new Set<string>();

  it.each(whole.map((op) => [op.operationId, op] as const))('of %s can be sent', (_, op) => {
    expect(worstAnswer(op, boundsOf(op), used) + HEAD_BYTES).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
  });

  it('is reckoned with bounds that are all needed', () => {
    expect(Object.keys(BOUNDS).filter((name) => !used.has(name))).toEqual([]);
  });

  it('is found to be without bound where a schema or a page loses its own', () => {
    for (const name of Object.keys(BOUNDS)) {
      const { [name]: _lost, ...rest } = BOUNDS;
      const isCaught = whole.some((op) => {
        try {
          return worstAnswer(op, rest) + HEAD_BYTES > MAX_ANSWER_BYTES;
        } catch (error) {
          if (error instanceof Boundless) return true;
          throw error;
        }
      });
      expect([name, isCaught]).toEqual([name, true]);
    }
  });
});

const CHARACTERS = ['a', '"', '\\', '\u0001', '字', '😀', '\ud800', '\n', '/'];
const someText = (dice: () => number, longest: number): string => {
  const character = CHARACTERS[Math.floor(dice() * CHARACTERS.length)] ?? 'a';
  return character.repeat(Math.floor(dice() * longest));
};

describe('a page', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => [seed]))(
    'is what fits, at least one item, and those that follow begin where it ends: seed %d',
    async (seed) => {
      const dice = chanceOf(seed);
      const items = Array.from({ length: 1 + Math.floor(dice() * 40) }, () => ({
        text: someText(dice, 300_000),
      }));

      const shown: unknown[] = [];
      while (shown.length < items.length) {
        const page = await whatFits(items.slice(shown.length), (item) => item, 1 + Math.floor(dice() * 9));
        expect(page.length).toBeGreaterThan(0);
        if (page.length > 1) expect(bytesOf(page)).toBeLessThanOrEqual(MAX_PAGE_BYTES + 2);
        const next = items[shown.length + page.length];
        if (next !== undefined) expect(bytesOf([...page, next])).toBeGreaterThan(MAX_PAGE_BYTES);
        shown.push(...page);
      }
      expect(shown).toEqual(items);
    },
  );
});

describe('the bytes of texts', () => {
  const dice = chanceOf(1);

  it('are reckoned as the worst that characters can be', () => {
    const op = (body: z.ZodType): Operation =>
      ({ ...whole[0], operationId: 'x', input: {}, success: { status: 200, body } }) as Operation;
    for (const character of CHARACTERS) {
      const text = character.repeat(100).slice(0, 100);
      const worst = worstAnswer(op(z.object({ text: z.string().max(100) })), {});
      expect(bytesOf({ text })).toBeLessThanOrEqual(worst);
    }
  });

  it('are what a text is cut at, with a mark where it was', () => {
    for (let no = 0; no < 200; no += 1) {
      const text = someText(dice, 3000) + someText(dice, 3000);
      const most = 20 + Math.floor(dice() * 5000);
      const cut = cutText(text, most);
      if (cut !== text) expect(cut.endsWith('…')).toBe(true);
      expect(bytesOf(cut)).toBeLessThanOrEqual(most);
      expect(
        text.toWellFormed().startsWith(
          cut
            .replace(/\ufffd?…$/, '')
            .toWellFormed()
            .replace(/\ufffd$/, ''),
        ),
      ).toBe(true);
    }
  });
});
