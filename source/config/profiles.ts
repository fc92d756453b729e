import type {Section} from './section.ts';

/*
 * `[S.profiles.NAME]` and `default_profile` (codex-helper.md 1.6): named wishes for model, effort and tier that a session can be given.
 */

/** A profile with what it inherits filled in; undefined leaves the client's field. */
export interface Profile {
	readonly model: string | undefined;
	readonly effort: string | undefined;
	/** As written: what `fast`, `auto` and an empty text mean is settled when it is applied. */
	readonly tier: string | undefined;
}

/** The profiles of one service. */
export interface Profiles {
	/** Binds every session that has no profile of its own, for the eye only (routing.md 13). */
	readonly defaultProfile: string | undefined;
	readonly byName: ReadonlyMap<string, Profile>;
}

/** A configuration without profiles. */
export const noProfiles: Profiles = {defaultProfile: undefined, byName: new Map()};

/**
 * Reads the profiles of a service's section. Throws ConfigError `profile-unknown` for an `extends` or a `default_profile` that names no
 * profile, and `profile-cycle` with the path of names where profiles extend each other in a circle.
 */
export const readProfiles = (service: Section | undefined): Profiles => {
	const sections = new Map(service?.tables('profiles') ?? []);
	const defaultProfile = service?.string('default_profile');
	if (service && defaultProfile !== undefined && !sections.has(defaultProfile)) {
		throw service.error('profile-unknown', unknownSentence(defaultProfile, sections), 'default_profile');
	}

	return {
		defaultProfile,
		byName: new Map([...sections].map(([name, section]) => [name, resolve({section, sections, path: [name]})])),
	};
};

interface Resolving {
	readonly section: Section;
	readonly sections: ReadonlyMap<string, Section>;
	/** The names from the profile that is wanted to this one. */
	readonly path: readonly string[];
}

const resolve = ({section, sections, path}: Resolving): Profile => {
	const parent = section.string('extends');
	const own = {
		model: section.string('model'),
		effort: section.string('reasoning_effort'),
		tier: section.string('service_tier'),
	};
	if (parent === undefined) {
		return own;
	}

	const parentSection = sections.get(parent);
	if (parentSection === undefined) {
		throw section.error('profile-unknown', unknownSentence(parent, sections), 'extends');
	}

	if (path.includes(parent)) {
		throw section.error('profile-cycle', `goes round in a circle: ${[...path, parent].join(' → ')}.`, 'extends');
	}

	const inherited = resolve({section: parentSection, sections, path: [...path, parent]});
	return {
		model: own.model ?? inherited.model,
		effort: own.effort ?? inherited.effort,
		tier: own.tier ?? inherited.tier,
	};
};

const unknownSentence = (name: string, sections: ReadonlyMap<string, Section>): string => {
	const known = [...sections.keys()];
	const list = known.length === 0 ? 'the file has none' : `the file has ${known.join(', ')}`;
	return `is ${JSON.stringify(name)}, but there is no such profile; ${list}.`;
};
