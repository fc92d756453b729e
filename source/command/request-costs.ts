import {RelayError} from '../base/errors.ts';
import {isRecord} from '../base/json.ts';
import type {Home} from '../config/home.ts';
import type {CostOf, PricedRequest, RequestCost} from '../tui/store/request-costs.ts';
import {formatLeast} from '../tui/panes/usage-format.ts';

/** A request as the engine tells it. */
export type RequestJson = Readonly<Record<string, unknown>> & Partial<PricedRequest>;

const isPart = (value: unknown): boolean => value === undefined || isRecord(value);

/** Whether a value is a request's row; its own engine wrote it, so that a look at the parts is enough. */
export const isRequest = (value: unknown): value is RequestJson =>
	isRecord(value) && isPart(value['usage']) && isPart(value['billed']);

/** Throws RelayError `engine-answer` for what is no list of requests. */
export const requestsOf = (answer: unknown): readonly RequestJson[] => {
	if (!Array.isArray(answer) || !answer.every(row => isRequest(row))) {
		throw new RelayError('engine-answer', "The engine's answer is no list of requests; is it of another version?");
	}

	return answer;
};

/** Puts costs to requests with the prices of this home; what nobody knows the price of has none. */
export const createCosts = (home: Home, env: NodeJS.ProcessEnv) => {
	const load = async (): Promise<CostOf> => {
		const {createRequestCosts} = await import('./usage-open.ts');
		return createRequestCosts(home, {env})();
	};
	return async <Row extends RequestJson>(rows: readonly Row[]): Promise<ReadonlyArray<Row & {cost?: RequestCost}>> => {
		const costOf = await load();
		return rows.map(row => {
			const {usage, billed, endpointKey, service} = row;
			const cost = costOf({usage, billed, endpointKey, service});
			return cost === undefined ? row : {...row, cost};
		});
	};
};

/** `$0.03`, `$0.03+` where that is the least that it was; empty where it is not known. */
export const costText = ({cost}: {readonly cost?: RequestCost}): string =>
	cost === undefined ? '' : formatLeast(cost.nanoUsd, cost.isPartial);
