import { spawnSync } from 'node:child_process';
import { programOf } from './python.ts';

/** Holds the committed description against the OpenAPI specification's own schema. */
export const validateDescription = (): boolean =>
  spawnSync(programOf('openapi-spec-validator'), ['docs/openapi.json'], { stdio: 'inherit' }).status === 0;
