import { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { nameOf } from './meter.ts';

/** Nobody is called, so anybody may be. */
const NOWHERE = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
} as const;

/** Told of every command that a client sends, by its name, such as `PutObject`. */
type Tell = (command: string) => void;

const unexpected = (command: object): Error =>
  new TypeError(`No journey was known to send ${command.constructor.name}: say here what answers it`);

export type Objects = Map<string, { body: Uint8Array; type: string | undefined }>;

/** An S3 client whose objects are kept in memory. What comes before a GET may take its time. */
export function s3InMemory(objects: Objects, tell: Tell, beforeGet: () => Promise<void>): S3Client {
  return Object.assign(new S3Client(NOWHERE), {
    send: async (command: object) => {
      tell(nameOf(command.constructor.name));
      if (command instanceof PutObjectCommand) {
        const { Key, Body, ContentType } = command.input;
        if (!(Body instanceof Uint8Array)) throw new TypeError('Objects are written whole');
        objects.set(String(Key), { body: Body, type: ContentType });
        return {};
      }
      if (command instanceof GetObjectCommand && command.input.Range === undefined) {
        const key = String(command.input.Key);
        await beforeGet();
        const object = objects.get(key);
        if (object === undefined) throw new NoSuchKey({ $metadata: { httpStatusCode: 404 }, message: key });
        const { body, type } = object;
        return { Body: Readable.from([body]), ContentLength: body.length, ContentType: type };
      }
      throw unexpected(command);
    },
  });
}

/** What an execution was started with. */
export interface Execution {
  machineArn: string;
  name: string;
  input: string;
}

/** A Step Functions client that accepts every start and tells of it; what was started goes on and on. */
export function stepFunctionsInMemory(tell: Tell, start: (execution: Execution) => void): SFNClient {
  return Object.assign(new SFNClient(NOWHERE), {
    send: async (command: object) => {
      tell(nameOf(command.constructor.name));
      if (command instanceof DescribeStateMachineCommand) return { type: 'STANDARD' };
      if (command instanceof DescribeExecutionCommand) return { status: 'RUNNING' };
      if (!(command instanceof StartExecutionCommand)) throw unexpected(command);
      const { stateMachineArn, name, input } = command.input;
      start({ machineArn: String(stateMachineArn), name: String(name), input: String(input) });
      return {};
    },
  });
}
