import { Logger as Powertools } from '@aws-lambda-powertools/logger';
import type { Logger } from '../../apis/platform.ts';

/** Structured lines as CloudWatch Logs Insights reads them. Level by `POWERTOOLS_LOG_LEVEL`. */
export function powertoolsLogger(): Logger {
  const logger = new Powertools({ serviceName: 'runplane' });
  return {
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
  };
}
