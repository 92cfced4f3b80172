/** What the documents of an operation show of it, keyed by its id in `EXAMPLES`. */
export interface Examples {
  /** Bodies of requests by a name of their own. */
  requests?: Record<string, { summary: string; value: unknown }>;
  /** The JSON answer. */
  response?: unknown;
  /** An answer of server-sent events. */
  events?: string;
}

const WORKSPACE = '01a2015c-264a-7a9f-b1b1-e2ca497c3b77';
const DOCUMENT = '01a2015d-4cc6-714d-93f5-37f5e05e3ddb';
const RUN = '01a2015d-8f3e-72c1-9d0a-3a6f1c2b4d5e';
const RUN_PATH = `/api/v1/workspaces/${WORKSPACE}/runs/${RUN}`;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Just after it was created. */
const queuedRun = {
  id: RUN,
  object: 'ade.run',
  workspace_id: WORKSPACE,
  configuration_id: '01a2015c-2685-745b-9afe-bc888a1c5a2b',
  operation: 'process',
  status: 'queued',
  evaluation_outcome: null,
  failure_code: null,
  failure_stage: null,
  failure_message: null,
  created_at: '2026-11-22T03:47:01.484Z',
  started_at: null,
  completed_at: null,
  duration_seconds: null,
  exit_code: null,
  input: {
    document_id: DOCUMENT,
    fileVersionId: '01a2015d-4ccb-7ddd-8eb0-4120b6ac9141',
    versionNo: 1,
    filename: 'membership-intake.xlsx',
    content_type: XLSX,
    size_bytes: 13436,
    download_url: `${RUN_PATH}/input/download`,
    input_sheet_names: null,
    input_file_count: null,
    input_sheet_count: null,
  },
  output: {
    ready: false,
    download_url: `${RUN_PATH}/output/download`,
    filename: null,
    content_type: null,
    size_bytes: null,
    has_output: false,
    fileVersionId: null,
    versionNo: null,
  },
  links: {
    self: RUN_PATH,
    events_stream: `${RUN_PATH}/events/stream`,
    events_download: `${RUN_PATH}/events/download`,
    input_download: `${RUN_PATH}/input/download`,
    output_download: `${RUN_PATH}/output/download`,
    output_metadata: `${RUN_PATH}/output`,
  },
};

const output = {
  ready: true,
  download_url: `${RUN_PATH}/output/download`,
  filename: 'membership-intake_normalized.xlsx',
  content_type: XLSX,
  size_bytes: 13199,
  has_output: true,
  fileVersionId: 'df0fd634-3cd7-49c5-87be-44e2a0efbaf9',
  versionNo: 1,
};

const succeededRun = {
  ...queuedRun,
  status: 'succeeded',
  evaluation_outcome: 'success',
  started_at: '2026-11-22T03:47:02.530Z',
  completed_at: '2026-11-22T03:47:03.309Z',
  duration_seconds: 0.779,
  exit_code: 0,
  output,
};

/** A row more, and a cell that is another. */
const changedSheet = {
  name: 'Members',
  added: 1,
  removed: 0,
  changed: [{ row: 4, column: 'D', from: 'Rome', to: 'Pisa' }],
  truncated: false,
};

/** Some of a run's metrics. */
const counts = { table_count: 1, row_count_total: 120, column_count_total: 4 };

const PROCESS_ID = 'b4fznghynbdemslfd5k044fgd';
const FILE_IDS = ['b4fznghynbdemslfd5k044fgd', '9nvx1hdm9bd74rp585oe81t5i'];

const processRun = {
  agent_id: PROCESS_ID,
  created_at: '2021-01-01T12:00:00Z',
  file_ids: FILE_IDS,
  id: PROCESS_ID,
  name: 'Process invoice 42',
  outputs: null,
  process_id: PROCESS_ID,
  stage: 'Draft',
  status: 'Created',
};

const THREAD_MESSAGE = 'Explain the database schema for users and teams';
const THREAD_INSTRUCTIONS =
  'Focus on the relationships between entities and provide specific code examples from the uploaded documents.';

const threadRun = {
  runId: 'run_def456789',
  threadId: 'thread_abc123',
  status: 'queued',
  createdAt: '2024-01-15T10:30:00.000Z',
  startedAt: null,
  completedAt: null,
  assistantId: 'asst_xyz789',
  projectId: '123e4567-e89b-12d3-a456-426614174000',
  instructions: THREAD_INSTRUCTIONS,
  userMessage: THREAD_MESSAGE,
};

const agentRun = (stream: boolean) => ({
  agent_id: 'agent-123',
  variables: { user_name: 'John', topic: 'AI' },
  stream,
});

const sse = (...parts: object[]): string =>
  parts.map((part) => `data: ${JSON.stringify(part)}\r\n\r\n`).join('');

const usage = { inputTokens: 10, outputTokens: 3, totalTokens: 13 };

/** The examples of the documents that each API is known by, and the answers to them. */
export const EXAMPLES: Record<string, Examples> = {
  createRun: {
    requests: {
      process: {
        summary: 'Normalise a document',
        value: { inputDocumentId: DOCUMENT, options: { operation: 'process' } },
      },
    },
    response: queuedRun,
  },
  getRun: { response: succeededRun },
  getRunOutput: { response: output },
  diffRuns: { response: { sheets: [changedSheet] } },
  tryConfiguration: {
    requests: { document: { summary: 'With a document', value: { documentId: DOCUMENT } } },
    response: {
      activeConfigurationId: '01a2015c-2685-745b-9afe-bc888a1c5a2b',
      mapping: [{ header: 'Mail address', from: null, to: 'email' }],
      counts: {
        active: { ...counts, column_count_mapped: 3, column_count_unmapped: 1 },
        candidate: { ...counts, column_count_mapped: 4, column_count_unmapped: 0 },
      },
      issues: {
        active: [],
        candidate: [
          {
            field: 'email',
            code: 'pattern',
            count: 1,
            examples: [{ sheet_name: 'Members', row: 4, value: 'ann.example.com' }],
          },
        ],
      },
      sheets: [changedSheet],
    },
  },
  streamRunEvents: {
    events: [
      `id: 0\r\nevent: ready\r\ndata: ${JSON.stringify({ runId: RUN, status: 'running', cursor: 0 })}\r\n\r\n`,
      `id: 168\r\nevent: message\r\ndata: ${JSON.stringify({ event: 'run.start', timestamp: '2026-11-22T03:47:02.530Z', level: 'info', message: 'Run started', data: {} })}\r\n\r\n`,
      `id: 168\r\nevent: end\r\ndata: ${JSON.stringify({ runId: RUN, status: 'succeeded', cursor: 168, reason: 'run_complete' })}\r\n\r\n`,
    ].join(''),
  },
  linkRunEvents: {
    response: {
      url: `https://api.example.com/api/v1/workspaces/${DOCUMENT}/runs/${RUN}/events/stream?token=Zm9vYmFyYmF6.1795838400.b3BlbiBzZXNhbWUgYW5kIG5vdGhpbmcgZWxzZSwgcGxlYXM`,
      expiresAt: '2026-11-28T20:00:00.000Z',
    },
  },
  startProcessRun: {
    requests: {
      invoice: {
        summary: 'With files and an input',
        value: {
          agent_id: PROCESS_ID,
          file_ids: FILE_IDS,
          inputs: [{ name: 'order_id', value: PROCESS_ID }],
          name: 'Process invoice 42',
          process_id: PROCESS_ID,
          stage: 'Draft',
        },
      },
    },
    response: processRun,
  },
  getProcessRun: {
    response: {
      ...processRun,
      outputs: [
        { name: 'total_items', value: 42 },
        { name: 'customer_id', value: '9nvx1hdm9bd74rp585oe81t5i' },
      ],
      status: 'Succeeded',
    },
  },
  createThreadRun: {
    requests: {
      basic: {
        summary: 'A message',
        value: { message: 'Can you help me understand the authentication flow in this project?' },
      },
      instructions: {
        summary: 'With instructions of its own',
        value: { message: THREAD_MESSAGE, instructions: THREAD_INSTRUCTIONS },
      },
    },
    response: threadRun,
  },
  getThreadRun: {
    response: {
      ...threadRun,
      status: 'completed',
      startedAt: '2024-01-15T10:30:02.000Z',
      completedAt: '2024-01-15T10:32:15.000Z',
      instructions: null,
      userMessage: null,
    },
  },
  runAgent: {
    requests: {
      whole: { summary: 'Answered at the end', value: agentRun(false) },
      streamed: { summary: 'Answered token by token', value: agentRun(true) },
    },
    response: {
      messages: [{ role: 'assistant', content: 'Complete response text here' }],
      text: 'Complete response text here',
    },
    events: sse(
      { type: 'start' },
      { type: 'start-step', request: {}, warnings: [] },
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', text: 'Hello' },
      { type: 'text-end', id: '0' },
      { type: 'finish-step', finishReason: 'stop', usage },
      { type: 'finish', finishReason: 'stop', totalUsage: usage },
    ),
  },
};
