import {services} from '../../wire/names.ts';
import path from 'node:path';
import type {Config} from '../../config/config.ts';
import type {CredentialContext} from '../../config/credentials.ts';
import type {RouteChild, RouteNode} from '../../config/graph.ts';
import type {ExplainQuestion, ExplainView} from '../../event/explain.ts';
import {accountViews} from '../brain/account-list.ts';
import type {Brain} from '../brain/brain.ts';
import {ControlFault, Fields, type ControlRoute} from './control-route.ts';
import {imaginedRequest} from './imagined-request.ts';

/** What the paths about routing read. */
export interface BrainPages {
	readonly brain: Pick<Brain, 'book' | 'pins' | 'continuity' | 'capabilities' | 'balances'>;
	readonly config: () => Config;
	readonly credentials: CredentialContext;
	readonly explain: (question: ExplainQuestion) => ExplainView;
}

const serviceIn = (query: URLSearchParams): (typeof services)[number] => {
	const name = query.get('service') ?? 'codex';
	const service = services.find(candidate => candidate === name);
	if (service === undefined) {
		throw new ControlFault(400, 'bad-field', 'The parameter "service" takes codex or claude.');
	}

	return service;
};

const textIn = (query: URLSearchParams, name: string): string | undefined => {
	const value = query.get(name);
	return value === null || value === '' ? undefined : value;
};

const whatIfOf = (body: Readonly<Record<string, unknown>>): ExplainQuestion => {
	const fields = new Fields(body);
	return {
		service: fields.choice('service', services) ?? 'codex',
		model: fields.text('model'),
		sessionId: fields.text('session'),
		serviceTier: fields.text('tier'),
		effort: fields.text('effort'),
		request: imaginedRequest(body),
		whatIf: {
			down: fields.texts('down'),
			up: fields.texts('up'),
			inMs: fields.duration('in_ms'),
			withoutPin: fields.flag('without_pin'),
			withoutAffinity: fields.flag('without_affinity'),
		},
	};
};

const nameOf = (child: RouteChild): string => (child.kind === 'node' ? child.node.name : child.name);

/** A route as data: its own fields, with its children by name. */
const nodeView = (node: RouteNode) => {
	const {name, strategy, location, hedgeAfterMs} = node;
	const children =
		node.strategy === 'manual-sticky'
			? [node.target]
			: node.strategy === 'conditional'
				? [node.then, node.default]
				: node.children;
	return {
		...{name, strategy, hedge_after_ms: hedgeAfterMs},
		children: children.map(nameOf),
		weights: 'weights' in node ? node.weights : undefined,
		prefer_tags: node.strategy === 'tag-preferred' ? node.preferTags.map(tags => Object.fromEntries(tags)) : undefined,
		when: node.strategy === 'conditional' ? {...node.when, headers: [...node.when.headers.keys()]} : undefined,
		location: location && `${path.basename(location.path)}:${location.line}`,
	};
};

/** The compiled route graph of each service. */
export const graphView = (config: Config): unknown => ({
	services: Object.values(config.services).map(({service, graph}) => ({
		...{service, entry: graph.entry.name, key: graph.key, last_resort: graph.lastResort},
		affinity_policy: graph.affinity.policy,
		fallback_ttl_ms: graph.affinity.fallbackTtlMs,
		reprobe_preferred_after_ms: graph.affinity.reprobePreferredAfterMs,
		nodes: graph.nodes.map(nodeView),
	})),
});

const read = (where: string, answer: ControlRoute['answer']): ControlRoute => ({method: 'GET', path: where, answer});

/** The paths about routing: what is decided, why, and what the user has changed. */
export const brainRoutes = ({brain, config, credentials, explain}: BrainPages): readonly ControlRoute[] => [
	read('/api/v1/explain', ({query}) =>
		explain({
			service: serviceIn(query),
			requestId: textIn(query, 'request'),
			model: textIn(query, 'model'),
			sessionId: textIn(query, 'session'),
			serviceTier: textIn(query, 'tier'),
			effort: textIn(query, 'effort'),
			request: imaginedRequest({
				...Object.fromEntries([...query].filter(([, value]) => value !== '')),
				headers: query.getAll('header'),
			}),
		}),
	),
	{method: 'POST', path: '/api/v1/what-if', answer: ({body}) => explain(whatIfOf(body))},
	read('/api/v1/graph', () => graphView(config())),
	read('/api/v1/pins', () => ({
		pins: brain.pins.list().map(({service, sessionId, pin}) => ({
			...{service, session: sessionId, endpoint: pin.endpointKey, mode: pin.mode},
			...{set_at_ms: pin.setAtMs, until_ms: pin.untilMs},
		})),
	})),
	read('/api/v1/overrides', () => ({
		overrides: brain.continuity.overrides.list().map(({service, sessionId, model, effort, tier, usedAtMs}) => ({
			...{service, session: sessionId, model, effort, tier, used_at_ms: usedAtMs},
		})),
	})),
	read('/api/v1/actions', () => ({actions: brain.book.health.actions()})),
	read('/api/v1/accounts', () => ({accounts: accountViews(brain.book, credentials)})),
	read('/api/v1/balances', ({query}) => ({balances: brain.balances.snapshots(textIn(query, 'provider'))})),
	read('/api/v1/capabilities', () => ({capabilities: brain.capabilities.list()})),
];
