import type {EngineAction, EngineQuery, QueryAnswers} from '../../event/protocol.ts';
import type {ReadModel} from '../../observe/read-model.ts';
import {changes} from './changes.ts';
import {ControlFault, type ControlRequest, type ControlRoute} from './control-route.ts';

/** What of an engine the control API needs. */
export interface ControlledEngine {
	readonly model: () => ReadModel;
	readonly health: () => unknown;
	/** Throws RelayError where the action cannot be done. */
	readonly act: (action: EngineAction) => Promise<void>;
	readonly ask: <Query extends EngineQuery>(query: Query) => QueryAnswers[Query['type']];
	/** The id of the newest event of the stream. */
	readonly lastEventId: () => string;
	readonly version: string;
	/** The paths about routing. */
	readonly more: readonly ControlRoute[];
}

const known = <Value>(value: Value | undefined, what: string, id: string | undefined): Value => {
	if (value === undefined) {
		throw new ControlFault(404, 'unknown-id', `There is no ${what} ${id?.slice(0, 100) ?? ''} (any more).`);
	}

	return value;
};

const read = (path: string, answer: ControlRoute['answer']): ControlRoute => ({method: 'GET', path, answer});

const idOf = ({params}: ControlRequest): string => params['id'] ?? '';

/** `?request=ID` or `?session=ID`; `known=VERSION` saves sending what is unchanged. */
const transcriptQuestion = (query: URLSearchParams): Extract<EngineQuery, {readonly type: 'transcript'}> => {
	const [requestId, sessionId, version] = ['request', 'session', 'known'].map(name => query.get(name) ?? '');
	if (!requestId === !sessionId) {
		throw new ControlFault(400, 'bad-field', 'A transcript needs one of the parameters "request" and "session".');
	}

	if (version && !/^\d{1,15}$/.test(version)) {
		throw new ControlFault(400, 'bad-field', 'The parameter "known" takes the version of a transcript.');
	}

	return {
		type: 'transcript',
		of: requestId ? {requestId} : {sessionId: sessionId ?? ''},
		knownVersion: version ? Number(version) : undefined,
	};
};

const oneOf = <Name extends string>(query: URLSearchParams, name: string, names: readonly [Name, ...Name[]]): Name => {
	const value = query.get(name) ?? names[0];
	const found = names.find(candidate => candidate === value);
	if (found === undefined) {
		throw new ControlFault(400, 'bad-field', `The parameter "${name}" takes ${names.join(' or ')}.`);
	}

	return found;
};

/** `?part=request|answer&form=raw|pretty&from=0`: one page, with the length of the whole. */
const bodyQuestion = (request: ControlRequest): Extract<EngineQuery, {readonly type: 'body'}> => {
	const {query} = request;
	const from = query.get('from') ?? '0';
	if (!/^\d{1,10}$/.test(from)) {
		throw new ControlFault(400, 'bad-field', 'The parameter "from" takes the number of a character.');
	}

	return {
		...{type: 'body', requestId: idOf(request), from: Number(from)},
		part: oneOf(query, 'part', ['request', 'answer']),
		form: oneOf(query, 'form', ['raw', 'pretty']),
	};
};

/** Every path of the control API but the liveness ones and the stream of events. */
export const controlRoutes = (engine: ControlledEngine): readonly ControlRoute[] => {
	const {model, ask} = engine;
	return [
		read('/health', () => engine.health()),
		read('/api/v1/attach', ({mayScreenAct}) => ({version: engine.version, pid: process.pid, may_act: mayScreenAct})),
		// The order counts: what the snapshot settles is in it, and has an id that is not newer than the one that is told.
		read('/api/v1/snapshot', () => ({...ask({type: 'snapshot'}), event_id: engine.lastEventId()})),
		read('/api/v1/brain', () => ask({type: 'brain'})),
		read('/api/v1/transcript', ({query}) => ask(transcriptQuestion(query))),
		read('/api/v1/routes', () => model().routes()),
		read('/api/v1/requests', () => model().requests()),
		read('/api/v1/requests/{id}', request => known(model().request(idOf(request)), 'request', idOf(request))),
		read('/api/v1/requests/{id}/trace', request => {
			known(model().request(idOf(request)), 'request', idOf(request));
			return model().traceOf(idOf(request));
		}),
		read('/api/v1/requests/{id}/body', request => {
			known(model().request(idOf(request)), 'request', idOf(request));
			return ask(bodyQuestion(request));
		}),
		read('/api/v1/sessions', () => model().sessions()),
		read('/api/v1/sessions/{id}', request =>
			known(
				model()
					.sessions()
					.find(({sessionId}) => sessionId === idOf(request)),
				'session',
				idOf(request),
			),
		),
		read('/api/v1/incidents', () => model().incidents()),
		...engine.more,
		...changes.map(({path, read: readAction}): ControlRoute => ({
			method: 'POST',
			path,
			isChange: true,
			answer: async ({body}) => {
				await engine.act(readAction(body));
				return {done: true};
			},
		})),
	];
};
