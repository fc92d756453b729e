import type {EngineEvent} from '../event/catalogue.ts';
import type {IncidentView} from '../event/view.ts';
import {RequestMemory} from './request-memory.ts';
import type {Finding, Rule} from './rule.ts';
import {allRules} from './rules/all-rules.ts';
import {ScopeState} from './scope-state.ts';

/** Closed incidents that are kept in memory. */
export const maxClosedIncidents = 200;

/** An open incident that changes is announced at most this often. */
const announceMs = 1000;

const numberOf = ({id}: IncidentView): number => Number(id.slice(id.lastIndexOf('-') + 1));

/**
 * Turns events into incidents by a table of rules (watch/rules). It lives in the engine's thread, sees every event once and
 * answers with the incident events that follow; it has no clock of its own, does nothing by itself and changes no route.
 */
export class IncidentEngine {
	readonly #rules: readonly Rule[];
	readonly #rulesByEvent = new Map<EngineEvent['type'], Rule[]>();
	readonly #requests = new RequestMemory();
	readonly #states = new Map<string, ScopeState>();
	#closed: IncidentView[] = [];
	#nextNumber = 1;

	constructor(rules: readonly Rule[] = allRules) {
		this.#rules = rules;
		for (const rule of rules) {
			for (const type of rule.looksAt) {
				this.#rulesByEvent.set(type, [...(this.#rulesByEvent.get(type) ?? []), rule]);
			}
		}
	}

	/** Takes in one event; the incident events that it caused are to be announced in this order. */
	observe(event: EngineEvent): EngineEvent[] {
		const caused: EngineEvent[] = [];
		const rules = this.#rulesByEvent.get(event.type);
		if (rules !== undefined) {
			const request = this.#requests.of(event);
			for (const rule of rules) {
				caused.push(...this.#relieve(rule, event));
				for (const finding of rule.findings(event, request)) {
					caused.push(...this.#add(rule, finding, event.atMs));
				}
			}
		}

		this.#requests.apply(event);
		return caused;
	}

	/** Closes what has been quiet for long enough and announces what changed lately. Call it about once a second. */
	tick(nowMs: number): EngineEvent[] {
		return [...this.#states].flatMap(([key, state]) => {
			if (state.incident === undefined) {
				if (state.forget(nowMs)) {
					this.#states.delete(key);
				}

				return [];
			}

			return state.isQuiet(nowMs) ? this.#close(state, nowMs) : this.#update(state, nowMs);
		});
	}

	/** Takes over incidents of an earlier run; their numbers are not given again. */
	restore(incidents: readonly IncidentView[]): void {
		this.#nextNumber = Math.max(this.#nextNumber, ...incidents.map(incident => numberOf(incident) + 1));
		for (const incident of incidents) {
			const rule = this.#rules.find(({id}) => id === incident.rule);
			if (incident.state === 'closed' || rule === undefined) {
				this.#keepClosed(incident);
			} else {
				this.#stateOf(rule, incident.scope).restore(incident);
			}
		}
	}

	/** Open and closed ones, oldest first. */
	list(): IncidentView[] {
		const open = [...this.#states.values()].flatMap(({incident}) => incident ?? []);
		return [...this.#closed, ...open].toSorted((left, right) => numberOf(left) - numberOf(right));
	}

	#stateOf(rule: Rule, scope: string): ScopeState {
		const key = `${rule.id} ${scope}`;
		const state = this.#states.get(key) ?? new ScopeState(rule, scope);
		this.#states.set(key, state);
		return state;
	}

	#add(rule: Rule, finding: Finding, atMs: number): EngineEvent[] {
		const state = this.#stateOf(rule, finding.scope);
		if (state.add(finding, atMs)) {
			return [{type: 'incident-opened', atMs, incident: this.#open(state, atMs)}];
		}

		return this.#update(state, atMs);
	}

	#open(state: ScopeState, atMs: number): IncidentView {
		const evidence = state.evidence();
		const incident: IncidentView = {
			id: `INC-${this.#nextNumber++}`,
			rule: state.rule.id,
			scope: state.scope,
			state: 'open',
			openedAtMs: atMs,
			updatedAtMs: atMs,
			closedAtMs: undefined,
			count: evidence.length,
			evidence,
			...state.rule.words(state.scope),
		};
		state.incident = incident;
		state.announcedAtMs = atMs;
		return incident;
	}

	#update(state: ScopeState, nowMs: number): EngineEvent[] {
		if (state.incident === undefined || !state.isDirty || nowMs - state.announcedAtMs < announceMs) {
			return [];
		}

		state.isDirty = false;
		state.announcedAtMs = nowMs;
		return [{type: 'incident-updated', atMs: nowMs, incident: state.incident}];
	}

	#relieve(rule: Rule, event: EngineEvent): EngineEvent[] {
		if (this.#states.size === 0) {
			return [];
		}

		return [...this.#states.values()]
			.filter(state => state.rule === rule && state.incident !== undefined)
			.filter(state => rule.relieves(event, state.scope) && state.relieve())
			.flatMap(state => this.#close(state, event.atMs));
	}

	#close(state: ScopeState, atMs: number): EngineEvent[] {
		this.#states.delete(`${state.rule.id} ${state.scope}`);
		if (state.incident === undefined) {
			return [];
		}

		const incident: IncidentView = {...state.incident, state: 'closed', closedAtMs: atMs};
		this.#keepClosed(incident);
		return [{type: 'incident-closed', atMs, incident}];
	}

	#keepClosed(incident: IncidentView): void {
		this.#closed = [...this.#closed, incident].slice(-maxClosedIncidents);
	}
}
