import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { getHealth as operation } from '../../lib/apis/process-runs/health-contract.ts';

export const getHealth = route(operation, async () => ({ status: 'OK' as const }));

export const handler = toHandler(getHealth, corePlatform);
