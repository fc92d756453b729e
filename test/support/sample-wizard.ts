import type {TakenUpstream, UpstreamOffer, WizardLink, WizardView} from '../../source/event/wizard.ts';

const offer = (name: string, change: Partial<UpstreamOffer> = {}): UpstreamOffer => ({
	id: `preset/${name}`,
	name,
	title: name.toUpperCase(),
	found: undefined,
	preset: name,
	baseUrl: undefined,
	dialect: undefined,
	keyVariable: `${name.toUpperCase()}_API_KEY`,
	needsKey: true,
	isKeySet: false,
	note: undefined,
	...change,
});

/** A provider of Codex with its key, one without, a login, and presets. */
export const sampleWizardView: WizardView = {
	path: '/home/me/.codex-tui/config.toml',
	codexFile: '/home/me/.codex/config.toml',
	offers: [
		offer('relay', {
			id: 'codex/relay',
			title: '中转站-东京',
			found: 'codex',
			preset: undefined,
			keyVariable: 'RELAY_KEY',
			isKeySet: true,
		}),
		offer('old-chat', {
			...{id: 'codex/old-chat', title: 'Old chat', found: 'codex', preset: undefined, keyVariable: undefined},
			note: 'Codex also has http_headers for it, which is not carried over: add headers if it needs them.',
		}),
		offer('chatgpt', {
			id: 'login/chatgpt',
			title: 'ChatGPT plan',
			found: 'login',
			keyVariable: undefined,
			needsKey: false,
			isKeySet: true,
		}),
		offer('deepseek', {title: 'DeepSeek'}),
		...Array.from({length: 22}, (_, index) => offer(`preset-${index}`)),
		offer('ollama', {title: 'Ollama', keyVariable: undefined, needsKey: false}),
	],
};

/** A wizard that writes nothing and remembers what it was asked. */
export class FakeWizard implements WizardLink {
	readonly isOffered: boolean;
	readonly calls: string[] = [];
	/** Why nothing can be written. */
	fault: string | undefined;

	constructor(isOffered = true) {
		this.isOffered = isOffered;
	}

	readonly look = (): Promise<WizardView> => Promise.resolve(sampleWizardView);

	readonly preview = (taken: readonly TakenUpstream[]): Promise<string> => {
		const names = taken.map(({id, keyVariable}) => `${id}${keyVariable === undefined ? '' : ` ${keyVariable}`}`);
		return Promise.resolve(
			['# A comment', 'version = 5', ...names, ...Array.from({length: 30}, (_, row) => `line ${row}`)].join('\n'),
		);
	};

	readonly write = (taken: readonly TakenUpstream[]): Promise<string> => {
		this.calls.push(`write ${taken.map(({id}) => id).join(' ')}`);
		return this.fault === undefined ? Promise.resolve(sampleWizardView.path) : Promise.reject(new Error(this.fault));
	};

	readonly remember: WizardLink['remember'] = answer => void this.calls.push(`remember ${JSON.stringify(answer)}`);

	readonly startAgain = (): void => void this.calls.push('start again');
}
