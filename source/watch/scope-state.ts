import type {IncidentView} from '../event/view.ts';
import type {Finding, Rule} from './rule.ts';

/** Facts that an incident shows; the newest ones. */
export const maxEvidence = 20;

type Fact = IncidentView['evidence'][number] & {readonly weight: number};

/** What one rule holds about one scope: the facts within its window, and the incident that may have come of them. */
export class ScopeState {
	readonly rule: Rule;
	readonly scope: string;
	incident: IncidentView | undefined;
	/** The incident changed since it was last announced at this time. */
	isDirty = false;
	announcedAtMs = 0;
	#facts: Fact[] = [];
	#reliefs = 0;
	#lastFindingAtMs = 0;

	constructor(rule: Rule, scope: string) {
		this.rule = rule;
		this.scope = scope;
	}

	/** Takes an incident that was open before. */
	restore(incident: IncidentView): void {
		this.incident = incident;
		this.#lastFindingAtMs = incident.updatedAtMs;
		this.#facts = incident.evidence.map(fact => ({...fact, weight: 1}));
	}

	/** Adds a fact; true when the scope has enough of them to open an incident and has none open. */
	add({requestId, text, weight}: Finding, atMs: number): boolean {
		this.#reliefs = 0;
		this.#lastFindingAtMs = atMs;
		this.#facts = [...this.#facts, {atMs, requestId, text, weight}].slice(-maxEvidence);
		if (this.incident !== undefined) {
			this.incident = {...this.incident, updatedAtMs: atMs, count: this.incident.count + 1, evidence: this.evidence()};
			this.isDirty = true;
			return false;
		}

		this.forget(atMs);
		return this.#facts.reduce((sum, fact) => sum + fact.weight, 0) >= this.rule.threshold;
	}

	/** Drops the facts that are older than the window; true when none is left. */
	forget(nowMs: number): boolean {
		this.#facts = this.#facts.filter(({atMs}) => nowMs - atMs < this.rule.windowMs);
		return this.#facts.length === 0;
	}

	/** True when this was the last relief that the rule asks for. */
	relieve(): boolean {
		this.#reliefs++;
		return this.#reliefs >= this.rule.reliefsToClose;
	}

	isQuiet(nowMs: number): boolean {
		return this.rule.quietMs !== undefined && nowMs - this.#lastFindingAtMs >= this.rule.quietMs;
	}

	evidence(): IncidentView['evidence'] {
		return this.#facts.map(({atMs, requestId, text}) => ({atMs, requestId, text}));
	}
}
