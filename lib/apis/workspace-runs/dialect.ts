export { problemDetails as dialect } from '../operation/problem-details.ts';
