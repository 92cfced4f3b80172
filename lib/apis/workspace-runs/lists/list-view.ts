import type { ListRecord } from './list-record.ts';
import type { ValueListSummary } from './lists-contract.ts';

export const toValueList = ({ id, count }: ListRecord): ValueListSummary => ({ name: id, count });
