import type {EditLink} from '../../config/edit/edit-link.ts';
import type {SettingsLink} from '../../config/settings-list.ts';
import type {ClientSessionsLink} from '../../event/client-session.ts';
import type {DoctorLink} from '../../event/doctor.ts';
import type {EngineLink} from '../../event/protocol.ts';
import type {WizardLink} from '../../event/wizard.ts';
import type {PriceOf} from '../input/controls.ts';
import type {Language} from '../language/words.ts';
import type {WriteExport} from './file-desk.ts';
import type {LoadCosts} from './request-costs.ts';
import type {CreateModel} from './model-source.ts';
import type {ScreenState} from './screen-state.ts';
import type {TerminalOptions} from './terminal-desk.ts';
import type {LookUsage} from './usage-page.ts';

/** What the store needs from the outside. */
export interface ScreenStoreOptions {
	readonly link: EngineLink;
	readonly createModel: CreateModel;
	/** Undefined: the ledger is not on this machine. */
	readonly lookUsage?: LookUsage | undefined;
	/** Undefined: what requests cost is not known here. */
	readonly loadCosts?: LoadCosts | undefined;
	/** Undefined: prices are not known here. */
	readonly priceOf?: PriceOf | undefined;
	readonly isReadOnly: boolean;
	readonly attached?: ScreenState['attached'];
	readonly columns: number;
	readonly rows: number;
	/** Frames per second at most while nobody scrolls. */
	readonly fps?: number | undefined;
	readonly themeName: string;
	readonly themeNames: readonly string[];
	readonly language: Language;
	readonly now: () => number;
	/** False while the terminal has not taken the last frame: then nothing is published. */
	readonly canPaint: () => boolean;
	readonly onQuit: () => void;
	readonly terminal: TerminalOptions;
	/** Undefined: nothing can be written from here. */
	readonly writeExport?: WriteExport | undefined;
	readonly doctor?: DoctorLink | undefined;
	/** Undefined: the configuration is not on this machine. */
	readonly settingsLink?: SettingsLink | undefined;
	readonly editLink?: EditLink | undefined;
	/** Undefined: the clients' own records are not on this machine, or not to be looked at. */
	readonly sessionsLink?: ClientSessionsLink | undefined;
	/** Undefined: there is nothing to set up. */
	readonly wizard?: WizardLink | undefined;
}
