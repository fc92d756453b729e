import {messageOf} from '../../base/errors.ts';
import type {BodyPage, BodyQuestion, EngineLink} from '../../event/protocol.ts';
import {curlText} from '../../observe/curl-text.ts';
import {wordsOf} from '../language/words.ts';
import {mostClipboardBytes} from '../text/clipboard.ts';
import {bodyLines, BodyText, diffLines} from '../text/body-text.ts';
import type {BodyViewer} from './body-viewer.ts';
import type {ScreenState} from './screen-state.ts';
import type {TerminalControls} from './terminal-desk.ts';

/** What keys may ask of bodies. */
export interface BodyControls {
	/** Opens the viewer on a request. */
	readonly open: (requestId: string) => void;
	/** Shows another part or form of it. */
	readonly choose: (change: Partial<Pick<BodyViewer, 'part' | 'form'>>) => void;
	/** Puts a curl command that repeats the request on the clipboard. */
	readonly copyCurl: (requestId: string) => void;
}

interface Screen {
	readonly state: () => ScreenState;
	readonly update: (change: (state: ScreenState) => ScreenState) => void;
	readonly say: (text: string, tone: 'ok' | 'warn' | 'error') => void;
	readonly terminal: Pick<TerminalControls, 'copy'>;
}

/** What is read of one body; the engine keeps no more. */
const mostChars = 2_200_000;

/** Two texts that are too different are not compared for longer. */
const diffMs = 500;

interface Whole {
	readonly text: string;
	readonly page: BodyPage;
}

/** The request before this one in its session, of the same thread where it has one. */
const previousOf = ({requests}: ScreenState, requestId: string): string | undefined => {
	const at = requests.findIndex(row => row.requestId === requestId);
	const own = requests[at];
	return own?.sessionId === undefined
		? undefined
		: requests
				.slice(at + 1)
				.find(row => row.sessionId === own.sessionId && row.threadId === own.threadId && row.kind === own.kind)
				?.requestId;
};

/** Reads bodies page by page while the viewer is open. */
export class BodyDesk implements BodyControls {
	readonly #link: EngineLink;
	readonly #screen: Screen;
	/** Counts what was asked for: the answer to an older question is dropped. */
	#asked = 0;

	constructor(link: EngineLink, screen: Screen) {
		this.#link = link;
		this.#screen = screen;
	}

	readonly open = (requestId: string): void => {
		this.#screen.update(state => ({
			...state,
			isHelpOpen: false,
			viewer: {
				...{page: state.page, requestId, previousId: previousOf(state, requestId), part: 'request', form: 'pretty'},
				...{text: undefined, notice: undefined, top: 0, search: state.viewer?.search ?? ''},
			},
		}));
		void this.#load();
	};

	readonly choose = (change: Partial<Pick<BodyViewer, 'part' | 'form'>>): void => {
		this.#screen.update(state =>
			state.viewer === undefined
				? state
				: {...state, viewer: {...state.viewer, ...change, text: undefined, notice: undefined, top: 0}},
		);
		void this.#load();
	};

	readonly copyCurl = (requestId: string): void => void this.#copyCurl(requestId);

	async #load(): Promise<void> {
		const asked = ++this.#asked;
		const {viewer} = this.#screen.state();
		if (viewer === undefined) {
			return;
		}

		const shown = await this.#read(viewer);
		this.#screen.update(state =>
			asked === this.#asked && state.viewer !== undefined ? {...state, viewer: {...state.viewer, ...shown}} : state,
		);
	}

	async #read(viewer: BodyViewer): Promise<Pick<BodyViewer, 'text' | 'notice'>> {
		const {requestId, part, form} = viewer;
		const {bodies: words} = wordsOf(this.#screen.state());
		try {
			const {text, page} = await this.#whole({type: 'body', requestId, part, form: form === 'raw' ? 'raw' : 'pretty'});
			// A request that is shown at all is whole; its answer may be cut, or on its way.
			const isWhole = part === 'request';
			const notice = isWhole ? undefined : page.isTruncated ? words.truncated : page.isLive ? words.live : undefined;
			if (form === 'diff') {
				return await this.#diff(viewer, text);
			}

			return text === ''
				? {text: new BodyText([]), notice: part === 'answer' ? words.noAnswer : words.empty}
				: {text: new BodyText(bodyLines(text)), notice};
		} catch (error) {
			return {text: new BodyText([]), notice: messageOf(error)};
		}
	}

	async #diff({previousId, part}: BodyViewer, text: string): Promise<Pick<BodyViewer, 'text' | 'notice'>> {
		const {bodies: words} = wordsOf(this.#screen.state());
		if (previousId === undefined) {
			return {text: new BodyText([]), notice: words.noPrevious};
		}

		const before = await this.#whole({type: 'body', requestId: previousId, part, form: 'pretty'});
		const {structuredPatch} = await import('diff');
		const patch = structuredPatch(previousId, '', before.text, text, '', '', {context: 3, timeout: diffMs});
		if (patch === undefined) {
			return {text: new BodyText([]), notice: words.tooDifferent};
		}

		const lines = patch.hunks.flatMap(hunk => [
			`@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
			...hunk.lines,
		]);
		return {text: new BodyText(diffLines(lines)), notice: lines.length === 0 ? words.same : words.against(previousId)};
	}

	/** Every page of a body. Rejects with the engine's reason where there is none. */
	async #whole(question: BodyQuestion): Promise<Whole> {
		let text = '';
		for (;;) {
			const page = await this.#link.ask({...question, from: text.length});
			if ('missing' in page) {
				throw new Error(page.missing);
			}

			text += page.text;
			if (page.text === '' || text.length >= Math.min(page.total, mostChars)) {
				return {text, page};
			}
		}
	}

	async #copyCurl(requestId: string): Promise<void> {
		const {bodies: words} = wordsOf(this.#screen.state());
		try {
			const {text, page} = await this.#whole({type: 'body', requestId, part: 'request', form: 'raw'});
			const {url} = this.#screen.state().engine ?? {};
			const command = page.target && url !== undefined ? curlText(url, page.target, text) : undefined;
			// Half a command ends in the middle of a quotation.
			if (command === undefined || Buffer.byteLength(command) > mostClipboardBytes) {
				this.#screen.say(words.tooLongToCopy(requestId), 'warn');
				return;
			}

			this.#screen.terminal.copy(command, words.theCurl);
		} catch (error) {
			this.#screen.say(messageOf(error), 'error');
		}
	}
}
