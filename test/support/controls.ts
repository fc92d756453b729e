import type {EngineAction} from '../../source/event/protocol.ts';
import type {Controls} from '../../source/tui/input/controls.ts';
import type {ScreenState} from '../../source/tui/store/screen-state.ts';

/** Controls that only write down what was asked of them, beside a state that they do change. */
export interface RecordedControls extends Controls {
	readonly calls: string[];
	readonly actions: EngineAction[];
	/** What is kept for the next start. */
	readonly kept: string[];
}

const recordEdits = (calls: string[]): Controls['routeEditor'] => ({
	open: kind => void calls.push(`open ${kind}`),
	make: (kind, _, step) => void calls.push(`make ${kind} ${step}`),
	remove: key => void calls.push(`remove ${key}`),
	undo: () => void calls.push('undo edit'),
});

const recordUndo = (calls: string[]): Controls['undo'] => ({
	remember: ({label}) => void calls.push(`remember ${label}`),
	undo: count => void calls.push(`undo ${count}`),
});

/** Controls over a state of a test. */
export const recordControls = (start: ScreenState): RecordedControls => {
	let state = start;
	const [calls, kept]: readonly [string[], string[]] = [[], []];
	const actions: EngineAction[] = [];
	return {
		...{calls, kept},
		actions,
		state: () => state,
		update: change => {
			state = change(state);
		},
		act: action => void actions.push(action),
		doctor: {run: choice => void calls.push(`run ${String(choice)}`), repair: id => void calls.push(`repair ${id}`)},
		routeEditor: recordEdits(calls),
		settings: {
			plan: (key, value) => void calls.push(`plan ${key} ${value}`),
			apply: ({key, value}) => void calls.push(`apply ${key} ${value}`),
		},
		sessions: {
			change: ({actions: all, done}) => {
				actions.push(...all);
				calls.push(`change ${done}`);
			},
		},
		terminal: {
			copy: text => void calls.push(`copy ${text}`),
			keep: (name, text) => void kept.push(`${name} ${text}`),
			edit: ({path, line}) => void calls.push(`edit ${path} ${line ?? ''}`.trim()),
			suspend: () => void calls.push('suspend'),
			cycleTheme: () => void calls.push('theme'),
			useTheme: name => void calls.push(`theme ${name}`),
			chooseTheme: name => void calls.push(`choose theme ${name}`),
			useLanguage: language => void calls.push(`language ${language}`),
			chooseLanguage: language => void calls.push(`choose language ${language}`),
			cycleLanguage: () => void calls.push('language'),
			...{toggleMouse: () => void calls.push('mouse'), redraw: () => void calls.push('redraw')},
		},
		priceOf: async ({usage}) => usage?.inputTokens && usage.inputTokens * 5000,
		undo: recordUndo(calls),
		bodies: {
			open: id => void calls.push(`body ${id}`),
			choose: change => void calls.push(`choose ${Object.values(change).join(' ')}`),
			copyCurl: id => void calls.push(`curl ${id}`),
		},
		files: {
			exportList: (name, form) => void calls.push(`export ${name} ${form}`),
			exportTranscript: () => void calls.push('export transcript'),
		},
		wizard: {
			open: () => void calls.push('open wizard'),
			preview: () => void calls.push('preview'),
			write: () => void calls.push('write'),
			close: () => void calls.push('close wizard'),
			startAgain: () => void calls.push('start again'),
		},
		quit: () => void calls.push('quit'),
	};
};
