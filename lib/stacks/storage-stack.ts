import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FileBucket } from '../constructs/storage/file-bucket.ts';
import { RunTable } from '../constructs/storage/run-table.ts';

export interface StorageStackProps extends StackProps {
  readonly corsOrigins: readonly string[];
}

/** What must outlive every deployment: the table and the files. */
export class StorageStack extends Stack {
  readonly table: RunTable;
  readonly files: FileBucket;

  constructor(scope: Construct, id: string, props: StorageStackProps) {
    super(scope, id, props);
    this.table = new RunTable(this, 'Table');
    this.files = new FileBucket(this, 'Files', { corsOrigins: props.corsOrigins });
    new CfnOutput(this, 'TableName', { value: this.table.tableName });
    new CfnOutput(this, 'BucketName', { value: this.files.bucketName });
    new CfnOutput(this, 'Retained', {
      value: `${this.table.tableName}, ${this.files.bucketName}`,
      description: 'Stay when this stack is destroyed; docs/deploy.md says how to delete them for good',
    });
  }
}
