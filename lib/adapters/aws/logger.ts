import { Logger as Powertools } from '@aws-lambda-powertools/logger';
import { describeError, type Fields } from '../../apis/log/log-lines.ts';
import type { Logger } from '../../apis/log/ports.ts';
import { embeddedMetrics } from './metrics.ts';

/**
 * Structured lines as CloudWatch Logs Insights reads them, level by `POWERTOOLS_LOG_LEVEL`. In a stage, some
 * of them are metrics as well; lines below the level are neither.
 */
export function powertoolsLogger(stage?: string): Logger {
  const logger = new Powertools({
    serviceName: 'runplane',
    ...(stage === undefined ? {} : { persistentKeys: { stage } }),
  });
  const line =
    (level: keyof Logger): Logger['info'] =>
    (message, fields = {}) => {
      const metrics = stage === undefined ? {} : embeddedMetrics(message, fields, Date.now());
      logger[level](message, { ...describeErrors(fields), ...metrics });
    };
  return { info: line('info'), warn: line('warn'), error: line('error') };
}

/** Powertools itself would write an error with every member that it has. */
const describeErrors = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? describeError(value) : value,
    ]),
  );
