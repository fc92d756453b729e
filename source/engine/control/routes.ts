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

/** Every path of the control API but the liveness ones and the stream of events. */
export const controlRoutes = (engine: ControlledEngine): readonly ControlRoute[] => {
	const {model, ask} = engine;
	return [
		read('/health', () => engine.health()),
		read('/api/v1/snapshot', () => ask({type: 'snapshot'})),
		read('/api/v1/routes', () => model().routes()),
		read('/api/v1/requests', () => model().requests()),
		read('/api/v1/requests/{id}', request => known(model().request(idOf(request)), 'request', idOf(request))),
		read('/api/v1/requests/{id}/trace', request => {
			known(model().request(idOf(request)), 'request', idOf(request));
			return model().traceOf(idOf(request));
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
			answer: async ({body}) => {
				await engine.act(readAction(body));
				return {done: true};
			},
		})),
	];
};
