import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { MOST_BYTES } from './language/json.ts';
import type { TaskTokens } from './task-tokens.ts';

/** Where the platform answers as Step Functions does. */
export const STATES_PATH = '/_states';

/** Room for an output of the most bytes, each of which JSON may escape. */
const MOST_BODY_BYTES = 8 * MOST_BYTES;
const MOST_ERROR = 256;
const MOST_CAUSE = 32_768;

/** A refusal in the words of Step Functions. */
class StatesRefusal extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const taskToken = z.string().min(1).max(2048);
const ASKED = {
  SendTaskSuccess: z.object({ taskToken, output: z.string() }),
  SendTaskFailure: z.object({
    taskToken,
    error: z.string().max(MOST_ERROR).optional(),
    cause: z.string().max(MOST_CAUSE).optional(),
  }),
  SendTaskHeartbeat: z.object({ taskToken }),
} as const;

/**
 * Takes what comes back with task tokens, from any client of Step Functions' API (JSON 1.0 over HTTP); false for
 * every other request. Whoever has a token may answer with it, as the tokens are all the proof there is.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
 */
export const serveTaskTokens =
  (tokens: TaskTokens) =>
  async (req: IncomingMessage, res: ServerResponse): Promise<boolean> => {
    const [path = ''] = (req.url ?? '').split('?');
    if (path !== STATES_PATH && path !== `${STATES_PATH}/`) return false;
    // A page cannot send this type unasked, and nobody answers its question whether it may.
    const isJson = req.headers['content-type']?.startsWith('application/x-amz-json-1.0') === true;
    if (req.method !== 'POST' || !isJson) {
      res.writeHead(404).end();
      req.resume();
      return true;
    }
    try {
      const body = await readText(req);
      await answer(String(req.headers['x-amz-target']), body, tokens);
      write(res, 200, {});
    } catch (error) {
      if (!(error instanceof StatesRefusal)) throw error;
      write(res, 400, { __type: error.type, message: error.message });
    }
    return true;
  };

function write(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  res.end(JSON.stringify(body));
}

/** What is too long is read off all the same: who still sends hears no answer. */
async function readText(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MOST_BODY_BYTES)
    throw new StatesRefusal('ValidationException', `A request has at most ${MOST_BODY_BYTES} bytes.`);
  return Buffer.concat(chunks).toString();
}

async function answer(target: string, body: string, tokens: TaskTokens): Promise<void> {
  switch (target) {
    case 'AWSStepFunctions.SendTaskSuccess': {
      const asked = read(ASKED.SendTaskSuccess, body);
      const output = parse(asked.output, 'InvalidOutput', 'The output is not JSON');
      if (Buffer.byteLength(asked.output) > MOST_BYTES)
        throw new StatesRefusal('ValidationException', `An output has at most ${MOST_BYTES} bytes.`);
      return expect(tokens, asked.taskToken, tokens.succeed(asked.taskToken, output));
    }
    case 'AWSStepFunctions.SendTaskFailure': {
      const asked = read(ASKED.SendTaskFailure, body);
      return expect(tokens, asked.taskToken, tokens.fail(asked.taskToken, asked.error ?? '', asked.cause));
    }
    case 'AWSStepFunctions.SendTaskHeartbeat': {
      const asked = read(ASKED.SendTaskHeartbeat, body);
      return expect(tokens, asked.taskToken, tokens.heartbeat(asked.taskToken));
    }
    default:
      throw new StatesRefusal(
        'UnknownOperationException',
        `${target} is not answered here: SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat are.`,
      );
  }
}

function parse(text: string, type: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StatesRefusal(type, `${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function read<Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> {
  const result = schema.safeParse(parse(body, 'SerializationException', 'The request is not JSON'));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new StatesRefusal('ValidationException', `${issue?.path.join('.')}: ${issue?.message}`);
}

function expect(tokens: TaskTokens, token: string, isTaken: boolean): void {
  if (isTaken) return;
  switch (tokens.past(token)) {
    case 'over':
      throw new StatesRefusal('TaskTimedOut', 'The task timed out, or was answered before.');
    case 'unknown':
      throw new StatesRefusal(
        'TaskDoesNotExist',
        'No task waits with this token; it may be of another start.',
      );
    case 'malformed':
      throw new StatesRefusal('InvalidToken', 'This is no task token.');
  }
}
