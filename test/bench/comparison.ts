import type {RowId} from './rows.ts';
import {compare, withEntrants, type Effort, type Load, type Performance, type Session} from './session.ts';
import {ratios} from './statistics.ts';
import type {Target} from './target.ts';
import type {Absolute, Measured} from './verdict.ts';

type Against = Measured['against'];

/** The values of each target by name, one per instance. */
export class Values {
	readonly #byTarget = new Map<string, number[]>();

	add(target: string, value: number): void {
		this.#byTarget.set(target, [...this.of(target), value]);
	}

	of(target: string): readonly number[] {
		return this.#byTarget.get(target) ?? [];
	}

	/** All targets that have such a value; `direct` has no process, so it has no CPU. */
	absolutes(scenario: string, what: string): Absolute[] {
		return [...this.#byTarget]
			.filter(([, values]) => values.every(Number.isFinite))
			.map(([target, values]) => ({scenario, target, what, values}));
	}

	/** The row as ratios of the subject to a peer, or why there are none. */
	row({
		row,
		against,
		subject,
		peer,
	}: {
		readonly row: RowId;
		readonly against: Against;
		readonly subject: string;
		readonly peer: Target;
	}): Measured {
		const missing = peer.missing();
		return missing === undefined
			? {row, against, values: ratios(this.of(subject), this.of(peer.name))}
			: {row, against, missing};
	}
}

/** Those of the targets that this machine has. */
export const present = (targets: readonly Target[]): Target[] =>
	targets.filter(target => target.missing() === undefined);

/** The subject under a name of its own, so that a peer can also be measured against itself. */
export const asSubject = (target: Target): Target => ({...target, name: `subject ${target.name}`});

/** Does the work once per fresh instance. */
export const eachInstance = async (effort: Effort, work: () => Promise<void>): Promise<void> => {
	for (let instance = 0; instance < effort.instances; instance++) {
		await work();
	}
};

const performanceKeys = [
	'cpuNsPerEvent',
	'eventsPerSecond',
	'framesPerSecond',
	'delayP50Us',
	'delayP99Us',
] as const satisfies readonly (keyof Performance)[];

/** Loads the targets in turns, in fresh processes per instance; gives what was found under each heading. */
export const comparison = async (
	session: Session,
	targets: readonly Target[],
	load: Load,
): Promise<Map<keyof Performance, Values>> => {
	const found = new Map<keyof Performance, Values>();
	await eachInstance(session.effort, async () => {
		await withEntrants(session, {targets: present(targets), bodyBytes: load.bodyBytes}, async entrants => {
			const performances = await compare(session, entrants, load);
			for (const [index, performance] of performances.entries()) {
				for (const key of performanceKeys) {
					const values = found.get(key) ?? new Values();
					values.add(entrants[index]?.name ?? '', performance[key]);
					found.set(key, values);
				}
			}
		});
	});
	return found;
};

/** The values under one heading. */
export const valuesOf = (found: ReadonlyMap<keyof Performance, Values>, key: keyof Performance): Values =>
	found.get(key) ?? new Values();
