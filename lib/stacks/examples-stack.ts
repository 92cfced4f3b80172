import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { RUNPLANE_BUCKET } from '../adapters/aws/environment.ts';
import { BUFFERED, PlatformFunction, WORKER } from '../constructs/functions/platform-function.ts';
import { RunMachine } from '../constructs/machines/run-machine.ts';
import type { FileBucket } from '../constructs/storage/file-bucket.ts';

export interface ExamplesStackProps extends StackProps {
  readonly files: FileBucket;
  readonly tracing: boolean;
}

/**
 * Workflows as a user of process runs would bring them: nothing here is known to the platform before it is
 * registered, and nothing of the platform is known here but where its files are.
 */
export class ExamplesStack extends Stack {
  readonly #props: ExamplesStackProps;

  constructor(scope: Construct, id: string, props: ExamplesStackProps) {
    super(scope, id, props);
    this.#props = props;
    this.#process('InvoiceTotals', 'invoice-totals', {
      TotalInvoice: this.#task('TotalInvoice', 'total-invoice', { reads: true, size: WORKER }),
    });
    this.#process('OrderReview', 'order-review', {
      LoadOrder: this.#task('LoadOrder', 'load-order', { reads: true }),
      CheckLine: this.#task('CheckLine', 'check-line'),
      DecideOrder: this.#task('DecideOrder', 'decide-order'),
    });
  }

  #task(id: string, name: string, { reads = false, size = BUFFERED } = {}): PlatformFunction {
    const { files, tracing } = this.#props;
    const fn = new PlatformFunction(this, id, {
      entry: `lambdas/processes/${name}.ts`,
      size,
      environment: reads ? { [RUNPLANE_BUCKET]: files.bucketName } : {},
      logRetention: RetentionDays.ONE_MONTH,
      tracing,
    });
    if (reads) files.grant(fn, ['read']);
    return fn;
  }

  #process(id: string, name: string, tasks: Record<string, PlatformFunction>): void {
    const machine = new RunMachine(this, id, {
      definition: `processes/${name}`,
      tasks,
      isProcess: true,
      logRetention: RetentionDays.ONE_MONTH,
      tracing: this.#props.tracing,
    });
    new CfnOutput(this, `${id}Arn`, { value: machine.machineArn });
  }
}
