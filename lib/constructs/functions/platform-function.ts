import { AssetHashType, DockerImage, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type AssetCode,
  Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { buildSync } from 'esbuild';
import { MEMORY_MB } from '../../apis/cost/function-memory.ts';
import type { ShippedFiles } from '../../apis/operation/operation.ts';
import { acknowledgeXray } from '../acknowledge.ts';
import { bundleOptions, copyFiles, ROOT } from './bundle.ts';

export interface FunctionSize {
  /** In MB. A function has one whole processor at 1,769 and a share of it below. */
  readonly memorySize: number;
  readonly timeout: Duration;
}

/** A start is all processor, and a caller waits for it. The gateway waits 29 s for the answer. */
export const BUFFERED: FunctionSize = { memorySize: MEMORY_MB.buffered, timeout: Duration.seconds(29) };
/**
 * Reads whole workbooks while a caller waits, which a share of a processor does not end in the gateway's 29 s:
 * two workbooks of half a million rows and their difference take some 20 s of a whole one. Making another file of
 * one takes some ten, and is sent as a stream is, for as long.
 */
export const COMPUTING: FunctionSize = { memorySize: MEMORY_MB.computing, timeout: BUFFERED.timeout };
/** Streams wait far more than they work, and are paid for all the while. */
export const STREAMING: FunctionSize = { memorySize: MEMORY_MB.streaming, timeout: Duration.minutes(15) };
/**
 * Waits for a model as a stream does. It reads a megabyte of packages first, which takes half a second longer
 * than at 512 MB, once for each cold start; every run would pay twice for its ten seconds of waiting. An Express
 * execution ends after five minutes; a stream may go on for fifteen.
 */
export const ANSWERING: FunctionSize = { memorySize: MEMORY_MB.answering, timeout: Duration.minutes(15) };
/** Work on a workbook is all processor: a whole one costs the same as a share of it, and ends sooner. */
export const WORKER: FunctionSize = { memorySize: MEMORY_MB.worker, timeout: Duration.minutes(15) };
/** Looks after all due runs for most of a minute, each with a few calls that may have to be repeated. */
export const CARETAKER: FunctionSize = { memorySize: MEMORY_MB.caretaker, timeout: Duration.minutes(5) };

export interface PlatformFunctionProps {
  /** The file that exports `handler`, relative to the repository's root. */
  readonly entry: string;
  readonly ships?: ShippedFiles | undefined;
  readonly size: FunctionSize;
  readonly environment: Record<string, string>;
  readonly logRetention: RetentionDays;
  readonly tracing: boolean;
}

/** One Lambda function with a role and a log of its own, and no right that it was not granted. */
export class PlatformFunction extends Construct implements IGrantable {
  readonly resource: LambdaFunction;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: PlatformFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      // What a log is worth ends with its retention anyway; a removed stage leaves nothing behind.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Lambda's managed policy would let the function write every log of the account.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    this.grantPrincipal = role;
    this.resource = new LambdaFunction(this, 'Resource', {
      code: bundle(props),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      ...props.size,
      environment: props.environment,
      role,
      logGroup,
      tracing: props.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
    });
    if (props.tracing) acknowledgeXray(role);
  }

  get functionArn(): string {
    return this.resource.functionArn;
  }

  /** Lets a role call this very function, without its versions. */
  grantInvoke(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [this.functionArn],
    });
  }
}

/**
 * A function's code, bundled here and now by esbuild. `NodejsFunction` would do so through esbuild's command
 * line with a single output file, which leaves no way to keep what is loaded on demand out of the start.
 */
const bundle = ({ entry, ships }: Pick<PlatformFunctionProps, 'entry' | 'ships'>): AssetCode =>
  Code.fromAsset(ROOT, {
    // The same code is the same asset, whatever else of the repository has changed.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      command: [entry], // CDK tells bundles of one folder from each other by this
      image: DockerImage.fromRegistry('never-used'),
      local: {
        tryBundle: (outdir) => {
          buildSync(bundleOptions(entry, outdir));
          if (ships !== undefined) copyFiles(ships, outdir);
          return true;
        },
      },
    },
  });
