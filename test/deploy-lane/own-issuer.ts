import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** Whose tokens are good for a stage, as the options of `docs/deploy.md` say it. */
export interface IssuerOptions {
  tokenIssuer: string;
  tokenAudience: string;
  tokenJwksUri: string;
  tokenOrganizationClaim: string;
}

const BUCKET = 'an-issuer-of-tokens';
const KEYS = 'jwks.json';

/** An OpenID Connect provider of nobody, whose public keys lie in a bucket of the account. */
export const ownIssuer = (endpoint: string): IssuerOptions => ({
  tokenIssuer: 'https://tenant.example.com/',
  tokenAudience: 'https://api.example.com',
  tokenJwksUri: `${endpoint}/${BUCKET}/${KEYS}`,
  tokenOrganizationClaim: 'org_id',
});

/** Publishes new keys and signs with them: somebody who acts for the organisation. */
export async function tokenOfOrganization(options: IssuerOptions, organizationId: string): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'own', alg: 'RS256', use: 'sig' };
  const files = new S3Client({ forcePathStyle: true });
  const Statement = {
    ...{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject' },
    Resource: `arn:aws:s3:::${BUCKET}/*`,
  };
  await files.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await files.send(new DeletePublicAccessBlockCommand({ Bucket: BUCKET }));
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await files.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }));
  const Body = JSON.stringify({ keys: [jwk] });
  await files.send(
    new PutObjectCommand({ Bucket: BUCKET, Key: KEYS, Body, ContentType: 'application/json' }),
  );
  files.destroy();
  return new SignJWT({ [options.tokenOrganizationClaim]: organizationId })
    .setProtectedHeader({ alg: 'RS256', kid: jwk.kid })
    .setIssuer(options.tokenIssuer)
    .setAudience(options.tokenAudience)
    .setSubject('auth0|somebody')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
}
