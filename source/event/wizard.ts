import type {Dialect} from '../wire/names.ts';

/* What the first start offers: upstreams that were found or that are known, and what is written for those that the user takes. No key's value is in here. */

/** An upstream that can be taken into a first `config.toml`. */
export interface UpstreamOffer {
	/** `codex/NAME`, `login/PRESET` or `preset/NAME`. */
	readonly id: string;
	/** Its name in `config.toml`. */
	readonly name: string;
	readonly title: string;
	/** Where it was found; undefined: it is only known. `codex`: its config.toml; `login`: its auth.json; `environment`: a variable is set. */
	readonly found: 'codex' | 'login' | 'environment' | undefined;
	readonly preset: string | undefined;
	/** Undefined: the preset's own. */
	readonly baseUrl: string | undefined;
	readonly dialect: Dialect | undefined;
	/** The variable that holds its key; undefined: it needs none, or none is named yet. */
	readonly keyVariable: string | undefined;
	/** It works with a key only. */
	readonly needsKey: boolean;
	/** Its key is there: the variable is set, or the client's own file holds it. */
	readonly isKeySet: boolean;
	/** A sentence that one should read before taking it. */
	readonly note: string | undefined;
}

/** An offer that the user takes, with the variable that holds its key. */
export interface TakenUpstream {
	readonly id: string;
	/** Undefined: the offer's own. */
	readonly keyVariable: string | undefined;
}

/** What the wizard shows. */
export interface WizardView {
	/** The file that would be written. */
	readonly path: string;
	/** Found ones first. */
	readonly offers: readonly UpstreamOffer[];
	/** Codex's configuration, which is pointed at us while we run. */
	readonly codexFile: string;
}

/** What a screen holds to set a home up. */
export interface WizardLink {
	/** It was neither done nor skipped before: the screen says that it is there. */
	readonly isOffered: boolean;
	readonly look: () => Promise<WizardView>;
	/** The exact text that would be written. Rejects with a sentence where it cannot be. */
	readonly preview: (taken: readonly TakenUpstream[]) => Promise<string>;
	/** Writes it, only where there is no file. Resolves with the path of the file. */
	readonly write: (taken: readonly TakenUpstream[]) => Promise<string>;
	readonly remember: (answer: {readonly setUp?: 'done' | 'skipped'; readonly switchesCodex?: boolean}) => void;
	/** Starts with what was written: screen and engine begin anew. */
	readonly startAgain: () => void;
}
