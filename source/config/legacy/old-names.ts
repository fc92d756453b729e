import type {Section} from '../section.ts';
import {noteAt, type OldService} from './old-service.ts';

/* Keys of providers and profiles that were spelt otherwise, or meant what is no more. */

const spellings = [
	['supportedModels', 'supported_models'],
	['modelMapping', 'model_mapping'],
] as const;

const respell = ({editor}: OldService, section: Section): void => {
	for (const [before, today] of spellings) {
		if (section.has(before) && section.has(today)) {
			throw section.error('config-migrate', `stands beside ${today}, which is the same; keep one of them.`, before);
		}

		const table = section.table(before);
		if (table !== undefined) {
			const path = section.path.map(String);
			editor.remove([...path, before]);
			editor.set([...path, today], table.raw());
		}
	}
};

/** Brings the spelling of a service's keys up to date and takes the stations of profiles away, which no longer choose a route. */
export const carryNames = (old: OldService): void => {
	const {service, section, editor} = old;
	for (const [, provider] of section.tables('providers')) {
		respell(old, provider);
		for (const [, endpoint] of provider.tables('endpoints')) {
			respell(old, endpoint);
		}
	}

	for (const [name, profile] of section.tables('profiles')) {
		for (const key of ['station', 'config'].filter(each => profile.has(each))) {
			noteAt(old, profile, [key, 'is left out: the routes choose the provider, a profile no longer does.']);
			editor.remove([service, 'profiles', name, key]);
		}
	}
};
