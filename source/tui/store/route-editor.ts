import {messageOf} from '../../base/errors.ts';
import type {ConfigEdit} from '../../config/edit/config-edit.ts';
import type {EditableProvider, EditLink, EditView} from '../../config/edit/edit-link.ts';
import type {Form, FormPreview} from '../forms/form.ts';
import {wordsOf, type Words} from '../language/words.ts';
import {
	editOf,
	nameText,
	providerFormFields,
	providerFormTitle,
	withConsequences,
	type ProviderFormSource,
} from './provider-form.ts';
import type {ScreenState} from './screen-state.ts';
import type {UndoControls} from './undo-desk.ts';

/** What keys may do to providers and routes; `endpointKey` is that of a row of the page Routes. */
export interface RouteEditControls {
	/** Opens a form; `edit-whole` is the provider of an endpoint that has a table of its own. */
	readonly open: (kind: 'add' | 'copy' | 'edit' | 'edit-whole', endpointKey: string | undefined) => void;
	/** Makes a change at once: on or off, a place in the order, a step of a weight. */
	readonly make: (kind: 'toggle' | 'move' | 'weight', endpointKey: string, step: 1 | -1) => void;
	/** Asks, and removes. */
	readonly remove: (endpointKey: string) => void;
	/** Takes the last edit back. */
	readonly undo: () => void;
}

/** What the editor may do to the screen. */
interface Screen {
	readonly state: () => ScreenState;
	readonly update: (change: (state: ScreenState) => ScreenState) => void;
	readonly say: (text: string, tone: 'ok' | 'warn' | 'error') => void;
	readonly undo: Pick<UndoControls, 'remember'>;
}

/** Why nothing can be edited through a link; undefined: it can. */
export const editBarOf = ({editLink}: {readonly editLink?: EditLink | undefined}): ScreenState['editBar'] =>
	editLink === undefined ? 'elsewhere' : editLink.bar;

/** A change that is shown and may be written. */
interface Ready {
	readonly edit: ConfigEdit;
	readonly stamp: string;
}

/** Whose table a row of the page stands in: its endpoint's, where that has one, else its provider's. */
const providerOf = ({providers}: EditView, endpointKey: string, isWhole: boolean): EditableProvider | undefined => {
	const [service, provider, endpoint] = endpointKey.split('/');
	const own = providers.filter(({name}) => name.service === service && name.provider === provider);
	return (
		(isWhole ? undefined : own.find(({name}) => name.endpoint !== undefined && name.endpoint === endpoint)) ??
		own.find(({name}) => name.endpoint === undefined)
	);
};

/** Edits the configuration file: forms with a preview, changes at once, and their undo. One change after the other. */
export class RouteEditor implements RouteEditControls {
	readonly #link: EditLink | undefined;
	readonly #screen: Screen;
	#queue: Promise<void> = Promise.resolve();
	/** The newest preview that was asked for. */
	#asked = 0;
	#ready: Ready | undefined;

	constructor(link: EditLink | undefined, screen: Screen) {
		this.#link = link;
		this.#screen = screen;
	}

	readonly open: RouteEditControls['open'] = (kind, endpointKey) =>
		this.#do(async link => {
			const view = await link.read();
			const from = endpointKey === undefined ? undefined : this.#need(view, endpointKey, kind !== 'edit');
			this.#open({kind: kind === 'edit-whole' ? 'edit' : kind, view, from, words: this.#words()});
		});

	readonly make: RouteEditControls['make'] = (kind, endpointKey, step) =>
		this.#do(async link => {
			const {name, texts} = this.#need(await link.read(), endpointKey, false);
			const edit: ConfigEdit =
				kind === 'toggle' ? {kind: 'enable', name, isEnabled: texts['enabled'] === 'false'} : {kind, name, step};
			const {stamp} = await link.plan(edit);
			this.#done(await link.apply(edit, stamp));
		});

	readonly remove: RouteEditControls['remove'] = endpointKey =>
		this.#do(async link => {
			const {name} = this.#need(await link.read(), endpointKey, false);
			const edit = {kind: 'remove', name, fromRoutes: true} as const;
			const {stamp, diff} = await link.plan(edit);
			const lines = diff.split('\n').filter(line => /^-(?!--)/.test(line)).length;
			const text = this.#words().routeEditor.askRemove(nameText(name), lines);
			const yes = (): void => this.#do(async () => this.#done(await link.apply(edit, stamp)));
			this.#screen.update(state => ({...state, question: {text, yes}}));
		});

	readonly undo = (): void =>
		this.#do(async link => {
			this.#screen.say(this.#undone(await link.undo()), 'ok');
		});

	#words(): Words {
		return wordsOf(this.#screen.state());
	}

	#need(view: EditView, endpointKey: string, isWhole: boolean): EditableProvider {
		const found = providerOf(view, endpointKey, isWhole);
		if (found === undefined) {
			throw new Error(this.#words().routeEditor.notInFile(endpointKey));
		}

		return found;
	}

	#undone(what: string): string {
		const {routeEditor, engine} = this.#words();
		return routeEditor.undone(engine.answer(what));
	}

	#done(what: string): void {
		const {routeEditor, engine} = this.#words();
		const label = engine.answer(what);
		this.#screen.say(routeEditor.done(label), 'ok');
		this.#screen.undo.remember({
			label,
			take: async () => {
				const taken = await this.#link?.undo();
				return taken === undefined ? undefined : this.#undone(taken);
			},
		});
	}

	#do(work: (link: EditLink) => Promise<void>): void {
		this.#queue = this.#after(this.#queue, work);
	}

	async #after(before: Promise<void>, work: (link: EditLink) => Promise<void>): Promise<void> {
		await before;
		try {
			if (this.#link !== undefined) {
				await work(this.#link);
			}
		} catch (error) {
			this.#screen.say(messageOf(error), 'error');
		}
	}

	#open(source: ProviderFormSource): void {
		const form: Form = {
			title: providerFormTitle(source),
			fields: providerFormFields(source),
			...{index: 0, typing: undefined, shows: 'fields', previewTop: 0, preview: undefined},
			onChange: () => this.#change(source),
			onWrite: () => this.#write(source),
		};
		this.#screen.update(state => ({...state, form}));
		this.#change(source);
	}

	#change(source: ProviderFormSource): void {
		const asked = ++this.#asked;
		this.#ready = undefined;
		this.#screen.update(state =>
			state.form === undefined
				? state
				: {...state, form: {...withConsequences(state.form, source), preview: undefined}},
		);
		void this.#show(source, asked);
	}

	/** Where another text was typed meanwhile, what was worked out is about one that nobody wants any more. */
	async #show(source: ProviderFormSource, asked: number): Promise<void> {
		const preview = await this.#preview(source);
		if (asked === this.#asked) {
			this.#ready = preview.ready;
			this.#screen.update(state => (state.form === undefined ? state : {...state, form: {...state.form, preview}}));
		}
	}

	async #preview(source: ProviderFormSource): Promise<FormPreview & {readonly ready?: Ready}> {
		const {form} = this.#screen.state();
		try {
			const edit = form === undefined ? undefined : editOf(form, source);
			if (edit === undefined || this.#link === undefined) {
				return {lines: [], problem: undefined};
			}

			if (edit.kind === 'add' && edit.name.provider === '') {
				return {lines: [], problem: source.words.routeEditor.nameFirst};
			}

			const {stamp, diff, warnings} = await this.#link.plan(edit);
			const told = warnings.map(source.words.engine.problem);
			const lines = [...(diff === '' ? [] : diff.split('\n')), ...told];
			return {lines, problem: undefined, ready: {edit, stamp}};
		} catch (error) {
			return {lines: [], problem: source.words.engine.answer(messageOf(error))};
		}
	}

	#write(source: ProviderFormSource): void {
		const ready = this.#ready;
		if (ready === undefined) {
			return;
		}

		this.#do(async link => {
			try {
				const what = await link.apply(ready.edit, ready.stamp);
				this.#screen.update(state => ({...state, form: undefined}));
				this.#done(what);
			} catch (error) {
				// The file may be another one by now: what is shown is to be what is written.
				this.#change(source);
				throw error;
			}
		});
	}
}
