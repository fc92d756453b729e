import {chooseFirst} from '../../route/route-plan.ts';
import {decodeRequest, type ClientDialect} from '../../translate/codec/codec.ts';
import {estimateTokens} from '../../translate/codec/messages/count-tokens.ts';
import {TranslationRefusal} from '../../translate/codec/refusal.ts';
import {parseJsonObject, type JsonObject} from '../../wire/json-value.ts';
import {clientLogin} from '../headers.ts';
import type {JourneyEnd} from '../ledger-record.ts';
import {listItems} from './response-items.ts';
import type {Trip} from '../trip.ts';

/*
 * Questions that are answered here: how many tokens a request has where whoever would get it cannot count, and what the response store
 * holds (translation.md 2.12, 4.1). Nobody is asked, nothing is spent.
 */

type Asking = Pick<Trip, 'road' | 'call' | 'journey' | 'routeCall'>;

/** A count of tokens, and the turn that it is the count of. */
interface Count {
	readonly dialect: ClientDialect;
	readonly turnPath: string;
	readonly answer: (tokens: number) => JsonObject;
}

const counts: Readonly<Record<string, Count>> = {
	'/messages/count_tokens': {
		dialect: 'messages',
		turnPath: '/v1/messages',
		answer: tokens => ({input_tokens: tokens}),
	},
	'/responses/input_tokens': {
		dialect: 'responses',
		turnPath: '/v1/responses',
		answer: tokens => ({object: 'response.input_tokens', input_tokens: tokens}),
	},
};

/** The answer to a call that no upstream is asked about; undefined: somebody has to be. */
export const answerLocally = async (trip: Asking): Promise<JourneyEnd | undefined> => {
	const {relative} = trip.call.target;
	if (Object.hasOwn(counts, relative)) {
		return isTurnTranslated(trip, counts[relative]) ? estimateLocally(trip) : undefined;
	}

	return relative.startsWith('/responses/') && trip.call.dialect === undefined ? readStored(trip, relative) : undefined;
};

/** An estimate for a count that nobody else gave; undefined for any other call. */
export const estimateLocally = ({call, journey}: Pick<Asking, 'call' | 'journey'>): JourneyEnd | undefined => {
	const {relative} = call.target;
	const count = Object.hasOwn(counts, relative) ? counts[relative] : undefined;
	const body = count && call.method === 'POST' ? parseJsonObject(call.body?.toString()) : undefined;
	if (!count || !body) {
		return undefined;
	}

	try {
		const {input_tokens: tokens} = estimateTokens(decodeRequest(count.dialect, body).request);
		return send(journey, 200, count.answer(tokens));
	} catch (error) {
		if (!(error instanceof TranslationRefusal)) {
			throw error;
		}

		return send(journey, 400, errorBody(error.message, error.wireCode));
	}
};

/** Whether the turn itself would go to an upstream of another protocol, or to nobody: then nobody else is asked to count it. */
const isTurnTranslated = ({road, call, journey, routeCall}: Asking, count: Count | undefined): boolean => {
	if (!count || call.method !== 'POST') {
		return false;
	}

	const plan = road.router.plan({
		call: {...routeCall, path: count.turnPath, dialect: count.dialect},
		config: journey.config,
		login: clientLogin(journey.exchange),
		brokeOff: new Set(),
	});
	return chooseFirst(plan)?.endpoint.dialect !== count.dialect;
};

const safeId = /^[\w-]{1,200}$/;

/** `GET` and `DELETE /responses/{id}`, `GET /responses/{id}/input_items`. What is not ours is asked of those who keep their own. */
const readStored = async ({road, call, journey}: Asking, relative: string): Promise<JourneyEnd | undefined> => {
	const [, , id = '', rest, more] = relative.split('/');
	const isItems = rest === 'input_items';
	const isRead = call.method === 'GET' && (rest === undefined || isItems);
	const isRemoval = call.method === 'DELETE' && rest === undefined;
	const {memory} = road;
	if (!memory || !safeId.test(id) || more !== undefined || (!isRead && !isRemoval)) {
		return undefined;
	}

	const asker = {call, exchange: journey.exchange};
	if (isRemoval && memory.forget(id, asker)) {
		return send(journey, 200, {id, object: 'response', deleted: true});
	}

	const items = isItems ? await memory.inputOf(id, asker) : undefined;
	const answer = items
		? listItems(id, items, new URLSearchParams(call.query))
		: isRead && !isItems
			? (await memory.read(id, asker))?.response
			: undefined;
	if (answer) {
		return send(journey, 200, answer);
	}

	return memory.isOwn(id, call, journey.config)
		? send(journey, 404, errorBody(`codex-tui: Response with id '${id}' not found.`, undefined))
		: undefined;
};

const errorBody = (message: string, code: string | undefined): JsonObject => ({
	error: {message, type: 'invalid_request_error', param: null, code: code ?? null},
});

const send = ({exchange}: Asking['journey'], status: number, answer: JsonObject): JourneyEnd => {
	const body = Buffer.from(JSON.stringify(answer));
	exchange.response.writeHead(status, {'content-type': 'application/json', 'content-length': body.length});
	exchange.response.end(body);
	return {outcome: status === 200 ? 'success' : 'failed', statusCode: status, ending: undefined};
};
