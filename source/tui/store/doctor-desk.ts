import {messageOf} from '../../base/errors.ts';
import {checkGroups, isDeep, type CheckChoice, type CheckResult, type DoctorLink} from '../../event/doctor.ts';
import {wordsOf, type Words} from '../language/words.ts';
import type {ScreenState} from './screen-state.ts';

/** What keys may ask of the doctor. */
export interface DoctorControls {
	readonly run: (choice: CheckChoice) => void;
	/** Does what a result's `repair` asks for, and looks again. */
	readonly repair: (id: string) => void;
}

/** What the desk may do to the screen. */
interface Screen {
	readonly state: () => ScreenState;
	readonly update: (change: (state: ScreenState) => ScreenState) => void;
	readonly say: (text: string, tone: 'ok' | 'warn' | 'error') => void;
}

const severity = {fail: 0, warn: 1, ok: 2, skipped: 3} as const;

/** What is wrong stands first, then the groups in their order. */
const inOrder = (checks: readonly CheckResult[]): readonly CheckResult[] =>
	checks.toSorted(
		(left, right) =>
			severity[left.state] - severity[right.state] ||
			checkGroups.indexOf(left.group) - checkGroups.indexOf(right.group) ||
			(left.id < right.id ? -1 : 1),
	);

const withResult = (checks: readonly CheckResult[], result: CheckResult): readonly CheckResult[] =>
	inOrder([...checks.filter(({id}) => id !== result.id), result]);

/** What somebody should hear of at once: a client that goes elsewhere, a dead port, a missing key (tui.md 6, startup alert). */
const isAlert = ({group, state, id}: CheckResult): boolean =>
	state === 'fail'
		? group === 'engine' || group === 'client' || group === 'keys'
		: state === 'warn' && (id === 'client.codex' || id === 'client.claude');

/** The first frames come before the doctor, whose code takes a tenth of a second to load. */
const startMs = 600;

const rankOf = ({group, state}: CheckResult): number =>
	(group === 'engine' ? 0 : group === 'client' ? 2 : 4) + (state === 'fail' ? 0 : 1);

/** Runs the doctor for the screen: all checks when its page is first shown, those of the start once, and what keys ask for. */
export class DoctorDesk implements DoctorControls {
	readonly #link: DoctorLink | undefined;
	readonly #screen: Screen;
	#hasRun = false;

	constructor(link: DoctorLink | undefined, screen: Screen) {
		this.#link = link;
		this.#screen = screen;
	}

	/** The page is shown: the first time everything is looked at. An alert is answered by it, since it lists what is wrong. */
	show(hasAlerts: boolean): void {
		if (hasAlerts) {
			this.#screen.update(state => ({...state, alerts: []}));
		}

		if (!this.#hasRun) {
			this.run('all');
		}
	}

	/** Looks at what a start depends on, once the first frames are out, and keeps the faults as alerts. */
	start(): void {
		setTimeout(() => void this.#lookAtStart(), startMs).unref();
	}

	readonly run = (choice: CheckChoice): void => {
		this.#hasRun ||= choice === 'all';
		void this.#run(choice);
	};

	readonly repair = (id: string): void => void this.#repair(id);

	async #lookAtStart(): Promise<void> {
		const found: CheckResult[] = [];
		try {
			await this.#link?.run('start', result => found.push(result));
		} catch (error) {
			this.#screen.say(this.#words().startUnchecked(messageOf(error)), 'warn');
		}

		// A client that asks elsewhere is nobody's client; a missing key is one upstream of several.
		const alerts = found.filter(isAlert).toSorted((left, right) => rankOf(left) - rankOf(right));
		if (alerts.length > 0) {
			this.#screen.update(state => ({...state, alerts}));
		}
	}

	async #run(choice: CheckChoice): Promise<void> {
		if (this.#link === undefined) {
			return;
		}

		this.#screen.update(state => ({...state, doctor: {...state.doctor, running: state.doctor.running + 1}}));
		const seen = new Set<string>();
		try {
			await this.#link.run(choice, result => {
				seen.add(result.id);
				this.#screen.update(state => told(state, result));
			});
		} catch (error) {
			this.#screen.say(this.#words().brokeOff(messageOf(error)), 'error');
		}

		this.#screen.update(state => ({
			...state,
			// Of an endpoint that is gone nothing is to be seen; what a paid test found stays until the next one.
			checks: choice === 'all' ? state.checks.filter(({id}) => seen.has(id) || isDeep(id)) : state.checks,
			doctor: {running: state.doctor.running - 1, ranAtMs: state.nowMs},
		}));
	}

	async #repair(id: string): Promise<void> {
		try {
			const done = await this.#link?.repair(id);
			const {said} = wordsOf(this.#screen.state()).doctor;
			this.#screen.say(done === undefined ? this.#words().noDoctor : said(done), done === undefined ? 'warn' : 'ok');
		} catch (error) {
			this.#screen.say(wordsOf(this.#screen.state()).doctor.said(messageOf(error)), 'error');
		}

		await this.#run([id]);
	}

	#words(): Words['doctorKeys'] {
		return wordsOf(this.#screen.state()).doctorKeys;
	}
}

/** The state with one more result; an alert about the same thing goes when it is well. */
const told = (state: ScreenState, result: CheckResult): ScreenState => ({
	...state,
	checks: withResult(state.checks, result),
	alerts: isAlert(result) ? state.alerts : state.alerts.filter(({id}) => id !== result.id),
});
