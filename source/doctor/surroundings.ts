import type {Home} from '../config/home.ts';

/** What the terminal can do, as far as it tells. */
export interface TerminalFacts {
	readonly isTerminal: boolean;
	/** `TERM`. */
	readonly name: string;
	/** 0, 4, 8 or 24 bits of colour. */
	readonly colourBits: number;
	readonly isUtf8: boolean;
	readonly columns: number;
	readonly rows: number;
}

/** Where a running engine listens; origins without a path. */
export interface EngineAddresses {
	readonly url?: string | undefined;
	readonly claudeUrl?: string | undefined;
	readonly controlUrl?: string | undefined;
}

/** The world that the doctor looks at. */
export interface DoctorSurroundings {
	readonly env: NodeJS.ProcessEnv;
	/** Its paths; the folder may be missing. */
	readonly home: Home;
	readonly codexHome: string;
	readonly claudeHome: string;
	/** The folder that a client would be started in: its settings count too. */
	readonly folder: string;
	/** The embedded upstreams serve: there is no file to check, and no client is pointed at them. */
	readonly isDemo: boolean;
	/** Version of this program. */
	readonly version: string;
	/** As it is now: a window changes its size. */
	readonly terminal: () => TerminalFacts;
	/** What is wrong with the theme files, one sentence each. */
	readonly themeProblems?: (() => readonly string[]) | undefined;
	/** What is wrong with keys.json, one sentence each. */
	readonly keyProblems?: (() => Promise<readonly string[]>) | undefined;
	/** The engine of this very process; undefined: that of the home's lock file, if one runs. */
	readonly addresses?: EngineAddresses | undefined;
	/** The engine has an environment of its own, as that of an attached screen: a variable that is missing here may be set there. So has that of the home's lock file. */
	readonly isEngineElsewhere?: boolean | undefined;
	/** Codex was pointed at us, or given back, by a repair. */
	readonly onSwitch?: ((isOn: boolean) => void) | undefined;
	readonly clocks?: Partial<DoctorClocks> | undefined;
}

/** How long is waited, in milliseconds. */
export interface DoctorClocks {
	readonly dnsMs: number;
	readonly tcpMs: number;
	readonly tlsMs: number;
	readonly authMs: number;
	/** All steps to one provider together. */
	readonly providerMs: number;
	/** A deep check of one provider: its accounts side by side, to the last byte. */
	readonly deepMs: number;
	/** `codex --version` and the like. */
	readonly versionMs: number;
}

/** The doctor's clocks. */
export const doctorClocks: DoctorClocks = {
	dnsMs: 3000,
	tcpMs: 3000,
	tlsMs: 5000,
	authMs: 10_000,
	providerMs: 12_000,
	deepMs: 60_000,
	versionMs: 5000,
};

/** How many checks run at once. */
export const checksAtOnce = 8;
