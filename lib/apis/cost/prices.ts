/**
 * What AWS meters of a run, and its list price in us-east-1 in US dollars per unit: the first tier, without
 * free tiers, discounts and taxes, as the services' pricing pages had it in November 2026
 * (https://aws.amazon.com/<service>/pricing/). Other regions differ. What models charge stands in
 * `lib/agents/prices.ts`.
 */
export const LIST_PRICES = {
  /** API Gateway, REST API: $3.50 a million. */
  api_requests: 3.5e-6,
  /** Lambda: $0.20 a million. */
  lambda_requests: 0.2e-6,
  /** Lambda on arm64. */
  lambda_gb_seconds: 0.0000133334,
  /** Step Functions, Standard: $25 a million. */
  step_functions_transitions: 25e-6,
  /** Step Functions, Express: $1 a million. */
  step_functions_express_requests: 1e-6,
  step_functions_express_gb_seconds: 0.00001667,
  /** DynamoDB on demand: $0.625 a million writes of up to 1 KB, $0.125 a million reads of up to 4 KB. */
  dynamodb_write_units: 0.625e-6,
  dynamodb_read_units: 0.125e-6,
  /** S3 Standard: $5 a million PUT, $0.40 a million GET. */
  s3_puts: 5e-6,
  s3_gets: 0.4e-6,
} as const;

export type Unit = keyof typeof LIST_PRICES;

/** How much of each unit was used; none of what is not there. */
export type Usage = Partial<Record<Unit, number>>;
