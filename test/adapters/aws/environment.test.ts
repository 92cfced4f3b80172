import { describe, expect, it } from 'vitest';
import {
  coreEnvironment,
  executorEnvironment,
  filesEnvironment,
} from '../../../lib/adapters/aws/environment.ts';

describe('the environment', () => {
  it('names the variable that is missing', () => {
    expect(() => coreEnvironment({})).toThrow(/RUNPLANE_TABLE/);
    expect(() => filesEnvironment({ RUNPLANE_TABLE: 'table' })).toThrow(/RUNPLANE_BUCKET/);
    expect(() => executorEnvironment({})).toThrow(/RUNPLANE_DOCUMENT_MACHINE/);
  });

  it('names every variable that is wrong', () => {
    expect(() => coreEnvironment({ RUNPLANE_TABLE: '', RUNPLANE_REQUEST_BYTES: 'many' })).toThrow(
      /RUNPLANE_TABLE.*RUNPLANE_REQUEST_BYTES/,
    );
    expect(() => executorEnvironment({ RUNPLANE_DOCUMENT_MACHINE: 'document-run' })).toThrow(
      /RUNPLANE_DOCUMENT_MACHINE/,
    );
  });

  it('has a default for what need not be set', () => {
    expect(coreEnvironment({ RUNPLANE_TABLE: 'table' })).toEqual({
      RUNPLANE_TABLE: 'table',
      RUNPLANE_REQUEST_BYTES: 4 * 1024 * 1024,
      RUNPLANE_CORS_ORIGINS: [],
    });
    expect(coreEnvironment({ RUNPLANE_TABLE: 'table', RUNPLANE_REQUEST_BYTES: '1000' })).toMatchObject({
      RUNPLANE_REQUEST_BYTES: 1000,
    });
  });
});
