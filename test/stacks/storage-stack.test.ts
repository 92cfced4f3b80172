import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { TABLE } from '../../lib/adapters/aws/dynamo/table.ts';
import { RETENTION_CLASSES, RETENTION_TAG } from '../../lib/apis/files/file-retention.ts';
import { synthesize } from './synthesize.ts';

const { storage } = synthesize();
const withCors = synthesize({ corsOrigins: ['https://app.example.com'] });

describe('StorageStack: the table', () => {
  it('outlives its stack, and cannot be deleted by mistake', () => {
    storage.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: Match.objectLike({ DeletionProtectionEnabled: true }),
    });
  });

  it('can be brought back to any second, forgets what has expired, and is paid by the request', () => {
    storage.hasResourceProperties('AWS::DynamoDB::Table', {
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: TABLE.ttl, Enabled: true },
      BillingMode: 'PAY_PER_REQUEST',
    });
  });

  it('is encrypted with a key of DynamoDB, which is what a table without a word about it is', () => {
    storage.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: Match.absent() });
  });

  it('has the key and the indexes that the adapters read and write', () => {
    storage.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [
        { AttributeName: TABLE.key.partition, KeyType: 'HASH' },
        { AttributeName: TABLE.key.sort, KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: Object.entries(TABLE.indexes).map(([name, { partition, sort }]) => ({
        IndexName: name,
        KeySchema: [
          { AttributeName: partition, KeyType: 'HASH' },
          { AttributeName: sort, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    });
  });
});

describe('StorageStack: the bucket', () => {
  it('outlives its stack and keeps what was deleted for a month', () => {
    storage.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: Match.objectLike({ VersioningConfiguration: { Status: 'Enabled' } }),
    });
  });

  it('is closed to the public, encrypted, and owned by one account', () => {
    storage.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });

  it('is reached over TLS only, of version 1.2 at least', () => {
    for (const condition of [
      { Bool: { 'aws:SecureTransport': 'false' } },
      { NumericLessThan: { 's3:TlsVersion': 1.2 } },
    ]) {
      storage.hasResourceProperties('AWS::S3::BucketPolicy', {
        PolicyDocument: Match.objectLike({
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: condition }),
          ]),
        }),
      });
    }
  });

  it('forgets temporary objects and unfinished uploads after a day', () => {
    storage.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({
            Prefix: 'temporary/',
            ExpirationInDays: 1,
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
            Status: 'Enabled',
          }),
          Match.objectLike({
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            Status: 'Enabled',
          }),
        ]),
      },
    });
  });

  it('deletes what is tagged when its days are over, with one rule for each number of days', () => {
    storage.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith(
          RETENTION_CLASSES.map((days) =>
            Match.objectLike({
              TagFilters: [{ Key: RETENTION_TAG, Value: String(days) }],
              ExpirationInDays: days,
              NoncurrentVersionExpiration: { NoncurrentDays: 1 },
              Status: 'Enabled',
            }),
          ),
        ),
      },
    });
  });

  it('never expires what is neither temporary nor tagged', () => {
    const [bucket] = Object.values(storage.findResources('AWS::S3::Bucket'));
    const rules = bucket?.Properties.LifecycleConfiguration.Rules as Record<string, unknown>[];

    const expiring = rules.filter(
      ({ ExpirationInDays, TagFilters }) => ExpirationInDays !== undefined && TagFilters === undefined,
    );

    expect(expiring.map(({ Prefix }) => Prefix)).toEqual(['temporary/']);
  });

  it('takes forms from browser pages of the configured origins only', () => {
    storage.hasResourceProperties('AWS::S3::Bucket', { CorsConfiguration: Match.absent() });
    withCors.storage.hasResourceProperties('AWS::S3::Bucket', {
      CorsConfiguration: {
        CorsRules: [
          Match.objectLike({
            AllowedOrigins: ['https://app.example.com'],
            AllowedMethods: ['POST'],
          }),
          Match.objectLike({ AllowedOrigins: ['*'], AllowedMethods: ['GET', 'HEAD'], AllowedHeaders: ['*'] }),
        ],
      },
    });
  });
});

describe('StorageStack', () => {
  it('says how its resources are called', () => {
    storage.hasOutput('TableName', {});
    storage.hasOutput('BucketName', {});
  });
});
