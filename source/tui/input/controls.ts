import type {EngineAction} from '../../event/protocol.ts';
import type {BodyControls} from '../store/body-desk.ts';
import type {DoctorControls} from '../store/doctor-desk.ts';
import type {FileControls} from '../store/file-desk.ts';
import type {SessionControls} from '../store/session-desk.ts';
import type {RouteEditControls} from '../store/route-editor.ts';
import type {SettingsControls} from '../store/settings-desk.ts';
import type {TerminalControls} from '../store/terminal-desk.ts';
import type {WizardControls} from '../store/wizard-desk.ts';
import type {UndoControls} from '../store/undo-desk.ts';
import type {ScreenState} from '../store/screen-state.ts';
import type {RequestView} from '../../event/view.ts';

/** What a request would cost once more at list price and without a cache, in nanodollars; undefined: unknown. Never rejects. */
export type PriceOf = (request: RequestView) => Promise<number | undefined>;

/** What a binding may do beyond changing the state. */
export interface Controls {
	readonly state: () => ScreenState;
	readonly update: (change: (state: ScreenState) => ScreenState) => void;
	/** Sends an action and says `done` when the engine has done it, or why not. */
	readonly act: (action: EngineAction, done: string) => void;
	readonly doctor: DoctorControls;
	readonly routeEditor: RouteEditControls;
	readonly settings: SettingsControls;
	readonly sessions: SessionControls;
	readonly terminal: TerminalControls;
	readonly files: FileControls;
	readonly bodies: BodyControls;
	readonly wizard: WizardControls;
	readonly undo: UndoControls;
	readonly priceOf: PriceOf;
	readonly quit: () => void;
}
