import type {EditBar, EditLink} from '../config/edit/edit-link.ts';
import type {Home} from '../config/home.ts';

/** What the file behind a screen is. */
interface EditDeskSource {
	readonly prepared: {readonly home: Home; readonly isDemo: boolean};
	/** The text that stands in the place of `config.toml`, for `--upstream`. */
	readonly configText: string | undefined;
}

/** The providers and routes of a running screen, loaded when they are first edited. */
export const editDeskOf = ({prepared: {home, isDemo}, configText}: EditDeskSource): EditLink => {
	const bar: EditBar | undefined = isDemo ? 'demo' : configText === undefined ? undefined : 'upstream';
	let opening: Promise<EditLink> | undefined;
	const open = async (): Promise<EditLink> => {
		const {RouteFileDesk} = await import('./route-desk.ts');
		return new RouteFileDesk({home, env: process.env, bar, now: () => Date.now()});
	};
	const desk = (): Promise<EditLink> => (opening ??= open());
	return {
		bar,
		read: async () => (await desk()).read(),
		plan: async edit => (await desk()).plan(edit),
		apply: async (edit, stamp) => (await desk()).apply(edit, stamp),
		undo: async () => (await desk()).undo(),
	};
};
