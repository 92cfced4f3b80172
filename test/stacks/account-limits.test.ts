import { describe, expect, it } from 'vitest';
import { ofType, synthesizeAll } from './whole-stage.ts';

/** What IAM grants an account at first: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const ROLES_OF_ACCOUNT = 1000;
/** Stages that have to fit beside each other. */
const STAGES = 7;

describe('AWS allows 1,000 roles an account: stages side by side', () => {
  const { resources } = synthesizeAll(['test'], {
    alarmEmail: 'ops@example.com',
    cognito: true,
    corsOrigins: ['https://one.example'],
    tracing: true,
    wafRate: 2000,
  });
  const roles = ofType(resources, 'AWS::IAM::Role').length;

  it(`fit ${STAGES} times, with one of them being updated, which makes all of its roles anew`, () => {
    // A role of each function; none would mean that this counts nothing.
    expect(roles).toBeGreaterThan(ofType(resources, 'AWS::Lambda::Function').length - 1);
    expect(roles * (STAGES + 1)).toBeLessThanOrEqual(ROLES_OF_ACCOUNT);
  });
});
