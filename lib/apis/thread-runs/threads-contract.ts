import * as z from 'zod';
import {
  anyCase,
  define,
  instant,
  message,
  ofProject,
  ofThread,
  PROJECT,
  page,
  paging,
  THREAD,
  THREADS,
} from './wire.ts';

export const ThreadInfo = z
  .object({
    threadId: z.string(),
    createdAt: instant,
    lastActivityAt: instant.nullable(),
    messageCount: z.int(),
    firstMessage: z.string().nullable(),
    lastMessage: z.string().nullable(),
    /** Whether it takes a message now: not while a run of it is active. */
    isActive: z.boolean(),
    projectId: z.uuid(),
  })
  .meta({ id: 'ThreadInfo' });
export type ThreadInfo = z.infer<typeof ThreadInfo>;

export const ThreadMessage = z
  .object({
    messageId: z.string(),
    content: z.string(),
    role: z.enum(['user', 'assistant', 'system']),
    createdAt: instant,
    userId: z.string().nullable(),
    metadata: z.string().nullable(),
  })
  .meta({ id: 'ThreadMessage' });
export type ThreadMessage = z.infer<typeof ThreadMessage>;

export const ThreadDetail = z
  .object({
    thread: ThreadInfo,
    messages: z.array(ThreadMessage),
    projectId: z.uuid(),
    /**
     * Only there when older messages were left out, because an answer has at most 6 MB: they are read with it as
     * `after` of `GET …/messages`.
     */
    nextCursor: z.string().optional(),
  })
  .meta({ id: 'ThreadDetail' });
export type ThreadDetail = z.infer<typeof ThreadDetail>;

export const ThreadMessagePage = z
  .object({ messages: z.array(ThreadMessage), threadId: z.string(), projectId: z.uuid(), ...paging })
  .meta({ id: 'ThreadMessagePage' });

export const ThreadPage = z
  .object({ threads: z.array(ThreadInfo), projectId: z.uuid(), ...paging })
  .meta({ id: 'ThreadPage' });

export const ChatAnswer = z
  .object({
    response: z.string(),
    threadId: z.string(),
    generatedAt: instant,
    userMessage: z.string(),
    isNewThread: z.boolean(),
    projectId: z.uuid(),
    metadata: z.string().nullable(),
    /** Only where it is not `stop`. */
    finishReason: z.string().optional(),
  })
  .meta({ id: 'ChatAnswer' });

export const getThread = define({
  operationId: 'getThread',
  method: 'GET',
  path: THREAD,
  summary: 'Read a thread with its messages, oldest first: all of them, or the newest 5 MB',
  permission: 'workspace.runs.read',
  input: { path: ofThread },
  success: { status: 200, body: ThreadDetail },
  uses: { runsBy: 'parent' },
  failed: 'An error occurred while retrieving the thread',
});

export const listThreadMessages = define({
  operationId: 'listThreadMessages',
  method: 'GET',
  path: `${THREAD}/messages`,
  summary:
    'List the messages of a thread page by page; limit counts questions, which come with their answers',
  permission: 'workspace.runs.read',
  input: { path: ofThread, query: page },
  success: { status: 200, body: ThreadMessagePage },
  uses: { runsBy: 'parent' },
  failed: 'An error occurred while listing the messages',
});

export const listThreads = define({
  operationId: 'listThreads',
  method: 'GET',
  path: THREADS,
  summary: 'List the threads of a project',
  permission: 'workspace.runs.read',
  input: { path: ofProject, query: page },
  success: { status: 200, body: ThreadPage },
  isAlwaysFound: true,
  failed: 'An error occurred while retrieving the threads',
});

export const createThread = define({
  operationId: 'createThread',
  method: 'POST',
  path: THREADS,
  summary: "Create an empty thread with an assistant, or with the project's first one",
  permission: 'workspace.runs.manage',
  input: { path: ofProject, body: anyCase({ agentId: z.string().nullish() }).prefault({}) },
  success: { status: 201, body: ThreadInfo },
  errors: [409],
  isAlwaysFound: true,
  failed: 'An error occurred while creating the thread',
});

export const chat = define({
  operationId: 'chat',
  method: 'POST',
  path: `${PROJECT}/chat`,
  summary: 'Send a message and wait for its answer; without a thread, a new one begins',
  permission: 'workspace.runs.manage',
  input: { path: ofProject, body: anyCase({ message, threadId: z.string().nullish() }) },
  headers: ['Idempotency-Key'],
  success: { status: 200, body: ChatAnswer },
  errors: [502, 503],
  starts: 'thread',
  uses: { files: ['read'] },
  failed: 'An error occurred while processing the chat message',
});
