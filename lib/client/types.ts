// Generated from the OpenAPI document by scripts/client-types.ts: change the operations, not this file.

import type { OperationEntry, Paged, RequestOptions, StreamedAnswer } from './shapes.ts';

export interface Agent {
  id: string;
  name: string;
  versions: number;
  deployedVersion: number | null;
  previousVersion: number | null;
  createdAt: string;
  updatedAt: string;
}

export interface AgentAnswer {
  messages: AgentAnswerMessagesItem[];
  text: string;
  finishReason?: string;
}

export interface AgentAnswerMessagesItem {
  role: 'assistant';
  content: string;
}

export interface AgentPage {
  items: Agent[];
  nextCursor: string | null;
}

export interface AgentRun {
  id: string;
  agentId: string;
  version: number;
  status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'timed_out';
  stream: boolean;
  variableNames: string[];
  modelId: string | null;
  finishReason: string | null;
  usage?: AgentRunUsage | null;
  msToFirstToken: number | null;
  costUsd: number | null;
  cost?: AgentRunCost | null;
  failure?: AgentRunFailure | null;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
  hasContent: boolean;
}

/**
 * What AWS charges for the run at list prices of us-east-1, its model included, as far as its record tells. Amounts are exact to a trillionth of a dollar. Not in it: whatever reads the record, storage, logs and data transfer, and what a worker reads while it waits for the model.
 */
export interface AgentRunCost {
  currency: 'USD';
  /**
   * The sum of the amounts
   */
  total: number;
  items: AgentRunCostItemsItem[];
  /**
   * False when the record does not tell everything, such as what the tokens of its model cost
   */
  complete: boolean;
}

export interface AgentRunCostItemsItem {
  unit:
    | 'api_requests'
    | 'lambda_requests'
    | 'lambda_gb_seconds'
    | 'step_functions_transitions'
    | 'step_functions_express_requests'
    | 'step_functions_express_gb_seconds'
    | 'dynamodb_write_units'
    | 'dynamodb_read_units'
    | 's3_puts'
    | 's3_gets'
    | 'model_input_tokens'
    | 'model_output_tokens';
  quantity: number;
  unitPrice: number;
  amount: number;
}

export interface AgentRunDetails {
  id: string;
  agentId: string;
  version: number;
  status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'timed_out';
  stream: boolean;
  variableNames: string[];
  modelId: string | null;
  finishReason: string | null;
  usage?: AgentRunUsage | null;
  msToFirstToken: number | null;
  costUsd: number | null;
  cost?: AgentRunCost | null;
  failure?: AgentRunFailure | null;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
  hasContent: boolean;
  content: AgentRunDetailsContent | null;
}

export interface AgentRunDetailsContent {
  variables: {
    [k: string]: string | number | boolean;
  };
  extraMessages: Message[];
  text: string;
}

export interface AgentRunError {
  message: string;
}

export interface AgentRunFailure {
  code: string;
  message: string;
}

export interface AgentRunPage {
  items: AgentRun[];
  nextCursor: string | null;
}

export interface AgentRunUsage {
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  estimated: boolean;
}

export interface AgentVersion {
  agentId: string;
  no: number;
  isDeployed: boolean;
  createdAt: string;
  definition: AgentVersionDefinition;
}

export interface AgentVersionDefinition {
  model?: AgentVersionDefinitionModel;
  messages: Message[];
  instructions?: string;
  temperature?: number;
  maxOutputTokens?: number;
  maxSteps: number;
  output: 'text' | 'json';
}

export interface AgentVersionDefinitionModel {
  provider_id: string;
  name: string;
}

export interface AgentVersionPage {
  items: AgentVersionSummary[];
  nextCursor: string | null;
}

export interface AgentVersionSummary {
  agentId: string;
  no: number;
  isDeployed: boolean;
  createdAt: string;
}

export interface ApiKey {
  id: string;
  prefix: string;
  name: string;
  role: 'owner' | 'member' | 'reader';
  ownerId: string;
  agentId?: string;
  user_id: string;
  created_at: string;
  expires_at?: string | null;
  revoked_at?: string | null;
  [k: string]: string | null | 'owner' | 'member' | 'reader' | undefined;
}

export interface ApiKeyCreated {
  id: string;
  prefix: string;
  name: string;
  role: 'owner' | 'member' | 'reader';
  ownerId: string;
  agentId?: string;
  user_id: string;
  created_at: string;
  expires_at?: string | null;
  secret: string;
  [k: string]: string | null | 'owner' | 'member' | 'reader' | undefined;
}

export interface ApiKeyPage {
  items: ApiKey[];
  meta: PageMeta;
}

export interface AssistantMessage {
  role: 'assistant';
  content: string | TextPart[];
}

export interface BedrockSettings {
  type: 'bedrock';
  region?: string;
}

/**
 * Of a cell that looks otherwise than most: place in `rows` from 0, colours as #RRGGBB
 */
export interface CellFormat {
  row: number;
  column: number;
  bgColor: string | null;
  textColor: string | null;
  bold: boolean;
  italic: boolean;
  horizontalAlign: string | null;
  wrapText: boolean;
}

export interface ChatAnswer {
  response: string;
  threadId: string;
  generatedAt: string;
  userMessage: string;
  isNewThread: boolean;
  projectId: string;
  metadata: string | null;
  finishReason?: string;
}

export interface ConfigurationCheck {
  valid: boolean;
  errors: ConfigurationCheckErrorsItem[];
}

export interface ConfigurationCheckErrorsItem {
  path?: string;
  message: string;
  code: string;
}

export interface ConfigurationDetails {
  id: string;
  workspaceId: string;
  name: string;
  status: 'draft' | 'active' | 'archived';
  version: number;
  createdAt: string;
  updatedAt: string;
  activatedAt?: string;
  definition: {
    [k: string]: unknown;
  };
}

export interface ConfigurationPage {
  items: ConfigurationSummary[];
  meta: PageMeta;
}

export interface ConfigurationSummary {
  id: string;
  workspaceId: string;
  name: string;
  status: 'draft' | 'active' | 'archived';
  version: number;
  createdAt: string;
  updatedAt: string;
  activatedAt?: string;
}

export interface Document {
  id: string;
  workspaceId: string;
  name: string;
  contentType: string;
  byteSize: number;
  currentVersionNo: number;
  commentCount: number;
  metadata: {
    [k: string]: unknown;
  };
  source: 'uploaded';
  tags: string[];
  uploader: DocumentUploader;
  activityAt: string;
  createdAt: string;
  updatedAt: string;
  lastRun?: DocumentLastRun;
  deletedAt?: string;
  lastRunMetrics?: RunMetrics;
  lastRunTableColumns?: RunColumn[];
  lastRunFields?: RunField[];
  listRow: DocumentRow;
}

export interface DocumentLastRun {
  id: string;
  status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  createdAt: string;
  startedAt?: string;
  completedAt?: string;
  errorMessage?: string;
}

export interface DocumentPage {
  items: DocumentRow[];
  meta: PageMeta;
}

export interface DocumentRow {
  id: string;
  workspaceId: string;
  name: string;
  contentType: string;
  byteSize: number;
  currentVersionNo: number;
  commentCount: number;
  metadata: {
    [k: string]: unknown;
  };
  source: 'uploaded';
  fileType: 'xlsx' | 'xls' | 'csv' | 'pdf' | 'unknown';
  tags: string[];
  uploader: DocumentUploader;
  activityAt: string;
  createdAt: string;
  updatedAt: string;
  lastRun?: DocumentLastRun;
  deletedAt?: string;
  lastRunMetrics?: RunMetrics;
  lastRunTableColumns?: RunColumn[];
  lastRunFields?: RunField[];
}

export interface DocumentUploader {
  id: string;
  name?: string;
  email: string;
}

export interface EchoSettings {
  type: 'echo';
  msPerWord?: number;
}

export interface Health {
  status: 'OK';
}

export interface ImagePart {
  type: 'image';
  image: string;
  mediaType?: string;
}

export interface Learned {
  /**
   * By header: its plain words, joined by a space
   */
  headers: {
    [k: string]: LearnedHeadersValue;
  };
  /**
   * By field, and in it by the text that is replaced
   */
  values: {
    [k: string]: {
      [k: string]: LearnedValuesValueValue;
    };
  };
}

export interface LearnedHeadersValue {
  /**
   * Null where such columns are no field
   */
  field: string | null;
  count: number;
  last: string;
}

export interface LearnedValuesValueValue {
  /**
   * Null where there is no value
   */
  to: string | null;
  count: number;
  last: string;
}

export interface Member {
  id: string;
  workspaceId: string;
  sub: string;
  email?: string;
  role: 'owner' | 'member' | 'reader';
  createdAt: string;
  updatedAt: string;
}

export interface MemberPage {
  items: Member[];
  meta: PageMeta;
}

export type Message = SystemMessage | UserMessage | AssistantMessage;

export interface OpenAiCompatibleSettings {
  type: 'openai-compatible';
  baseUrl: string;
  apiKeyRef?: string;
  apiKeyHeader?: string;
  headers?: {
    [k: string]: string;
  };
}

export interface PageMeta {
  limit: number;
  hasMore: boolean;
  nextCursor?: string;
  totalIncluded: boolean;
  totalCount?: number;
  changesCursor: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance: string;
  requestId: string;
  errors?: ProblemErrorsItem[];
}

export interface ProblemErrorsItem {
  path?: string;
  message: string;
  code?: string;
}

export interface Process {
  agent_id: string;
  id: string;
  name: string;
  stage: 'Draft' | 'Published';
}

export interface ProcessFile {
  id: string;
  file_name: string;
  upload_url: string;
  upload_http_method: 'POST';
  upload_http_headers: {
    [k: string]: string;
  };
  upload_fields: {
    [k: string]: string;
  };
}

export type ProcessInputs =
  | ProcessValue[]
  | {
      /**
       * This interface was referenced by `undefined`'s JSON-Schema definition
       * via the `patternProperty` "^".
       */
      [k: string]: unknown;
    };

export interface ProcessList {
  continuation_token: string | null;
  items?: Process[] | null;
}

export interface ProcessRegistration {
  agent_id: string;
  id: string;
  name: string;
  stage: 'Draft' | 'Published';
  state_machine_arn: string;
  registered_at: string;
}

export interface ProcessRun {
  agent_id: string;
  created_at: string;
  file_ids?: string[] | null;
  id: string;
  name: string;
  outputs?: ProcessValue[] | null;
  process_id: string;
  stage: 'Draft' | 'Published';
  status: 'Created' | 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Cancelled' | 'TimedOut';
}

export interface ProcessRunError {
  status_code: number;
  message: string;
  details?: ProcessRunErrorDetailsItem[];
}

export interface ProcessRunErrorDetailsItem {
  field: string;
  message: string;
}

export interface ProcessRunList {
  continuation_token: string | null;
  items?: ProcessRun[] | null;
}

export interface ProcessValue {
  name: string;
  value: unknown;
}

export interface Provider {
  id: string;
  settings: ProviderSettings;
  createdAt: string;
  updatedAt: string;
}

export interface ProviderPage {
  items: Provider[];
  nextCursor: string | null;
}

export type ProviderSettings = EchoSettings | BedrockSettings | OpenAiCompatibleSettings;

export interface RunBatch {
  runs: RunResource[];
}

export interface RunColumn {
  column_id?: string;
  workbook_index: number;
  workbook_name: string;
  sheet_index: number;
  sheet_name: string;
  table_index: number;
  column_index: number;
  header_raw?: string;
  header_normalized?: string;
  non_empty_cells: number;
  valid_cells?: number;
  mapping_status: 'mapped' | 'unmapped';
  mapped_field?: string;
  mapping_score?: number;
  mapping_method?: string;
  mapping_reason?: string;
  runner_up?: RunColumnRunnerUp;
  unmapped_reason?: string;
}

export interface RunColumnRunnerUp {
  field: string;
  score: number;
}

/**
 * What AWS charges for creating, working on and settling the run, at list prices of us-east-1, as far as its record tells. Amounts are exact to a trillionth of a dollar. Not in it: whatever reads the run (its event stream, polling, downloads), the upload of its document, storage, logs and data transfer, and the milliseconds of the functions around its worker.
 */
export interface RunCost {
  currency: 'USD';
  /**
   * The sum of the amounts
   */
  total: number;
  items: RunCostItemsItem[];
  /**
   * False when the record does not tell everything, such as of a run that was tried several times
   */
  complete: boolean;
}

export interface RunCostItemsItem {
  unit:
    | 'api_requests'
    | 'lambda_requests'
    | 'lambda_gb_seconds'
    | 'step_functions_transitions'
    | 'step_functions_express_requests'
    | 'step_functions_express_gb_seconds'
    | 'dynamodb_write_units'
    | 'dynamodb_read_units'
    | 's3_puts'
    | 's3_gets'
    | 'model_input_tokens'
    | 'model_output_tokens';
  quantity: number;
  unit_price: number;
  amount: number;
}

export interface RunDiff {
  sheets: SheetDiff[];
}

export interface RunEventsLink {
  url: string;
  expiresAt: string;
}

export interface RunField {
  field: string;
  label?: string;
  detected: boolean;
  best_mapping_score?: number;
  occurrences_tables: number;
  occurrences_columns: number;
  valid_cells?: number;
}

export interface RunInput {
  document_id?: string | null;
  fileVersionId?: string | null;
  versionNo?: number | null;
  filename?: string | null;
  content_type?: string | null;
  size_bytes?: number | null;
  download_url?: string | null;
  input_sheet_names?: string[] | null;
  input_file_count?: number | null;
  input_sheet_count?: number | null;
}

export interface RunMetrics {
  evaluation_outcome?: 'success' | 'partial' | 'failure' | 'unknown';
  evaluation_findings_total?: number;
  evaluation_findings_info?: number;
  evaluation_findings_warning?: number;
  evaluation_findings_error?: number;
  validation_issues_total?: number;
  validation_issues_info?: number;
  validation_issues_warning?: number;
  validation_issues_error?: number;
  validation_max_severity?: string;
  workbook_count?: number;
  sheet_count?: number;
  table_count?: number;
  row_count_total?: number;
  row_count_empty?: number;
  row_count_dropped?: number;
  column_count_total?: number;
  column_count_empty?: number;
  column_count_mapped?: number;
  column_count_unmapped?: number;
  field_count_expected?: number;
  field_count_detected?: number;
  field_count_not_detected?: number;
  cell_count_total?: number;
  cell_count_non_empty?: number;
  read_findings_total?: number;
  csv_encoding?: string;
  csv_delimiter?: string;
  csv_confidence?: number;
}

export interface RunMetricsWithCost {
  evaluation_outcome?: 'success' | 'partial' | 'failure' | 'unknown';
  evaluation_findings_total?: number;
  evaluation_findings_info?: number;
  evaluation_findings_warning?: number;
  evaluation_findings_error?: number;
  validation_issues_total?: number;
  validation_issues_info?: number;
  validation_issues_warning?: number;
  validation_issues_error?: number;
  validation_max_severity?: string;
  workbook_count?: number;
  sheet_count?: number;
  table_count?: number;
  row_count_total?: number;
  row_count_empty?: number;
  row_count_dropped?: number;
  column_count_total?: number;
  column_count_empty?: number;
  column_count_mapped?: number;
  column_count_unmapped?: number;
  field_count_expected?: number;
  field_count_detected?: number;
  field_count_not_detected?: number;
  cell_count_total?: number;
  cell_count_non_empty?: number;
  read_findings_total?: number;
  csv_encoding?: string;
  csv_delimiter?: string;
  csv_confidence?: number;
  cost: RunCost;
}

export interface RunOutput {
  ready: boolean;
  download_url: string;
  filename?: string | null;
  content_type?: string | null;
  size_bytes?: number | null;
  has_output: boolean;
  fileVersionId?: string | null;
  versionNo?: number | null;
}

export interface RunOutputSheet {
  name: string;
  index: number;
  kind: 'worksheet' | 'file';
  is_active: boolean;
}

export interface RunPage {
  items: RunResource[];
  meta: PageMeta;
}

export interface RunResource {
  id: string;
  object: 'ade.run';
  workspace_id: string;
  configuration_id: string;
  operation: 'process' | 'validate' | 'publish';
  status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  /**
   * Whether the result of a run that succeeded is any good
   */
  evaluation_outcome?: 'success' | 'partial' | 'failure' | 'unknown' | null;
  failure_code?: string | null;
  failure_stage?: string | null;
  failure_message?: string | null;
  created_at: string;
  started_at?: string | null;
  completed_at?: string | null;
  duration_seconds?: number | null;
  exit_code?: number | null;
  input: RunInput;
  output: RunOutput;
  links: RunResourceLinks;
}

export interface RunResourceLinks {
  self: string;
  events_stream: string;
  events_download: string;
  input_download: string;
  output_download: string;
  output_metadata: string;
}

export interface SheetDiff {
  name: string;
  added: number;
  removed: number;
  changed: SheetDiffChangedItem[];
  /**
   * More cells differ; 10000 are listed over all sheets
   */
  truncated: boolean;
}

export interface SheetDiffChangedItem {
  /**
   * Of the later one, from 1
   */
  row: number;
  /**
   * Its letters in the later one, or in the earlier one if it is gone
   */
  column: string;
  from: string;
  to: string;
}

export interface SystemMessage {
  role: 'system';
  content: string;
}

export interface TextPart {
  type: 'text';
  text: string;
}

export interface ThreadDetail {
  thread: ThreadInfo;
  messages: ThreadMessage[];
  projectId: string;
  nextCursor?: string;
}

export interface ThreadInfo {
  threadId: string;
  createdAt: string;
  lastActivityAt: string | null;
  messageCount: number;
  firstMessage: string | null;
  lastMessage: string | null;
  isActive: boolean;
  projectId: string;
}

export interface ThreadMessage {
  messageId: string;
  content: string;
  role: 'user' | 'assistant' | 'system';
  createdAt: string;
  userId: string | null;
  metadata: string | null;
}

export interface ThreadMessagePage {
  messages: ThreadMessage[];
  threadId: string;
  projectId: string;
  hasMore: boolean;
  limit: number;
  nextCursor: string | null;
  previousCursor: string | null;
  order: 'asc' | 'desc';
}

export interface ThreadPage {
  threads: ThreadInfo[];
  projectId: string;
  hasMore: boolean;
  limit: number;
  nextCursor: string | null;
  previousCursor: string | null;
  order: 'asc' | 'desc';
}

export interface ThreadRun {
  runId: string;
  threadId: string;
  status: 'queued' | 'in_progress' | 'completed' | 'failed' | 'expired';
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
  assistantId: string;
  projectId: string;
  instructions: string | null;
  userMessage: string | null;
  errorMessage?: string;
  finishReason?: string;
}

export interface ThreadRunErrors {
  [k: string]: string[];
}

export interface ThreadRunMessage {
  message: string;
}

export interface ThreadRunPage {
  runs: ThreadRun[];
  threadId: string;
  projectId: string;
  hasMore: boolean;
  limit: number;
  nextCursor: string | null;
  previousCursor: string | null;
  order: 'asc' | 'desc';
}

export type ThreadRunProblem = ThreadRunMessage | ThreadRunValidationProblem;

export interface ThreadRunValidationProblem {
  type: string;
  title: string;
  status: 400;
  traceId: string;
  errors: ThreadRunErrors;
}

export interface TriedConfiguration {
  activeConfigurationId: string | null;
  /**
   * The columns that get another field
   */
  mapping: TriedConfigurationMappingItem[];
  counts: TriedConfigurationCounts;
  issues: TriedConfigurationIssues;
  /**
   * How the output differs from that of the active configuration
   */
  sheets: SheetDiff[];
}

export interface TriedConfigurationCounts {
  active?: RunMetrics | null;
  candidate: RunMetrics;
}

export interface TriedConfigurationIssues {
  active?: TriedIssue[] | null;
  candidate: TriedIssue[];
}

export interface TriedConfigurationMappingItem {
  header: string | null;
  /**
   * The field by the active configuration
   */
  from: string | null;
  /**
   * The field by this one
   */
  to: string | null;
}

export interface TriedIssue {
  field: string;
  code: string;
  count: number;
  examples: TriedIssueExamplesItem[];
}

export interface TriedIssueExamplesItem {
  sheet_name: string;
  row: number;
  value: string | null;
}

export interface UploadTicket {
  uploadId: string;
  url: string;
  method: 'POST';
  fields: {
    [k: string]: string;
  };
  maxBytes: number;
  expiresAt: string;
  completeUrl: string;
}

export interface UserMessage {
  role: 'user';
  content: string | UserPart[];
}

export type UserPart = TextPart | ImagePart;

export interface ValueCorrection {
  field: string;
  from: string;
  to: string | null;
  /**
   * How often it was said without anything else being said in between
   */
  count: number;
  last: string;
}

export interface ValueListSummary {
  name: string;
  count: number;
}

export interface ValueLists {
  items: ValueListSummary[];
}

export interface WorkbookSheetPreview {
  name: string;
  index: number;
  rows: string[][];
  totalRows: number;
  totalColumns: number;
  truncatedRows: boolean;
  truncatedColumns: boolean;
  /**
   * Places in `rows`, from 0
   */
  hiddenRows: number[];
  hiddenColumns: number[];
  cellFormats: CellFormat[];
}

export interface Workspace {
  id: string;
  name: string;
  processOnUpload: boolean;
  keepAgentContent: boolean;
  organizationId: string | null;
  activeConfigurationId: string | null;
  retention: WorkspaceRetention;
  version: number;
  createdAt: string;
}

export interface WorkspaceRetention {
  runsDays: number | null;
  logsDays: number | null;
  outputsDays: number | null;
}

export interface ListRunsQuery {
  limit?: number;
  /**
   * What the page before named as the next one
   */
  cursor?: string;
  /**
   * JSON: up to 3 of `{"id": "createdAt", "desc": true}`
   */
  sort?: string;
  /**
   * JSON: a list of `{"id": "status", "operator": "eq", "value": "failed"}`
   */
  filters?: string;
  joinOperator?: 'and' | 'or';
  q?: string;
  includeTotal?: boolean;
  includeFacets?: boolean;
}

/**
 * Names may also be spelled in snake_case.
 */
export interface CreateRunBody {
  /**
   * Needed to process a document
   */
  inputDocumentId?: string | null;
  configurationId?: string | null;
  /**
   * Names may also be spelled in snake_case.
   */
  options?: {
    operation?: 'process' | 'validate' | 'publish';
    dryRun?: boolean;
    logLevel?: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | null;
    activeSheetOnly?: boolean;
    metadata?: {
      [k: string]: string;
    };
    /**
     * How a text file is written; what is left out is detected
     */
    csv?: {
      encoding?: string | null;
      delimiter?: string | null;
      quote?: string | null;
      escape?: string | null;
      headerRow?: number | null;
    } | null;
    /**
     * Not together with `activeSheetOnly`
     */
    inputSheetNames?: string[] | null;
  };
}

/**
 * Names may also be spelled in snake_case.
 */
export interface CreateRunsBatchBody {
  documentIds: string[];
  configurationId?: string | null;
  /**
   * Names may also be spelled in snake_case.
   */
  options?: {
    operation?: 'process';
    dryRun?: boolean;
    logLevel?: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | null;
    activeSheetOnly?: boolean;
    metadata?: {
      [k: string]: string;
    };
    /**
     * How a text file is written; what is left out is detected
     */
    csv?: {
      encoding?: string | null;
      delimiter?: string | null;
      quote?: string | null;
      escape?: string | null;
      headerRow?: number | null;
    } | null;
  };
}

export interface StreamRunEventsQuery {
  cursor?: number;
  /**
   * Of a link by `linkRunEvents`, in place of a key.
   */
  token?: string;
}

export interface DownloadRunInputQuery {
  redirect?: boolean;
}

export interface UploadRunOutputForm {
  file?: Blob;
  /**
   * In place of `file`: an upload that was posted to its form
   */
  upload_id?: string;
}

/**
 * Names may also be spelled in snake_case.
 */
export interface EditRunOutputBody {
  /**
   * Not together with `sheetIndex`
   */
  sheetName?: string | null;
  /**
   * Not together with `sheetName`; 0 where neither is there
   */
  sheetIndex?: number | null;
  /**
   * The whole sheet from its first row on, as a preview shows it
   */
  rows: string[][];
}

export interface DownloadRunOutputQuery {
  redirect?: boolean;
  /**
   * Without it the output comes as it is. csv, jsonl and parquet have one sheet, the first unless it is named
   */
  format?: 'xlsx' | 'csv' | 'jsonl' | 'parquet';
  /**
   * Not together with `sheetIndex`
   */
  sheetName?: string;
  sheetIndex?: number;
}

export interface PreviewRunOutputQuery {
  maxRows?: number;
  maxColumns?: number;
  trimEmptyRows?: boolean;
  trimEmptyColumns?: boolean;
  /**
   * Not together with `sheetIndex`
   */
  sheetName?: string;
  sheetIndex?: number;
}

export interface GetRunColumnsQuery {
  sheet_name?: string;
  sheet_index?: number;
  table_index?: number;
  mapped_field?: string;
  mapping_status?: 'mapped' | 'unmapped';
  offset?: number;
}

export interface CorrectColumnBody {
  /**
   * Null where it is no field
   */
  field: string | null;
}

export interface CorrectValueBody {
  field: string;
  /**
   * As the output shows it
   */
  from: string;
  /**
   * Null, or blank, where there is to be no value
   */
  to: string | null;
}

export interface UploadDocumentForm {
  file: Blob;
  /**
   * A JSON object
   */
  metadata?: string;
  /**
   * A JSON object: run the document at once, with these options
   */
  run_options?: string;
  /**
   * What to do when the name is in use
   */
  conflictMode?: 'reject' | 'upload_new_version' | 'keep_both';
}

export interface ListDocumentsQuery {
  limit?: number;
  /**
   * What the page before named as the next one
   */
  cursor?: string;
  /**
   * JSON: up to 3 of `{"id": "createdAt", "desc": true}`
   */
  sort?: string;
  /**
   * JSON: a list of `{"id": "status", "operator": "eq", "value": "failed"}`
   */
  filters?: string;
  joinOperator?: 'and' | 'or';
  q?: string;
  includeTotal?: boolean;
  includeFacets?: boolean;
  lifecycle?: 'active' | 'deleted';
  includeRunMetrics?: boolean;
  includeRunTableColumns?: boolean;
  includeRunFields?: boolean;
}

/**
 * Names may also be spelled in snake_case.
 */
export interface CreateUploadBody {
  name: string;
  contentType?: string;
}

/**
 * Names may also be spelled in snake_case.
 */
export interface CompleteUploadBody {
  metadata?: {
    [k: string]: unknown;
  };
  runOptions?: {
    [k: string]: unknown;
  };
  conflictMode?: 'reject' | 'upload_new_version' | 'keep_both';
}

export interface DownloadDocumentQuery {
  redirect?: boolean;
}

export interface DownloadOriginalDocumentQuery {
  redirect?: boolean;
}

export interface AddDocumentVersionForm {
  file: Blob;
  /**
   * A JSON object
   */
  metadata?: string;
  /**
   * A JSON object: run the document at once, with these options
   */
  run_options?: string;
}

export interface DownloadDocumentVersionQuery {
  redirect?: boolean;
}

export interface ListConfigurationsQuery {
  limit?: number;
  /**
   * What the page before named as the next one
   */
  cursor?: string;
}

export interface CreateConfigurationBody {
  name: string;
  definition?: {
    [k: string]: unknown;
  };
  /**
   * Puts it in force at once; one that is not valid is refused, and nothing of it is kept
   */
  publish?: boolean;
}

/**
 * Names may also be spelled in snake_case.
 */
export interface ProposeConfigurationBody {
  documentId?: string;
  documentIds?: string[];
  tableDetection?: 'regions' | 'ade';
}

export interface ProposeConfigurationAnswer {
  definition: {
    [k: string]: unknown;
  };
  documents: {
    documentId: string;
    sheets: {
      name: string;
      use: boolean;
      tables: {
        range: string;
        headerRows: number;
        columns: {
          column: string;
          header: string | null;
          field: string | null;
          type: 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime';
          kind: 'id' | 'code' | 'email' | 'phone' | 'iban' | 'postcode' | 'currency' | 'percent' | null;
          reasons: string[];
        }[];
      }[];
    }[];
  }[];
  findings: {
    code: string;
    severity: 'info' | 'warning' | 'error';
    message: string;
    count: number | null;
    meta: {
      [k: string]: unknown;
    };
  }[];
}

export interface UpdateConfigurationBody {
  name?: string;
  definition?: {
    [k: string]: unknown;
  };
  version?: number;
}

/**
 * Names may also be spelled in snake_case.
 */
export interface TryConfigurationBody {
  documentId: string;
}

export interface ReplaceLearnedBody {
  headers?: {
    [k: string]: {
      field: string | null;
      count?: number;
      last?: string;
    };
  };
  values?: {
    [k: string]: {
      [k: string]: {
        to: string | null;
        count?: number;
        last?: string;
      };
    };
  };
}

export interface ForgetLearnedQuery {
  /**
   * Compared by its plain words, as headers of files are
   */
  header?: string;
}

export interface PutListForm {
  file: Blob;
}

export interface ListApiKeysQuery {
  limit?: number;
  /**
   * What the page before named as the next one
   */
  cursor?: string;
}

/**
 * Names may also be spelled in snake_case.
 */
export interface CreateApiKeyBody {
  name?: string | null;
  role?: 'owner' | 'member' | 'reader';
  expiresInDays?: number | null;
  agentId?: string | null;
}

export interface ListMembersQuery {
  limit?: number;
  /**
   * What the page before named as the next one
   */
  cursor?: string;
}

export interface AddMemberBody {
  sub: string;
  email?: string;
  role: 'owner' | 'member' | 'reader';
}

export interface UpdateMemberBody {
  role?: 'owner' | 'member' | 'reader';
  email?: string | null;
}

/**
 * Names may also be spelled in snake_case.
 */
export interface UpdateWorkspaceBody {
  name?: string;
  processOnUpload?: boolean;
  keepAgentContent?: boolean;
  organizationId?: string | null;
  /**
   * Names may also be spelled in snake_case.
   */
  retention?: {
    runsDays?: number | null;
    logsDays?: number | null;
    outputsDays?: 1 | 7 | 30 | 90 | 365 | 3650 | null;
  };
  version?: number;
}

export interface StartProcessRunBody {
  agent_id: string;
  process_id: string;
  name: string;
  stage: 'Draft' | 'Published';
  file_ids?: string[] | null;
  inputs?: ProcessInputs | null;
}

export interface ListProcessRunsQuery {
  process_id: string;
  agent_id: string;
  limit?: number;
  stage?: 'Draft' | 'Published';
  continuation_token?: string;
}

export interface RegisterProcessBody {
  agent_id?: string;
  name: string;
  stage: 'Draft' | 'Published';
  state_machine_arn: string;
}

export interface ListProcessesQuery {
  agent_id: string;
  limit?: number;
  continuation_token?: string;
}

export interface GetProcessQuery {
  agent_id: string;
}

export interface CreateFileBody {
  file_name: string;
  agent_id?: string | null;
}

export interface CreateThreadRunBody {
  message: string;
  instructions?: string | null;
}

export interface ListThreadRunsQuery {
  limit?: number;
  order?: 'asc' | 'desc';
  /**
   * Not together with `before`
   */
  after?: string;
  /**
   * Not together with `after`
   */
  before?: string;
}

export interface CreateThreadBody {
  agentId?: string | null;
}

export interface ListThreadsQuery {
  limit?: number;
  order?: 'asc' | 'desc';
  /**
   * Not together with `before`
   */
  after?: string;
  /**
   * Not together with `after`
   */
  before?: string;
}

export interface ListThreadMessagesQuery {
  limit?: number;
  order?: 'asc' | 'desc';
  /**
   * Not together with `before`
   */
  after?: string;
  /**
   * Not together with `after`
   */
  before?: string;
}

export interface ChatBody {
  message: string;
  threadId?: string | null;
}

export interface RunAgentBody {
  agent_id: string;
  variables?: {
    [k: string]: string | number | boolean;
  };
  stream?: boolean;
  overrides?: {
    model?:
      | string
      | {
          provider_id?: string;
          name?: string;
        };
    temperature?: number;
    maxOutputTokens?: number;
  };
  extra_messages?: Message[];
}

export interface ListAgentRunsQuery {
  limit?: number;
  /**
   * What the page before named as the next one
   */
  cursor?: string;
}

export interface CreateAgentBody {
  id?: string;
  name: string;
}

export interface ListAgentsQuery {
  limit?: number;
  /**
   * What the page before named as the next one
   */
  cursor?: string;
}

export interface CreateAgentVersionBody {
  model?: {
    provider_id: string;
    name: string;
  };
  messages?: Message[];
  instructions?: string;
  temperature?: number;
  maxOutputTokens?: number;
  maxSteps?: number;
  output?: 'text' | 'json';
}

export interface ListAgentVersionsQuery {
  limit?: number;
  /**
   * What the page before named as the next one
   */
  cursor?: string;
}

export interface DeployAgentVersionBody {
  version: number;
}

export type PutProviderBody = ProviderSettings;

export interface ListProvidersQuery {
  limit?: number;
  /**
   * What the page before named as the next one
   */
  cursor?: string;
}

export interface GetOpenApiAnswer {
  [k: string]: unknown;
}

/** What each operation takes and answers. */
export interface Operations {
  listRuns: { path: { workspaceId: string }; query?: ListRunsQuery; answer: RunPage };
  createRun: { path: { workspaceId: string }; body: CreateRunBody; answer: RunResource };
  createRunsBatch: { path: { workspaceId: string }; body: CreateRunsBatchBody; answer: RunBatch };
  getRun: { path: { workspaceId: string; runId: string }; answer: RunResource };
  cancelRun: { path: { workspaceId: string; runId: string }; answer: RunResource };
  streamRunEvents: {
    path: { workspaceId: string; runId: string };
    query?: StreamRunEventsQuery;
    answer: Response;
  };
  linkRunEvents: { path: { workspaceId: string; runId: string }; answer: RunEventsLink };
  downloadRunEvents: { path: { workspaceId: string; runId: string }; answer: Response };
  getRunInput: { path: { workspaceId: string; runId: string }; answer: RunInput };
  downloadRunInput: {
    path: { workspaceId: string; runId: string };
    query?: DownloadRunInputQuery;
    answer: Response;
  };
  getRunOutput: { path: { workspaceId: string; runId: string }; answer: RunOutput };
  uploadRunOutput: {
    path: { workspaceId: string; runId: string };
    form: UploadRunOutputForm;
    answer: RunOutput;
  };
  editRunOutput: { path: { workspaceId: string; runId: string }; body: EditRunOutputBody; answer: RunOutput };
  downloadRunOutput: {
    path: { workspaceId: string; runId: string };
    query?: DownloadRunOutputQuery;
    answer: Response;
  };
  previewRunOutput: {
    path: { workspaceId: string; runId: string };
    query?: PreviewRunOutputQuery;
    answer: WorkbookSheetPreview;
  };
  listRunOutputSheets: { path: { workspaceId: string; runId: string }; answer: RunOutputSheet[] };
  getRunMetrics: { path: { workspaceId: string; runId: string }; answer: RunMetricsWithCost };
  diffRuns: { path: { workspaceId: string; runId: string; otherRunId: string }; answer: RunDiff };
  getRunFields: { path: { workspaceId: string; runId: string }; answer: RunField[] };
  getRunColumns: {
    path: { workspaceId: string; runId: string };
    query?: GetRunColumnsQuery;
    answer: RunColumn[];
  };
  correctColumn: {
    path: { workspaceId: string; runId: string; columnId: string };
    body: CorrectColumnBody;
    answer: RunColumn;
  };
  correctValue: {
    path: { workspaceId: string; runId: string };
    body: CorrectValueBody;
    answer: ValueCorrection;
  };
  uploadDocument: { path: { workspaceId: string }; form: UploadDocumentForm; answer: Document };
  listDocuments: { path: { workspaceId: string }; query?: ListDocumentsQuery; answer: DocumentPage };
  createUpload: { path: { workspaceId: string }; body: CreateUploadBody; answer: UploadTicket };
  completeUpload: {
    path: { workspaceId: string; uploadId: string };
    body?: CompleteUploadBody;
    answer: Document;
  };
  getDocument: { path: { workspaceId: string; documentId: string }; answer: Document };
  deleteDocument: { path: { workspaceId: string; documentId: string }; answer: undefined };
  downloadDocument: {
    path: { workspaceId: string; documentId: string };
    query?: DownloadDocumentQuery;
    answer: Response;
  };
  downloadOriginalDocument: {
    path: { workspaceId: string; documentId: string };
    query?: DownloadOriginalDocumentQuery;
    answer: Response;
  };
  addDocumentVersion: {
    path: { workspaceId: string; documentId: string };
    form: AddDocumentVersionForm;
    answer: Document;
  };
  downloadDocumentVersion: {
    path: { workspaceId: string; documentId: string; versionNo: number };
    query?: DownloadDocumentVersionQuery;
    answer: Response;
  };
  listConfigurations: {
    path: { workspaceId: string };
    query?: ListConfigurationsQuery;
    answer: ConfigurationPage;
  };
  createConfiguration: {
    path: { workspaceId: string };
    body: CreateConfigurationBody;
    answer: ConfigurationDetails;
  };
  proposeConfiguration: {
    path: { workspaceId: string };
    body: ProposeConfigurationBody;
    answer: ProposeConfigurationAnswer;
  };
  getConfiguration: { path: { workspaceId: string; configurationId: string }; answer: ConfigurationDetails };
  updateConfiguration: {
    path: { workspaceId: string; configurationId: string };
    body: UpdateConfigurationBody;
    answer: ConfigurationDetails;
  };
  validateConfiguration: {
    path: { workspaceId: string; configurationId: string };
    answer: ConfigurationCheck;
  };
  tryConfiguration: {
    path: { workspaceId: string; configurationId: string };
    body: TryConfigurationBody;
    answer: TriedConfiguration;
  };
  publishConfiguration: {
    path: { workspaceId: string; configurationId: string };
    answer: ConfigurationDetails;
  };
  archiveConfiguration: {
    path: { workspaceId: string; configurationId: string };
    answer: ConfigurationDetails;
  };
  getLearned: { path: { workspaceId: string; configurationId: string }; answer: Learned };
  replaceLearned: {
    path: { workspaceId: string; configurationId: string };
    body: ReplaceLearnedBody;
    answer: Learned;
  };
  forgetLearned: {
    path: { workspaceId: string; configurationId: string };
    query?: ForgetLearnedQuery;
    answer: undefined;
  };
  listLists: { path: { workspaceId: string }; answer: ValueLists };
  putList: { path: { workspaceId: string; name: string }; form: PutListForm; answer: ValueListSummary };
  getList: { path: { workspaceId: string; name: string }; answer: ValueListSummary };
  deleteList: { path: { workspaceId: string; name: string }; answer: undefined };
  listApiKeys: { path: { workspaceId: string }; query?: ListApiKeysQuery; answer: ApiKeyPage };
  createApiKey: { path: { workspaceId: string }; body?: CreateApiKeyBody; answer: ApiKeyCreated };
  revokeApiKey: { path: { workspaceId: string; keyId: string }; answer: undefined };
  listMembers: { path: { workspaceId: string }; query?: ListMembersQuery; answer: MemberPage };
  addMember: { path: { workspaceId: string }; body: AddMemberBody; answer: Member };
  updateMember: { path: { workspaceId: string; memberId: string }; body: UpdateMemberBody; answer: Member };
  removeMember: { path: { workspaceId: string; memberId: string }; answer: undefined };
  getWorkspace: { path: { workspaceId: string }; answer: Workspace };
  updateWorkspace: { path: { workspaceId: string }; body: UpdateWorkspaceBody; answer: Workspace };
  getHealth: { answer: Health };
  startProcessRun: { body: StartProcessRunBody; answer: ProcessRun };
  listProcessRuns: { query: ListProcessRunsQuery; answer: ProcessRunList };
  getProcessRun: { path: { run_id: string }; answer: ProcessRun };
  cancelProcessRun: { path: { run_id: string }; answer: ProcessRun };
  getProcessRunEvents: { path: { run_id: string }; answer: Response };
  registerProcess: { body: RegisterProcessBody; answer: ProcessRegistration };
  listProcesses: { query: ListProcessesQuery; answer: ProcessList };
  getProcess: { path: { process_id: string }; query: GetProcessQuery; answer: Process };
  createFile: { body: CreateFileBody; answer: ProcessFile };
  createThreadRun: {
    path: { projectId: string; threadId: string };
    body: CreateThreadRunBody;
    answer: ThreadRun;
  };
  listThreadRuns: {
    path: { projectId: string; threadId: string };
    query?: ListThreadRunsQuery;
    answer: ThreadRunPage;
  };
  getThreadRun: { path: { projectId: string; threadId: string; runId: string }; answer: ThreadRun };
  cancelThreadRun: { path: { projectId: string; threadId: string; runId: string }; answer: ThreadRun };
  createThread: { path: { projectId: string }; body?: CreateThreadBody; answer: ThreadInfo };
  listThreads: { path: { projectId: string }; query?: ListThreadsQuery; answer: ThreadPage };
  getThread: { path: { projectId: string; threadId: string }; answer: ThreadDetail };
  listThreadMessages: {
    path: { projectId: string; threadId: string };
    query?: ListThreadMessagesQuery;
    answer: ThreadMessagePage;
  };
  chat: { path: { projectId: string }; body: ChatBody; answer: ChatAnswer };
  runAgent: { body: RunAgentBody; answer: AgentAnswer };
  listAgentRuns: { path: { agentId: string }; query?: ListAgentRunsQuery; answer: AgentRunPage };
  getAgentRun: { path: { agentId: string; runId: string }; answer: AgentRunDetails };
  createAgent: { body: CreateAgentBody; answer: Agent };
  listAgents: { query?: ListAgentsQuery; answer: AgentPage };
  getAgent: { path: { agentId: string }; answer: Agent };
  createAgentVersion: { path: { agentId: string }; body: CreateAgentVersionBody; answer: AgentVersion };
  listAgentVersions: { path: { agentId: string }; query?: ListAgentVersionsQuery; answer: AgentVersionPage };
  getAgentVersion: { path: { agentId: string; no: string }; answer: AgentVersion };
  deployAgentVersion: { path: { agentId: string }; body: DeployAgentVersionBody; answer: Agent };
  undeployAgent: { path: { agentId: string }; answer: Agent };
  rollBackAgent: { path: { agentId: string }; answer: Agent };
  putProvider: { path: { providerId: string }; body: PutProviderBody; answer: Provider };
  getProvider: { path: { providerId: string }; answer: Provider };
  listProviders: { query?: ListProvidersQuery; answer: ProviderPage };
  getOpenApi: { answer: GetOpenApiAnswer };
  getDocs: { answer: Response };
  getDocsFile: { path: { file: string }; answer: Response };
}

export interface WorkspaceRunsOperations {
  /** List the runs of a workspace, newest first */
  listRuns(query?: ListRunsQuery, options?: RequestOptions): Paged<RunPage, RunResource>;
  /** Create and queue a run for one document */
  createRun(body: CreateRunBody, options?: RequestOptions): Promise<RunResource>;
  /** Create and queue a run for each of many documents, or for none of them */
  createRunsBatch(body: CreateRunsBatchBody, options?: RequestOptions): Promise<RunBatch>;
  /** Get a run */
  getRun(runId: string, options?: RequestOptions): Promise<RunResource>;
  /** Cancel a queued or running run */
  cancelRun(runId: string, options?: RequestOptions): Promise<RunResource>;
  /** Follow a run's events as server-sent events, from any byte offset */
  streamRunEvents(runId: string, query?: StreamRunEventsQuery, options?: RequestOptions): StreamedAnswer;
  /** Get a link to a run's events for a browser's EventSource, good for five minutes */
  linkRunEvents(runId: string, options?: RequestOptions): Promise<RunEventsLink>;
  /** Download a run's event log */
  downloadRunEvents(runId: string, options?: RequestOptions): StreamedAnswer;
  /** Get what a run's input was */
  getRunInput(runId: string, options?: RequestOptions): Promise<RunInput>;
  /** Download the document version that a run used */
  downloadRunInput(runId: string, query?: DownloadRunInputQuery, options?: RequestOptions): StreamedAnswer;
  /** Get whether a run's output is ready, and what it is */
  getRunOutput(runId: string, options?: RequestOptions): Promise<RunOutput>;
  /** Upload an output by hand, as the next version; a part `upload_id` names a larger file */
  uploadRunOutput(runId: string, form: UploadRunOutputForm, options?: RequestOptions): Promise<RunOutput>;
  /** Put other rows in a sheet of a run's output, as its next version */
  editRunOutput(runId: string, body: EditRunOutputBody, options?: RequestOptions): Promise<RunOutput>;
  /** Download a run's output, as it is or a sheet of it as CSV, JSON lines or Parquet */
  downloadRunOutput(runId: string, query?: DownloadRunOutputQuery, options?: RequestOptions): StreamedAnswer;
  /** Look at the first rows of a sheet of a run's output */
  previewRunOutput(
    runId: string,
    query?: PreviewRunOutputQuery,
    options?: RequestOptions,
  ): Promise<WorkbookSheetPreview>;
  /** List the sheets of a run's output */
  listRunOutputSheets(runId: string, options?: RequestOptions): Promise<RunOutputSheet[]>;
  /** Get the counts of a succeeded run's report, and what the run cost */
  getRunMetrics(runId: string, options?: RequestOptions): Promise<RunMetricsWithCost>;
  /** Say how another run's output differs from a run's, sheet by sheet and cell by cell */
  diffRuns(runId: string, otherRunId: string, options?: RequestOptions): Promise<RunDiff>;
  /** List which fields a run detected */
  getRunFields(runId: string, options?: RequestOptions): Promise<RunField[]>;
  /** List the columns that a run found, and what they were mapped to */
  getRunColumns(runId: string, query?: GetRunColumnsQuery, options?: RequestOptions): Promise<RunColumn[]>;
  /** Say which field a column of a run is, or that it is none, for the document's later runs and others */
  correctColumn(
    runId: string,
    columnId: string,
    body: CorrectColumnBody,
    options?: RequestOptions,
  ): Promise<RunColumn>;
  /** Say what a value of a field is to be, in later runs of any document */
  correctValue(runId: string, body: CorrectValueBody, options?: RequestOptions): Promise<ValueCorrection>;
  /** Upload a document, and run it if asked to */
  uploadDocument(form: UploadDocumentForm, options?: RequestOptions): Promise<Document>;
  /** List the documents of a workspace, newest first */
  listDocuments(query?: ListDocumentsQuery, options?: RequestOptions): Paged<DocumentPage, DocumentRow>;
  /** Ask for a form that takes a larger document straight to the file store */
  createUpload(body: CreateUploadBody, options?: RequestOptions): Promise<UploadTicket>;
  /** Make a document of what was posted to the form */
  completeUpload(uploadId: string, body?: CompleteUploadBody, options?: RequestOptions): Promise<Document>;
  /** Get a document */
  getDocument(documentId: string, options?: RequestOptions): Promise<Document>;
  /** Delete a document; its runs stay */
  deleteDocument(documentId: string, options?: RequestOptions): Promise<void>;
  /** Download a document's newest artifact: its output once a run succeeded */
  downloadDocument(
    documentId: string,
    query?: DownloadDocumentQuery,
    options?: RequestOptions,
  ): StreamedAnswer;
  /** Download a document as it was first uploaded */
  downloadOriginalDocument(
    documentId: string,
    query?: DownloadOriginalDocumentQuery,
    options?: RequestOptions,
  ): StreamedAnswer;
  /** Upload a new version of a document */
  addDocumentVersion(
    documentId: string,
    form: AddDocumentVersionForm,
    options?: RequestOptions,
  ): Promise<Document>;
  /** Download a document as one of its versions was uploaded */
  downloadDocumentVersion(
    documentId: string,
    versionNo: number,
    query?: DownloadDocumentVersionQuery,
    options?: RequestOptions,
  ): StreamedAnswer;
  /** List the configurations of a workspace, newest first, without their definitions */
  listConfigurations(
    query?: ListConfigurationsQuery,
    options?: RequestOptions,
  ): Paged<ConfigurationPage, ConfigurationSummary>;
  /** Create a draft of a configuration, from the default one unless a definition is given, and publish it if asked to */
  createConfiguration(body: CreateConfigurationBody, options?: RequestOptions): Promise<ConfigurationDetails>;
  /** Propose a configuration for files as these, with the reasons for it; nothing is stored */
  proposeConfiguration(
    body: ProposeConfigurationBody,
    options?: RequestOptions,
  ): Promise<ProposeConfigurationAnswer>;
  /** Get a configuration with its definition */
  getConfiguration(configurationId: string, options?: RequestOptions): Promise<ConfigurationDetails>;
  /** Change a draft's name, or replace its definition */
  updateConfiguration(
    configurationId: string,
    body: UpdateConfigurationBody,
    options?: RequestOptions,
  ): Promise<ConfigurationDetails>;
  /** Say what is wrong with a configuration, and where */
  validateConfiguration(configurationId: string, options?: RequestOptions): Promise<ConfigurationCheck>;
  /** Say what a configuration would change of a document against the active one, without a run */
  tryConfiguration(
    configurationId: string,
    body: TryConfigurationBody,
    options?: RequestOptions,
  ): Promise<TriedConfiguration>;
  /** Make a draft the workspace's active configuration and archive the one before */
  publishConfiguration(configurationId: string, options?: RequestOptions): Promise<ConfigurationDetails>;
  /** Put away a configuration that is not the active one */
  archiveConfiguration(configurationId: string, options?: RequestOptions): Promise<ConfigurationDetails>;
  /** Get what a configuration has learned from corrections */
  getLearned(configurationId: string, options?: RequestOptions): Promise<Learned>;
  /** Replace what a configuration has learned, by what was edited or another configuration knew */
  replaceLearned(
    configurationId: string,
    body: ReplaceLearnedBody,
    options?: RequestOptions,
  ): Promise<Learned>;
  /** Forget what a configuration has learned, or what it has learned of one header */
  forgetLearned(configurationId: string, query?: ForgetLearnedQuery, options?: RequestOptions): Promise<void>;
  /** List the lists of a workspace, by name */
  listLists(options?: RequestOptions): Promise<ValueLists>;
  /** Upload a list of values, in place of the one that is there: a CSV without header, in each row a value and its synonyms */
  putList(name: string, form: PutListForm, options?: RequestOptions): Promise<ValueListSummary>;
  /** Get a list: how many values it has */
  getList(name: string, options?: RequestOptions): Promise<ValueListSummary>;
  /** Delete a list; runs that have begun go on with it */
  deleteList(name: string, options?: RequestOptions): Promise<void>;
  /** List the API keys of a workspace, newest first, revoked ones included */
  listApiKeys(query?: ListApiKeysQuery, options?: RequestOptions): Paged<ApiKeyPage, ApiKey>;
  /** Create an API key; its secret is shown this once */
  createApiKey(body?: CreateApiKeyBody, options?: RequestOptions): Promise<ApiKeyCreated>;
  /** Revoke an API key for this workspace; it stops working within a minute */
  revokeApiKey(keyId: string, options?: RequestOptions): Promise<void>;
  /** List the members of a workspace */
  listMembers(query?: ListMembersQuery, options?: RequestOptions): Paged<MemberPage, Member>;
  /** Make a token's subject a member of the workspace */
  addMember(body: AddMemberBody, options?: RequestOptions): Promise<Member>;
  /** Change a member's role or address */
  updateMember(memberId: string, body: UpdateMemberBody, options?: RequestOptions): Promise<Member>;
  /** Remove a member from the workspace */
  removeMember(memberId: string, options?: RequestOptions): Promise<void>;
  /** Get a workspace and its settings */
  getWorkspace(options?: RequestOptions): Promise<Workspace>;
  /** Change a workspace's name, what it does with uploads, and how long it keeps runs */
  updateWorkspace(body: UpdateWorkspaceBody, options?: RequestOptions): Promise<Workspace>;
}

export interface ProcessRunsOperations {
  /** Say that the platform is up */
  getHealth(options?: RequestOptions): Promise<Health>;
  /** Start a run of a process */
  startProcessRun(body: StartProcessRunBody, options?: RequestOptions): Promise<ProcessRun>;
  /** List the runs of a process, newest first */
  listProcessRuns(query: ListProcessRunsQuery, options?: RequestOptions): Paged<ProcessRunList, ProcessRun>;
  /** Read a run */
  getProcessRun(runId: string, options?: RequestOptions): Promise<ProcessRun>;
  /** Cancel a run and stop its execution */
  cancelProcessRun(runId: string, options?: RequestOptions): Promise<ProcessRun>;
  /** Read what happened to a run, and why it failed, one JSON object per line */
  getProcessRunEvents(runId: string, options?: RequestOptions): StreamedAnswer;
  /** Register a state machine as a stage of a process; the agent is made if there is none */
  registerProcess(body: RegisterProcessBody, options?: RequestOptions): Promise<ProcessRegistration>;
  /** List the processes of an agent by their stages */
  listProcesses(query: ListProcessesQuery, options?: RequestOptions): Paged<ProcessList, Process>;
  /** Read a process; its stage is Published if it has that, else Draft */
  getProcess(processId: string, query: GetProcessQuery, options?: RequestOptions): Promise<Process>;
  /** Get a form that takes a file straight to the file store */
  createFile(body: CreateFileBody, options?: RequestOptions): Promise<ProcessFile>;
}

export interface ThreadRunsOperations {
  /** Add a message to a thread and start the run that answers it */
  createThreadRun(threadId: string, body: CreateThreadRunBody, options?: RequestOptions): Promise<ThreadRun>;
  /** List the runs of a thread */
  listThreadRuns(
    threadId: string,
    query?: ListThreadRunsQuery,
    options?: RequestOptions,
  ): Paged<ThreadRunPage, ThreadRun>;
  /** Read the status of a run */
  getThreadRun(threadId: string, runId: string, options?: RequestOptions): Promise<ThreadRun>;
  /** Cancel a run that has not ended; its thread takes the next one at once */
  cancelThreadRun(threadId: string, runId: string, options?: RequestOptions): Promise<ThreadRun>;
  /** Create an empty thread with an assistant, or with the project's first one */
  createThread(body?: CreateThreadBody, options?: RequestOptions): Promise<ThreadInfo>;
  /** List the threads of a project */
  listThreads(query?: ListThreadsQuery, options?: RequestOptions): Paged<ThreadPage, ThreadInfo>;
  /** Read a thread with its messages, oldest first: all of them, or the newest 5 MB */
  getThread(threadId: string, options?: RequestOptions): Promise<ThreadDetail>;
  /** List the messages of a thread page by page; limit counts questions, which come with their answers */
  listThreadMessages(
    threadId: string,
    query?: ListThreadMessagesQuery,
    options?: RequestOptions,
  ): Paged<ThreadMessagePage, ThreadMessage>;
  /** Send a message and wait for its answer; without a thread, a new one begins */
  chat(body: ChatBody, options?: RequestOptions): Promise<ChatAnswer>;
}

export interface AgentRunOperations {
  /** Run the deployed version of an agent, and answer at its end or token by token */
  runAgent(body: RunAgentBody, options?: RequestOptions): Promise<AgentAnswer>;
  /** List the runs of an agent, newest first */
  listAgentRuns(
    agentId: string,
    query?: ListAgentRunsQuery,
    options?: RequestOptions,
  ): Paged<AgentRunPage, AgentRun>;
  /** Read a run of an agent, with its content if that was kept */
  getAgentRun(agentId: string, runId: string, options?: RequestOptions): Promise<AgentRunDetails>;
  /** Create an agent; its id may be chosen */
  createAgent(body: CreateAgentBody, options?: RequestOptions): Promise<Agent>;
  /** List the agents of the workspace by their ids, the greatest first */
  listAgents(query?: ListAgentsQuery, options?: RequestOptions): Paged<AgentPage, Agent>;
  /** Read an agent */
  getAgent(agentId: string, options?: RequestOptions): Promise<Agent>;
  /** Add a version to an agent; it never changes, and does not run until it is deployed */
  createAgentVersion(
    agentId: string,
    body: CreateAgentVersionBody,
    options?: RequestOptions,
  ): Promise<AgentVersion>;
  /** List the versions of an agent, newest first, without what they say */
  listAgentVersions(
    agentId: string,
    query?: ListAgentVersionsQuery,
    options?: RequestOptions,
  ): Paged<AgentVersionPage, AgentVersionSummary>;
  /** Read a version of an agent */
  getAgentVersion(agentId: string, no: string, options?: RequestOptions): Promise<AgentVersion>;
  /** Deploy a version in place of the one that runs */
  deployAgentVersion(agentId: string, body: DeployAgentVersionBody, options?: RequestOptions): Promise<Agent>;
  /** Take an agent out of service */
  undeployAgent(agentId: string, options?: RequestOptions): Promise<Agent>;
  /** Deploy the version that ran before, or the one numbered before */
  rollBackAgent(agentId: string, options?: RequestOptions): Promise<Agent>;
  /** Set how a model provider is reached; its key is named, not sent */
  putProvider(providerId: string, body: PutProviderBody, options?: RequestOptions): Promise<Provider>;
  /** Read a model provider */
  getProvider(providerId: string, options?: RequestOptions): Promise<Provider>;
  /** List the model providers of the workspace */
  listProviders(query?: ListProvidersQuery, options?: RequestOptions): Paged<ProviderPage, Provider>;
}

export interface ReferenceOperations {
  /** Read this description of all operations as OpenAPI 3.1 */
  getOpenApi(options?: RequestOptions): Promise<GetOpenApiAnswer>;
  /** Open the description as a page that can call the operations */
  getDocs(options?: RequestOptions): StreamedAnswer;
  /** Read a part of that page: its program, its styles */
  getDocsFile(file: string, options?: RequestOptions): StreamedAnswer;
}

/** How each operation is called. */
export const OPERATIONS: Readonly<Record<keyof Operations, OperationEntry>> = {
  listRuns: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/runs',
    named: [],
    takes: ['query'],
    answers: 'json',
    pages: { items: 'items', next: 'meta.nextCursor', by: 'cursor' },
  },
  createRun: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/runs',
    named: [],
    takes: ['body'],
    answers: 'json',
    keyed: true,
  },
  createRunsBatch: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/runs/batch',
    named: [],
    takes: ['body'],
    answers: 'json',
    keyed: true,
  },
  getRun: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}',
    named: ['runId'],
    takes: [],
    answers: 'json',
  },
  cancelRun: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/cancel',
    named: ['runId'],
    takes: [],
    answers: 'json',
    repeatable: true,
  },
  streamRunEvents: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/events/stream',
    named: ['runId'],
    takes: ['query'],
    answers: 'bytes',
  },
  linkRunEvents: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/events/link',
    named: ['runId'],
    takes: [],
    answers: 'json',
    repeatable: true,
  },
  downloadRunEvents: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/events/download',
    named: ['runId'],
    takes: [],
    answers: 'bytes',
  },
  getRunInput: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/input',
    named: ['runId'],
    takes: [],
    answers: 'json',
  },
  downloadRunInput: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/input/download',
    named: ['runId'],
    takes: ['query'],
    answers: 'bytes',
  },
  getRunOutput: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/output',
    named: ['runId'],
    takes: [],
    answers: 'json',
  },
  uploadRunOutput: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/output',
    named: ['runId'],
    takes: ['form'],
    answers: 'json',
    keyed: true,
  },
  editRunOutput: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/output/edit',
    named: ['runId'],
    takes: ['body'],
    answers: 'json',
    keyed: true,
  },
  downloadRunOutput: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/output/download',
    named: ['runId'],
    takes: ['query'],
    answers: 'bytes',
  },
  previewRunOutput: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/output/preview',
    named: ['runId'],
    takes: ['query'],
    answers: 'json',
  },
  listRunOutputSheets: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/output/sheets',
    named: ['runId'],
    takes: [],
    answers: 'json',
  },
  getRunMetrics: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/metrics',
    named: ['runId'],
    takes: [],
    answers: 'json',
  },
  diffRuns: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/diff/{otherRunId}',
    named: ['runId', 'otherRunId'],
    takes: [],
    answers: 'json',
  },
  getRunFields: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/fields',
    named: ['runId'],
    takes: [],
    answers: 'json',
  },
  getRunColumns: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/columns',
    named: ['runId'],
    takes: ['query'],
    answers: 'json',
  },
  correctColumn: {
    api: 'workspace-runs',
    method: 'PUT',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/columns/{columnId}/correction',
    named: ['runId', 'columnId'],
    takes: ['body'],
    answers: 'json',
  },
  correctValue: {
    api: 'workspace-runs',
    method: 'PUT',
    path: '/api/v1/workspaces/{workspaceId}/runs/{runId}/corrections/values',
    named: ['runId'],
    takes: ['body'],
    answers: 'json',
  },
  uploadDocument: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/documents',
    named: [],
    takes: ['form'],
    answers: 'json',
    keyed: true,
  },
  listDocuments: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/documents',
    named: [],
    takes: ['query'],
    answers: 'json',
    pages: { items: 'items', next: 'meta.nextCursor', by: 'cursor' },
  },
  createUpload: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/documents/uploads',
    named: [],
    takes: ['body'],
    answers: 'json',
    repeatable: true,
  },
  completeUpload: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/documents/uploads/{uploadId}/complete',
    named: ['uploadId'],
    takes: ['body'],
    answers: 'json',
    repeatable: true,
  },
  getDocument: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/documents/{documentId}',
    named: ['documentId'],
    takes: [],
    answers: 'json',
  },
  deleteDocument: {
    api: 'workspace-runs',
    method: 'DELETE',
    path: '/api/v1/workspaces/{workspaceId}/documents/{documentId}',
    named: ['documentId'],
    takes: [],
    answers: 'nothing',
  },
  downloadDocument: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/documents/{documentId}/download',
    named: ['documentId'],
    takes: ['query'],
    answers: 'bytes',
  },
  downloadOriginalDocument: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/documents/{documentId}/original/download',
    named: ['documentId'],
    takes: ['query'],
    answers: 'bytes',
  },
  addDocumentVersion: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/documents/{documentId}/versions',
    named: ['documentId'],
    takes: ['form'],
    answers: 'json',
    keyed: true,
  },
  downloadDocumentVersion: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/documents/{documentId}/versions/{versionNo}/download',
    named: ['documentId', 'versionNo'],
    takes: ['query'],
    answers: 'bytes',
  },
  listConfigurations: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/configurations',
    named: [],
    takes: ['query'],
    answers: 'json',
    pages: { items: 'items', next: 'meta.nextCursor', by: 'cursor' },
  },
  createConfiguration: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/configurations',
    named: [],
    takes: ['body'],
    answers: 'json',
  },
  proposeConfiguration: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/configurations/propose',
    named: [],
    takes: ['body'],
    answers: 'json',
    repeatable: true,
  },
  getConfiguration: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/configurations/{configurationId}',
    named: ['configurationId'],
    takes: [],
    answers: 'json',
  },
  updateConfiguration: {
    api: 'workspace-runs',
    method: 'PATCH',
    path: '/api/v1/workspaces/{workspaceId}/configurations/{configurationId}',
    named: ['configurationId'],
    takes: ['body'],
    answers: 'json',
  },
  validateConfiguration: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/configurations/{configurationId}/validate',
    named: ['configurationId'],
    takes: [],
    answers: 'json',
    repeatable: true,
  },
  tryConfiguration: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/configurations/{configurationId}/try',
    named: ['configurationId'],
    takes: ['body'],
    answers: 'json',
    repeatable: true,
  },
  publishConfiguration: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/configurations/{configurationId}/publish',
    named: ['configurationId'],
    takes: [],
    answers: 'json',
  },
  archiveConfiguration: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/configurations/{configurationId}/archive',
    named: ['configurationId'],
    takes: [],
    answers: 'json',
    repeatable: true,
  },
  getLearned: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/configurations/{configurationId}/learned',
    named: ['configurationId'],
    takes: [],
    answers: 'json',
  },
  replaceLearned: {
    api: 'workspace-runs',
    method: 'PUT',
    path: '/api/v1/workspaces/{workspaceId}/configurations/{configurationId}/learned',
    named: ['configurationId'],
    takes: ['body'],
    answers: 'json',
  },
  forgetLearned: {
    api: 'workspace-runs',
    method: 'DELETE',
    path: '/api/v1/workspaces/{workspaceId}/configurations/{configurationId}/learned',
    named: ['configurationId'],
    takes: ['query'],
    answers: 'nothing',
  },
  listLists: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/lists',
    named: [],
    takes: [],
    answers: 'json',
  },
  putList: {
    api: 'workspace-runs',
    method: 'PUT',
    path: '/api/v1/workspaces/{workspaceId}/lists/{name}',
    named: ['name'],
    takes: ['form'],
    answers: 'json',
  },
  getList: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/lists/{name}',
    named: ['name'],
    takes: [],
    answers: 'json',
  },
  deleteList: {
    api: 'workspace-runs',
    method: 'DELETE',
    path: '/api/v1/workspaces/{workspaceId}/lists/{name}',
    named: ['name'],
    takes: [],
    answers: 'nothing',
  },
  listApiKeys: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/api-keys',
    named: [],
    takes: ['query'],
    answers: 'json',
    pages: { items: 'items', next: 'meta.nextCursor', by: 'cursor' },
  },
  createApiKey: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/api-keys',
    named: [],
    takes: ['body'],
    answers: 'json',
  },
  revokeApiKey: {
    api: 'workspace-runs',
    method: 'DELETE',
    path: '/api/v1/workspaces/{workspaceId}/api-keys/{keyId}',
    named: ['keyId'],
    takes: [],
    answers: 'nothing',
  },
  listMembers: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/members',
    named: [],
    takes: ['query'],
    answers: 'json',
    pages: { items: 'items', next: 'meta.nextCursor', by: 'cursor' },
  },
  addMember: {
    api: 'workspace-runs',
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/members',
    named: [],
    takes: ['body'],
    answers: 'json',
  },
  updateMember: {
    api: 'workspace-runs',
    method: 'PATCH',
    path: '/api/v1/workspaces/{workspaceId}/members/{memberId}',
    named: ['memberId'],
    takes: ['body'],
    answers: 'json',
  },
  removeMember: {
    api: 'workspace-runs',
    method: 'DELETE',
    path: '/api/v1/workspaces/{workspaceId}/members/{memberId}',
    named: ['memberId'],
    takes: [],
    answers: 'nothing',
  },
  getWorkspace: {
    api: 'workspace-runs',
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}',
    named: [],
    takes: [],
    answers: 'json',
  },
  updateWorkspace: {
    api: 'workspace-runs',
    method: 'PATCH',
    path: '/api/v1/workspaces/{workspaceId}',
    named: [],
    takes: ['body'],
    answers: 'json',
  },
  getHealth: { api: 'process-runs', method: 'GET', path: '/health', named: [], takes: [], answers: 'json' },
  startProcessRun: {
    api: 'process-runs',
    method: 'POST',
    path: '/runs',
    named: [],
    takes: ['body'],
    answers: 'json',
    keyed: true,
  },
  listProcessRuns: {
    api: 'process-runs',
    method: 'GET',
    path: '/runs',
    named: [],
    takes: ['query'],
    answers: 'json',
    pages: { items: 'items', next: 'continuation_token', by: 'continuation_token' },
  },
  getProcessRun: {
    api: 'process-runs',
    method: 'GET',
    path: '/runs/{run_id}',
    named: ['run_id'],
    takes: [],
    answers: 'json',
  },
  cancelProcessRun: {
    api: 'process-runs',
    method: 'POST',
    path: '/runs/{run_id}/cancel',
    named: ['run_id'],
    takes: [],
    answers: 'json',
    repeatable: true,
  },
  getProcessRunEvents: {
    api: 'process-runs',
    method: 'GET',
    path: '/runs/{run_id}/events',
    named: ['run_id'],
    takes: [],
    answers: 'bytes',
  },
  registerProcess: {
    api: 'process-runs',
    method: 'POST',
    path: '/processes',
    named: [],
    takes: ['body'],
    answers: 'json',
  },
  listProcesses: {
    api: 'process-runs',
    method: 'GET',
    path: '/processes',
    named: [],
    takes: ['query'],
    answers: 'json',
    pages: { items: 'items', next: 'continuation_token', by: 'continuation_token' },
  },
  getProcess: {
    api: 'process-runs',
    method: 'GET',
    path: '/processes/{process_id}',
    named: ['process_id'],
    takes: ['query'],
    answers: 'json',
  },
  createFile: {
    api: 'process-runs',
    method: 'POST',
    path: '/files',
    named: [],
    takes: ['body'],
    answers: 'json',
    repeatable: true,
  },
  createThreadRun: {
    api: 'thread-runs',
    method: 'POST',
    path: '/api/projects/{projectId}/threads/{threadId}/runs',
    named: ['threadId'],
    takes: ['body'],
    answers: 'json',
    keyed: true,
  },
  listThreadRuns: {
    api: 'thread-runs',
    method: 'GET',
    path: '/api/projects/{projectId}/threads/{threadId}/runs',
    named: ['threadId'],
    takes: ['query'],
    answers: 'json',
    pages: { items: 'runs', next: 'nextCursor', by: 'after' },
  },
  getThreadRun: {
    api: 'thread-runs',
    method: 'GET',
    path: '/api/projects/{projectId}/threads/{threadId}/runs/{runId}',
    named: ['threadId', 'runId'],
    takes: [],
    answers: 'json',
  },
  cancelThreadRun: {
    api: 'thread-runs',
    method: 'POST',
    path: '/api/projects/{projectId}/threads/{threadId}/runs/{runId}/cancel',
    named: ['threadId', 'runId'],
    takes: [],
    answers: 'json',
    repeatable: true,
  },
  createThread: {
    api: 'thread-runs',
    method: 'POST',
    path: '/api/projects/{projectId}/threads',
    named: [],
    takes: ['body'],
    answers: 'json',
  },
  listThreads: {
    api: 'thread-runs',
    method: 'GET',
    path: '/api/projects/{projectId}/threads',
    named: [],
    takes: ['query'],
    answers: 'json',
    pages: { items: 'threads', next: 'nextCursor', by: 'after' },
  },
  getThread: {
    api: 'thread-runs',
    method: 'GET',
    path: '/api/projects/{projectId}/threads/{threadId}',
    named: ['threadId'],
    takes: [],
    answers: 'json',
  },
  listThreadMessages: {
    api: 'thread-runs',
    method: 'GET',
    path: '/api/projects/{projectId}/threads/{threadId}/messages',
    named: ['threadId'],
    takes: ['query'],
    answers: 'json',
    pages: { items: 'messages', next: 'nextCursor', by: 'after' },
  },
  chat: {
    api: 'thread-runs',
    method: 'POST',
    path: '/api/projects/{projectId}/chat',
    named: [],
    takes: ['body'],
    answers: 'json',
    keyed: true,
  },
  runAgent: {
    api: 'agent-run',
    method: 'POST',
    path: '/api/v1/run',
    named: [],
    takes: ['body'],
    answers: 'json',
    keyed: true,
    timeoutMilliseconds: 900000,
  },
  listAgentRuns: {
    api: 'agent-run',
    method: 'GET',
    path: '/api/v1/agents/{agentId}/runs',
    named: ['agentId'],
    takes: ['query'],
    answers: 'json',
    pages: { items: 'items', next: 'nextCursor', by: 'cursor' },
  },
  getAgentRun: {
    api: 'agent-run',
    method: 'GET',
    path: '/api/v1/agents/{agentId}/runs/{runId}',
    named: ['agentId', 'runId'],
    takes: [],
    answers: 'json',
  },
  createAgent: {
    api: 'agent-run',
    method: 'POST',
    path: '/api/v1/agents',
    named: [],
    takes: ['body'],
    answers: 'json',
  },
  listAgents: {
    api: 'agent-run',
    method: 'GET',
    path: '/api/v1/agents',
    named: [],
    takes: ['query'],
    answers: 'json',
    pages: { items: 'items', next: 'nextCursor', by: 'cursor' },
  },
  getAgent: {
    api: 'agent-run',
    method: 'GET',
    path: '/api/v1/agents/{agentId}',
    named: ['agentId'],
    takes: [],
    answers: 'json',
  },
  createAgentVersion: {
    api: 'agent-run',
    method: 'POST',
    path: '/api/v1/agents/{agentId}/versions',
    named: ['agentId'],
    takes: ['body'],
    answers: 'json',
  },
  listAgentVersions: {
    api: 'agent-run',
    method: 'GET',
    path: '/api/v1/agents/{agentId}/versions',
    named: ['agentId'],
    takes: ['query'],
    answers: 'json',
    pages: { items: 'items', next: 'nextCursor', by: 'cursor' },
  },
  getAgentVersion: {
    api: 'agent-run',
    method: 'GET',
    path: '/api/v1/agents/{agentId}/versions/{no}',
    named: ['agentId', 'no'],
    takes: [],
    answers: 'json',
  },
  deployAgentVersion: {
    api: 'agent-run',
    method: 'PUT',
    path: '/api/v1/agents/{agentId}/deployment',
    named: ['agentId'],
    takes: ['body'],
    answers: 'json',
  },
  undeployAgent: {
    api: 'agent-run',
    method: 'DELETE',
    path: '/api/v1/agents/{agentId}/deployment',
    named: ['agentId'],
    takes: [],
    answers: 'json',
  },
  rollBackAgent: {
    api: 'agent-run',
    method: 'POST',
    path: '/api/v1/agents/{agentId}/deployment/rollback',
    named: ['agentId'],
    takes: [],
    answers: 'json',
  },
  putProvider: {
    api: 'agent-run',
    method: 'PUT',
    path: '/api/v1/providers/{providerId}',
    named: ['providerId'],
    takes: ['body'],
    answers: 'json',
  },
  getProvider: {
    api: 'agent-run',
    method: 'GET',
    path: '/api/v1/providers/{providerId}',
    named: ['providerId'],
    takes: [],
    answers: 'json',
  },
  listProviders: {
    api: 'agent-run',
    method: 'GET',
    path: '/api/v1/providers',
    named: [],
    takes: ['query'],
    answers: 'json',
    pages: { items: 'items', next: 'nextCursor', by: 'cursor' },
  },
  getOpenApi: {
    api: 'reference',
    method: 'GET',
    path: '/openapi.json',
    named: [],
    takes: [],
    answers: 'json',
  },
  getDocs: { api: 'reference', method: 'GET', path: '/docs', named: [], takes: [], answers: 'bytes' },
  getDocsFile: {
    api: 'reference',
    method: 'GET',
    path: '/docs/{file}',
    named: ['file'],
    takes: [],
    answers: 'bytes',
  },
};
