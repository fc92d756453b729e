import type {EngineAction, EngineQuery} from '../event/protocol.ts';

/* The protocol between engine and screen as paths of the control API; engine/control/ reads them back. */

/** A change over the control API. */
export interface ControlChange {
	readonly path: string;
	readonly body: Readonly<Record<string, unknown>>;
}

type ActionOf<Type extends EngineAction['type']> = Extract<EngineAction, {readonly type: Type}>;

const overrideBody = ({service, sessionId, fields, profile}: ActionOf<'override'>): ControlChange['body'] => ({
	...{service, session: sessionId, profile},
	...fields,
});

const coolBody = ({endpointKey, account, model, untilMs, reason}: ActionOf<'cool-down'>): ControlChange['body'] => ({
	...{action: 'cool', endpoint: endpointKey, account, model, until_ms: untilMs, reason},
});

/** The change that asks an engine for an action. */
export const changeOf = (action: EngineAction): ControlChange => {
	switch (action.type) {
		case 'pin': {
			const {service, sessionId, endpointKey, mode, untilMs} = action;
			return {path: '/api/v1/pin', body: {service, session: sessionId, endpoint: endpointKey, mode, until_ms: untilMs}};
		}

		case 'unpin': {
			const {service, sessionId} = action;
			return {path: '/api/v1/pin', body: {service, session: sessionId, endpoint: null}};
		}

		case 'override': {
			return {path: '/api/v1/overrides', body: overrideBody(action)};
		}

		case 'account': {
			const {service, provider, account, isPaused} = action;
			return {path: '/api/v1/accounts', body: {service, provider, account, action: isPaused ? 'pause' : 'resume'}};
		}

		case 'dismiss': {
			const {endpointKey, account} = action;
			return {path: '/api/v1/actions', body: {action: 'dismiss', endpoint: endpointKey, account}};
		}

		case 'extend': {
			const {endpointKey, account, untilMs} = action;
			return {path: '/api/v1/actions', body: {action: 'extend', endpoint: endpointKey, account, until_ms: untilMs}};
		}

		case 'cool-down': {
			return {path: '/api/v1/actions', body: coolBody(action)};
		}

		case 'forget-capabilities': {
			const {endpointKey, model, need} = action;
			return {path: '/api/v1/capabilities', body: {forget: {endpoint: endpointKey, model, need}}};
		}

		case 'refresh-balances': {
			return {path: '/api/v1/balances', body: {provider: action.provider}};
		}

		case 'move-request': {
			return {path: '/api/v1/move', body: {request: action.requestId, to: action.to}};
		}

		case 'replay-request': {
			return {path: '/api/v1/replay', body: {request: action.requestId, to: action.to}};
		}

		case 'reload-config': {
			return {path: '/api/v1/reload', body: {}};
		}
	}
};

const withQuery = (path: string, values: Readonly<Record<string, string | number | undefined>>): string => {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(values)) {
		if (value !== undefined) {
			query.set(name, String(value));
		}
	}

	return query.size === 0 ? path : `${path}?${query.toString()}`;
};

/** How an engine is asked: a path to read, with a body where the question does not fit into one. */
export const questionOf = (query: EngineQuery): {readonly path: string; readonly body?: ControlChange['body']} => {
	switch (query.type) {
		case 'snapshot':
		case 'brain': {
			return {path: `/api/v1/${query.type}`};
		}

		case 'transcript': {
			const {of, knownVersion} = query;
			const which = 'requestId' in of ? {request: of.requestId} : {session: of.sessionId};
			return {path: withQuery('/api/v1/transcript', {...which, known: knownVersion})};
		}

		case 'body': {
			const {requestId, part, form, from} = query;
			return {path: withQuery(`/api/v1/requests/${encodeURIComponent(requestId)}/body`, {part, form, from})};
		}

		case 'explain': {
			const {service, requestId, model, sessionId, serviceTier, effort, request, whatIf} = query.question;
			const asked = {service, model, session: sessionId, tier: serviceTier, effort};
			return whatIf === undefined && request === undefined
				? {path: withQuery('/api/v1/explain', {...asked, request: requestId})}
				: {
						path: '/api/v1/what-if',
						body: {
							...asked,
							...request,
							headers: request?.headers && Object.entries(request.headers).map(([name, value]) => `${name}=${value}`),
							down: whatIf?.down,
							up: whatIf?.up,
							in_ms: whatIf?.inMs,
							without_pin: whatIf?.withoutPin,
							without_affinity: whatIf?.withoutAffinity,
						},
					};
		}
	}
};
