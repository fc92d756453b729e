import {RelayError} from '../base/errors.ts';
import {isRecord} from '../base/json.ts';
import type {Home} from '../config/home.ts';
import type {PricedRequest, RequestCost} from '../tui/store/request-costs.ts';

/** A request as the engine tells it. */
export type RequestJson = Readonly<Record<string, unknown>> & Partial<PricedRequest>;

/** The same with its cost, where that is known. */
export type PricedJson = RequestJson & {readonly cost?: RequestCost};

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
export const createCosts =
	(home: Home, env: NodeJS.ProcessEnv) =>
	async (rows: readonly RequestJson[]): Promise<readonly PricedJson[]> => {
		const {createRequestCosts} = await import('./usage-open.ts');
		const costOf = await createRequestCosts(home, {env})();
		return rows.map(row => {
			const {usage, billed, endpointKey, service} = row;
			const cost = costOf({usage, billed, endpointKey, service});
			return cost === undefined ? row : {...row, cost};
		});
	};
