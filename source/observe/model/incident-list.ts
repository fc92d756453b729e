import type {EngineEvent} from '../../event/catalogue.ts';
import type {IncidentView} from '../../event/view.ts';

/** Incidents that the model keeps. */
const maxIncidents = 200;

const numberOf = ({id}: IncidentView): number => Number(id.slice(id.lastIndexOf('-') + 1));

/** Open ones first, then the newest first: the order of the page. */
const byUrgency = (left: IncidentView, right: IncidentView): number =>
	left.state === right.state
		? right.openedAtMs - left.openedAtMs || numberOf(right) - numberOf(left)
		: left.state === 'open'
			? -1
			: 1;

/** The incidents, open ones first, then the newest first. */
export class IncidentList {
	readonly #incidents: Map<string, IncidentView>;

	constructor(incidents: readonly IncidentView[] = []) {
		this.#incidents = new Map(incidents.map(incident => [incident.id, incident]));
	}

	apply(event: EngineEvent): void {
		if (event.type !== 'incident-opened' && event.type !== 'incident-updated' && event.type !== 'incident-closed') {
			return;
		}

		this.#incidents.set(event.incident.id, event.incident);
		const leastUrgent = this.#incidents.size > maxIncidents ? this.toArray().at(-1) : undefined;
		if (leastUrgent !== undefined) {
			this.#incidents.delete(leastUrgent.id);
		}
	}

	toArray(): IncidentView[] {
		return [...this.#incidents.values()].toSorted(byUrgency);
	}
}
