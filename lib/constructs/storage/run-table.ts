import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type IndexName, type KeySchema, TABLE } from '../../adapters/aws/dynamo/table.ts';

const attributes = ({ partition, sort }: KeySchema) => ({
  partitionKey: { name: partition, type: AttributeType.STRING },
  sortKey: { name: sort, type: AttributeType.STRING },
});

/** Exactly the commands that `lib/adapters/aws` sends. */
export const READ_ACTIONS = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];
export const WRITE_ACTIONS = ['dynamodb:DeleteItem', 'dynamodb:PutItem'];

/** The one table, of the shape that `lib/adapters/aws/dynamo/table.ts` describes. */
export class RunTable extends Construct {
  readonly resource: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.resource = new Table(this, 'Resource', {
      ...attributes(TABLE.key),
      timeToLiveAttribute: TABLE.ttl,
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // No word about encryption: a key that DynamoDB owns encrypts as well as one of ours and costs no KMS
      // request. Who must be able to revoke it adds `encryption` here; the table stays.
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const [indexName, schema] of Object.entries(TABLE.indexes)) {
      this.resource.addGlobalSecondaryIndex({
        indexName,
        ...attributes(schema),
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
  }

  get tableName(): string {
    return this.resource.tableName;
  }

  grantRead(grantee: IGrantable): Grant {
    return this.#grant(grantee, READ_ACTIONS);
  }

  grantReadWrite(grantee: IGrantable): Grant {
    return this.#grant(grantee, [...READ_ACTIONS, ...WRITE_ACTIONS]);
  }

  grantQuery(grantee: IGrantable, indexes: readonly IndexName[]): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:Query'],
      resourceArns: indexes.map((index) => `${this.resource.tableArn}/index/${index}`),
    });
  }

  /** Lets a role write the items of one partition. */
  grantWritePartition(grantee: IGrantable, partition: string): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: WRITE_ACTIONS,
      resourceArns: [this.resource.tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [partition] } },
    });
  }

  #grant(grantee: IGrantable, actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.resource.tableArn] });
  }
}
