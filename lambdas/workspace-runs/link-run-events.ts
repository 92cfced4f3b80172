import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { linkRunEvents } from '../../lib/apis/workspace-runs/contract.ts';
import { linkEvents } from '../../lib/apis/workspace-runs/events/link-events.ts';

export const handler = lambda(linkRunEvents, corePlatform, ({ path, request }, platform) =>
  linkEvents(platform, path, { address: request.address, key: request.header('x-api-key') }),
);
