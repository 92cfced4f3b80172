import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  HttpMethods,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { RETENTION_CLASSES, RETENTION_TAG } from '../../apis/files/file-retention.ts';
import type { FileRight } from '../../apis/operation/operation.ts';
import { acknowledge, acknowledgeWildcard } from '../acknowledge.ts';
import type { PlatformFunction } from '../functions/platform-function.ts';

/** Where uploads wait to become documents. What nobody completes is gone after a day. */
const TEMPORARY = 'temporary/';

export interface FileBucketProps {
  /** Origins whose pages may post presigned forms and follow presigned downloads. */
  readonly corsOrigins: readonly string[];
}

/** What each right comes to. HEAD is a GetObject, and a copy reads one object and puts another. */
const RIGHTS: Record<FileRight, { actions: string[]; under: string }> = {
  read: { actions: ['s3:GetObject'], under: '' },
  // What is to be deleted after some days is tagged as it is written.
  write: { actions: ['s3:PutObject', 's3:PutObjectTagging'], under: '' },
  upload: { actions: ['s3:PutObject'], under: TEMPORARY },
  remove: { actions: ['s3:DeleteObject'], under: '' },
};

/** Contents of documents, outputs and reports. */
export class FileBucket extends Construct {
  readonly resource: Bucket;
  /** As other stacks know it. */
  readonly #arn: string;

  constructor(scope: Construct, id: string, props: FileBucketProps) {
    super(scope, id);
    const day = Duration.days(1);
    this.resource = new Bucket(this, 'Resource', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      encryption: BucketEncryption.S3_MANAGED,
      // Objects are written once under names of their own, so versions cost next to nothing; they give 30
      // days to undo a deletion, for which the table's recovery would otherwise have no counterpart.
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { id: 'temporary', prefix: TEMPORARY, expiration: day, noncurrentVersionExpiration: day },
        { id: 'deleted', noncurrentVersionExpiration: Duration.days(30), expiredObjectDeleteMarker: true },
        { id: 'incomplete', abortIncompleteMultipartUploadAfter: day },
        // Retention means it: what a workspace wanted gone is not kept for another month.
        ...RETENTION_CLASSES.map((days) => ({
          id: `${RETENTION_TAG}-${days}`,
          tagFilters: { [RETENTION_TAG]: String(days) },
          expiration: Duration.days(days),
          noncurrentVersionExpiration: day,
        })),
      ],
      cors:
        props.corsOrigins.length === 0
          ? []
          : [
              {
                allowedOrigins: [...props.corsOrigins],
                allowedMethods: [HttpMethods.POST],
                allowedHeaders: ['*'],
                maxAge: 3600,
              },
              // Behind the redirect of a download, a browser calls every origin `null`; its link is what lets it in.
              {
                allowedOrigins: ['*'],
                allowedMethods: [HttpMethods.GET, HttpMethods.HEAD],
                allowedHeaders: ['*'],
                exposedHeaders: ['Accept-Ranges', 'Content-Disposition', 'Content-Range', 'ETag'],
                maxAge: 3600,
              },
            ],
    });
    this.#arn = Stack.of(this).exportValue(this.resource.bucketArn);
    acknowledge(
      this,
      'S1',
      'Objects are only reached through the API, which keeps an access log, and through presigned URLs that it issues and logs',
    );
  }

  get bucketName(): string {
    return this.resource.bucketName;
  }

  grant(grantee: PlatformFunction, rights: readonly FileRight[]): void {
    for (const right of rights) {
      const { actions, under } = RIGHTS[right];
      const objects = `${this.#arn}/${under}*`;
      Grant.addToPrincipal({ grantee, actions, resourceArns: [objects] });
      acknowledgeWildcard(grantee, objects, 'Objects are named by ids that are made at run time');
    }
    if (rights.includes('read')) {
      // Without it S3 answers 403 for an object that does not exist, and 404 could not be told from a fault.
      Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.#arn] });
    }
  }
}
