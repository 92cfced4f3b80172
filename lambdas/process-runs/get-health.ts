import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { getHealth } from '../../lib/apis/process-runs/health-contract.ts';

export const handler = lambda(getHealth, corePlatform, async () => ({ status: 'OK' as const }));
